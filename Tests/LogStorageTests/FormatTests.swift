import KafkaProtocol
import Testing

@testable import LogStorage

/// Expected bytes are written by hand or by an independent script from Kafka's formats, never taken from our output.
@Suite("On-disk formats")
struct FormatTests {
    /// Two records k=v1, k=v2 at 1700000000000 as a producer sends them.
    static let produced = hex(
        """
        0000000000000000 00000045 ffffffff 02 2a9cba45 0000 00000001 0000018bcfe56800 0000018bcfe56800
        ffffffffffffffff ffff ffffffff 00000002 12000000026b0476310012000002026b04763200
        """)

    @Test("the log file is the producer's batch with base offset and leader epoch set", arguments: Kind.allCases)
    func logFile(kind: Kind) throws {
        let disk = try Disk(kind)
        let log = try disk.open()
        try log.lead(Self.produced, epoch: 7)
        try log.lead(Self.produced, epoch: 7)
        var second = Self.produced
        second[7] = 2
        second[15] = 7
        second.replaceSubrange(12..<15, with: [0, 0, 0])
        var first = second
        first[7] = 0
        #expect(try disk.contents("00000000000000000000.log") == first + second)
        try log.tidyFiles(limit: 1)
        #expect(try disk.contents("leader-epoch-checkpoint") == [UInt8]("0\n1\n7 0\n".utf8))
    }

    @Test("an offset index has eight bytes an entry: relative last offset and position", arguments: Kind.allCases)
    func offsetIndexFile(kind: Kind) throws {
        let disk = try Disk(kind)
        var config = LogConfig()
        config.indexIntervalBytes = 100
        let log = try disk.open(config) { $0.logStartOffset = 1000 }
        for _ in 0..<5 { try log.lead(Self.produced) }
        try log.close()
        // Batches of 81 bytes at 0, 81, 162, 243, 324: an entry for each one that begins more than 100 bytes after the
        // last, with the offset of its last record.
        #expect(try disk.contents("00000000000000001000.index") == hex("00000005 000000a2 00000009 00000144"))
        // One timestamp for all records: only the first entry is an advance. Its offset is the first batch's last.
        #expect(try disk.contents("00000000000000001000.timeindex") == hex("0000018bcfe56800 00000001"))
    }

    @Test("a transaction index has 34 bytes an entry", arguments: Kind.allCases)
    func transactionIndexFile(kind: Kind) throws {
        let disk = try Disk(kind)
        let log = try disk.open()
        try log.append("plain")
        try log.append(TestBatch(values: ["a", "b"], producer: (9, 0, 0), isTransactional: true))
        try log.append(TestBatch(values: ["c"], producer: (8, 0, 0), isTransactional: true))
        try log.mark(commit: false, producer: 9)
        try log.mark(commit: false, producer: 8)
        #expect(
            try disk.contents("00000000000000000000.txnindex")
                == hex(
                    """
                    0000 0000000000000009 0000000000000001 0000000000000004 0000000000000003
                    0000 0000000000000008 0000000000000003 0000000000000005 0000000000000006
                    """))
    }

    @Test("a producer snapshot is version 1 with a CRC-32C over what follows it")
    func snapshotFile() throws {
        let bytes = hex(
            """
            0001 ca984b26 00000002
            0000000000000005 0001 00000009 000000000000006d 00000004 00000000000003e8 ffffffff ffffffffffffffff
            0000000000000fa0 0000 00000002 0000000000000077 00000002 00000000000003f2 00000003 0000000000000075
            """)
        let states = try #require(ProducerStates.decoded(snapshot: bytes))
        let first = try #require(states.entries[5])
        #expect(first.epoch == 1)
        #expect(
            first.batches == [ProducerEntry.Batch(lastSequence: 9, lastOffset: 109, offsetDelta: 4, timestamp: 1000)])
        #expect(first.transactionFirstOffset == nil)
        let second = try #require(states.entries[4000])
        #expect(second.coordinatorEpoch == 3)
        #expect(second.transactionFirstOffset == 117)
        #expect(states.firstUnstableOffset == 117)
        #expect(states.snapshot() == bytes)
        for position in bytes.indices {
            var damaged = bytes
            damaged[position] ^= 0x10
            #expect(ProducerStates.decoded(snapshot: damaged) == nil, "flipped bit at \(position)")
        }
        for count in bytes.indices { #expect(ProducerStates.decoded(snapshot: Array(bytes.prefix(count))) == nil) }
    }

    @Test(
        "partition.metadata names the topic id, and a directory of another topic is refused", arguments: Kind.allCases)
    func partitionMetadata(kind: Kind) throws {
        let disk = try Disk(kind)
        let id = try #require(KafkaUUID(base64: "AAAAAAAAAAAAAAAAAAAAAQ"))
        let log = try disk.open { $0.topicID = id }
        #expect(
            try disk.contents("partition.metadata")
                == [UInt8]("version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ\n".utf8))
        try log.close()
        #expect(try disk.open(clean: true).topicID == id)
        #expect { try disk.open(clean: true) { $0.topicID = KafkaUUID(high: 1, low: 1) } } throws: {
            ($0 as? StorageError)?.kind == .corrupt
        }
    }

    @Test("offset checkpoints are text with version, count and a line for each partition", arguments: Kind.allCases)
    func offsetCheckpoint(kind: Kind) throws {
        let disk = try Disk(kind)
        let path = disk.root + "/" + OffsetCheckpoint.recoveryPointFile
        #expect(try OffsetCheckpoint.read(path, from: disk.fileSystem).isEmpty)
        let offsets: [OffsetCheckpoint.Partition: Int64] = [
            .init(topic: "orders", partition: 1): 42, .init(topic: "orders", partition: 0): 7,
            .init(topic: "a.b_c", partition: 10): 0,
        ]
        try OffsetCheckpoint.write(offsets, to: path, on: disk.fileSystem, durable: true)
        #expect(
            try disk.fileSystem.contents(of: path) == [UInt8]("0\n3\na.b_c 10 0\norders 0 7\norders 1 42\n".utf8))
        #expect(try OffsetCheckpoint.read(path, from: disk.fileSystem) == offsets)
    }

    @Test(
        "a damaged checkpoint is refused",
        arguments: ["", "1\n0\n", "0\n", "0\n2\na 0 1\n", "0\n1\na 0\n", "0\n1\na 0 x\n", "0\n0\na 0 1\n", "0\n-1\n"])
    func damagedCheckpoint(text: String) throws {
        let fileSystem = MemoryFileSystem()
        try fileSystem.replace("/c", with: [UInt8](text.utf8), durable: false)
        #expect { try OffsetCheckpoint.read("/c", from: fileSystem) } throws: {
            ($0 as? StorageError)?.kind == .corrupt
        }
    }

    @Test("meta.properties keeps cluster, node and directory ids", arguments: Kind.allCases)
    func metaProperties(kind: Kind) throws {
        let disk = try Disk(kind)
        #expect(try MetaProperties.read(directory: disk.root, from: disk.fileSystem) == nil)
        let properties = MetaProperties(
            clusterID: "lkc-source", nodeID: 1, directoryID: KafkaUUID(base64: "AAAAAAAAAAAAAAAAAAAAAQ"))
        try disk.fileSystem.replace(disk.root + "/meta.properties", with: properties.encoded(), durable: false)
        let text = "cluster.id=lkc-source\ndirectory.id=AAAAAAAAAAAAAAAAAAAAAQ\nnode.id=1\nversion=1\n"
        #expect(properties.encoded() == [UInt8](text.utf8))
        #expect(try MetaProperties.read(directory: disk.root, from: disk.fileSystem) == properties)
        let commented = "#Mon Jan 01\n#\nnode.id=3\nversion=1\ncluster.id=abc\n"
        try disk.fileSystem.replace(
            disk.root + "/meta.properties", with: [UInt8](commented.utf8), durable: false)
        #expect(
            try MetaProperties.read(directory: disk.root, from: disk.fileSystem)
                == MetaProperties(clusterID: "abc", nodeID: 3))
    }

    @Test("the mark of a clean stop counts once", arguments: Kind.allCases)
    func cleanShutdownMarker(kind: Kind) throws {
        let disk = try Disk(kind)
        #expect(try !CleanShutdownMarker.take(directory: disk.root, on: disk.fileSystem))
        try CleanShutdownMarker.write(directory: disk.root, on: disk.fileSystem)
        #expect(disk.fileSystem.exists(disk.root + "/.kafka_cleanshutdown"))
        #expect(try CleanShutdownMarker.take(directory: disk.root, on: disk.fileSystem))
        #expect(try !CleanShutdownMarker.take(directory: disk.root, on: disk.fileSystem))
    }

    @Test("index files that are not sound are told from sound ones")
    func unsoundIndexes() {
        #expect(OffsetIndex.decoded(hex("00000005 000000a2"), segmentSize: 0xa3) != nil)
        #expect(OffsetIndex.decoded(hex("00000005 000000a2"), segmentSize: 0xa2) == nil)
        #expect(OffsetIndex.decoded(hex("00000005 000000a2 00"), segmentSize: 1000) == nil)
        #expect(OffsetIndex.decoded(hex("00000005 000000a2 00000004 000000a3"), segmentSize: 1000) == nil)
        #expect(OffsetIndex.decoded(hex("80000005 000000a2"), segmentSize: 1000) == nil)
        let padded = OffsetIndex.decoded(hex("00000005 000000a2 00000000 00000000"), segmentSize: 1000)
        #expect(padded?.entries.count == 1)
        #expect(TimeIndex.decoded(hex("0000000000000005 00000001 0000000000000005 00000002")) == nil)
        #expect(TimeIndex.decoded(hex("0000000000000005 00000001 0000000000000006 00000001"))?.entries.count == 2)
        #expect(TransactionIndex.decoded([UInt8](repeating: 0, count: 33)) == nil)
        #expect(TransactionIndex.decoded(hex("0001") + [UInt8](repeating: 0, count: 32)) == nil)
    }
}
