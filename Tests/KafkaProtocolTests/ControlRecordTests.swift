import KafkaProtocol
import Testing

@Suite("Control records")
struct ControlRecordTests {
    private func parse(_ batch: [UInt8]) throws -> ControlRecord {
        try batch.withUnsafeBytes { try ControlRecords.parse(batch: $0) }
    }

    @Test("a commit marker is byte for byte the one that was packed by hand")
    func commit() throws {
        let expected = try #require(RecordFixtures.batches["commitMarker"])
        let ours = ControlRecords.endTransaction(
            commit: true, producerID: 4711, producerEpoch: 3, coordinatorEpoch: 9, timestamp: 1_700_000_000_000,
            leaderEpoch: 5)
        #expect(ours == expected)
        #expect(try parse(expected) == .endTransaction(commit: true, coordinatorEpoch: 9))
    }

    @Test("an abort marker is read back and marked as control and transactional")
    func abort() throws {
        let bytes = ControlRecords.endTransaction(
            commit: false, producerID: 1, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 5, baseOffset: 77)
        #expect(try parse(bytes) == .endTransaction(commit: false, coordinatorEpoch: 0))
        let header = parseHeader(bytes)
        #expect(header.isControl && header.isTransactional && header.baseSequence == -1 && header.baseOffset == 77)
        #expect(try check(bytes, rules: .replicated).count == 1)
    }

    @Test("a leader change is laid out as Kafka's LeaderChangeMessage, version 0")
    func leaderChange() throws {
        let bytes = ControlRecords.leaderChange(
            leaderID: 2, voters: [1, 2], grantingVoters: [2], timestamp: 5, baseOffset: 0, leaderEpoch: 1)
        #expect(try parse(bytes) == .leaderChange(leaderID: 2))
        let header = parseHeader(bytes)
        #expect(header.isControl && !header.isTransactional && header.producerID == -1)
        let record = try #require(try decode(bytes).first)
        #expect(record.key == [0, 0, 0, 2])
        #expect(record.value == [0, 0, 0, 0, 0, 2, 3, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 2, 0, 0, 0, 2, 0, 0])
    }

    @Test("kinds that are not known are told apart from malformed ones")
    func unknown() throws {
        func parse(key: [UInt8]?, value: [UInt8]?) throws -> ControlRecord {
            var builder = RecordBatchBuilder(isControl: true)
            builder.append(key: key, value: value, timestamp: 0)
            return try self.parse(builder.build())
        }
        #expect(try parse(key: [0, 0, 0, 99], value: nil) == .other(type: 99))
        #expect(try parse(key: [0, 0, 0, 3], value: []) == .other(type: 3))
        #expect(
            try parse(key: [0, 1, 0, 1, 7], value: [0, 1, 0, 0, 0, 4, 8])
                == .endTransaction(commit: true, coordinatorEpoch: 4))
        let malformed: [([UInt8]?, [UInt8]?)] = [
            (nil, nil), ([], []), ([0, 0, 0], [0, 0, 0, 0, 0, 0]), ([0, 0, 0, 1], nil),
            ([0, 0, 0, 1], [0, 0, 0, 0, 0]),
            ([0xFF, 0xFF, 0, 1], [0, 0, 0, 0, 0, 0]), ([0, 0, 0, 0], [0xFF, 0xFF, 0, 0, 0, 0]),
        ]
        for (key, value) in malformed {
            #expect(throws: RecordBatchError.badRecord(index: 0, .badControlRecord)) {
                try parse(key: key, value: value)
            }
        }
    }
}
