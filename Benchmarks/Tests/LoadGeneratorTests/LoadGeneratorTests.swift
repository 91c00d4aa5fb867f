import Testing

@testable import LoadGenerator

@Suite("Load generator")
struct LoadGeneratorTests {
    @Test("the checksum is CRC-32C")
    func checksum() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    }

    @Test("a batch says of itself what it is")
    func batch() {
        let batch = BatchShape(recordSize: 100, recordCount: 3, name: "").encode()
        batch.withUnsafeBytes { bytes in
            #expect(bytes.number(Int32.self, at: 8) == Int32(batch.count - 12))
            #expect(bytes[16] == 2)
            #expect(bytes.number(UInt32.self, at: 17) == CRC32C.checksum(Array(batch[21...])))
            #expect(bytes.number(Int32.self, at: 23) == 2)
            #expect(bytes.number(Int32.self, at: 57) == 3)
        }
        #expect(batch.count == 61 + 3 * (2 + 1 + 1 + 1 + 1 + 2 + 100 + 1))
    }

    @Test("a fetch's offset is changed in place")
    func fetchOffset() {
        var frame = Request.fetch(topic: "topic", partition: 3, maxBytes: 1000, waitMs: 5)
        let before = frame.bytes
        frame.setOffset(0x0102_0304_0506_0708)
        let changed = before.indices.filter { before[$0] != frame.bytes[$0] }
        #expect(changed.map { frame.bytes[$0] } == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(Array(before[..<changed[0]].suffix(8)) == [0, 0, 0, 3, 255, 255, 255, 255])
    }

    @Test("answers are found wherever the stream is cut")
    func answers() throws {
        let stream: [UInt8] = [0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0, 4, 6, 7, 8, 9]
        for cut in stream.indices {
            var reader = AnswerReader()
            var heads: [[UInt8]] = []
            for part in [Array(stream[..<cut]), Array(stream[cut...])] {
                try part.withUnsafeBytes { bytes in
                    var rest = bytes
                    while !rest.isEmpty {
                        if try reader.take(&rest) != nil { heads.append(reader.withHead { Array($0) }) }
                    }
                }
            }
            #expect(heads == [[1, 2, 3, 4, 5], [6, 7, 8, 9]])
        }
    }

    @Test("a raw transfer carries whole frames both ways", arguments: [1, 3])
    func rawTransfer(depth: Int) throws {
        let server = try RawServer(answerSize: 100_000)
        defer { server.stop() }
        let loop = try LoadLoop(address: server.address, connections: 4)
        let result = try loop.run(RawWorkload(requestSize: 50_000, depth: depth), seconds: 0.05)
        #expect(result.requests >= 4 * depth)
        #expect(result.bytesReceived == result.requests * 100_000)
        #expect(result.bytesSent == result.requests * 50_000)
        #expect(result.latencies.count == result.requests)
    }

    @Test("only loopback addresses are measured")
    func loopbackOnly() {
        #expect(throws: BenchmarkError.self) {
            try LoadLoop(address: Address("192.0.2.1:9092"), connections: 1)
        }
    }
}
