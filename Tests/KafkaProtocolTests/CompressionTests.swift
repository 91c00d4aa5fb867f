import KafkaProtocol
import Testing

@Suite("Compression")
struct CompressionTests {
    static let codecs = Compression.allCases

    static func inputs() -> [[UInt8]] {
        var random = RecordTestRandom(seed: 3)
        let noise = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let zeros = [UInt8](repeating: 0, count: 300_000)
        return [[], [0x41], Array("a few words".utf8), RecordFixtures.text, noise, zeros, Array(zeros.prefix(32_768))]
    }

    @Test("every codec gives back what it was given", arguments: codecs)
    func roundTrip(codec: Compression) throws {
        for input in Self.inputs() {
            let packed = try codec.compress(input)
            if codec != .none && input.count == 300_000 { #expect(packed.count < input.count / 10) }
            // A raw snappy reader takes an empty frame for nothing, as it is.
            #expect(try codec.decompress(packed) == input)
        }
    }

    @Test("levels from the lowest to the highest work", arguments: codecs)
    func levels(codec: Compression) throws {
        for level: Int32 in [-131_072, -1, 1, 3, 9, 12, 17, 22] {
            let packed = try codec.compress(RecordFixtures.text, level: level)
            #expect(try codec.decompress(packed) == RecordFixtures.text)
        }
    }

    @Test("streams of other programs are read", arguments: RecordFixtures.streams.indices)
    func foreign(index: Int) throws {
        let stream = RecordFixtures.streams[index]
        let codec = try #require(Compression(name: stream.codec))
        #expect(try codec.decompress(stream.bytes) == RecordFixtures.text, "\(stream.name)")
    }

    @Test("a stream cut at any byte is refused, or ends with a whole member", arguments: RecordFixtures.streams.indices)
    func truncated(index: Int) throws {
        let stream = RecordFixtures.streams[index]
        let codec = try #require(Compression(name: stream.codec))
        var accepted = 0
        for count in 0..<stream.bytes.count {
            guard let output = try? codec.decompress(Array(stream.bytes[..<count])) else { continue }
            accepted += 1
            #expect(output.count < RecordFixtures.text.count && RecordFixtures.text.starts(with: output))
        }
        // Boundaries between members or frames are the only whole prefixes; xerial's has one for each of its blocks and
        // one after its two headers.
        let boundaries = ["gzipTwoMembers": 1, "lz4TwoFramesHigh": 1, "zstdTwoFrames": 1, "snappyXerialJoined": 6]
        #expect(accepted == boundaries[stream.name] ?? 0, "\(stream.name)")
    }

    @Test("mutated streams never trap and never exceed the limit", arguments: RecordFixtures.streams.indices)
    func mutated(index: Int) throws {
        let stream = RecordFixtures.streams[index]
        let codec = try #require(Compression(name: stream.codec))
        var random = RecordTestRandom(seed: UInt64(100 + index))
        for _ in 0..<1500 {
            var bytes = stream.bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                // Headers are where the interesting lies are.
                let end = Bool.random(using: &random) ? min(40, bytes.count) : bytes.count
                bytes[Int.random(in: 0..<end, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let output = try? codec.decompress(bytes, limit: 200_000) { #expect(output.count <= 200_000) }
        }
    }

    @Test("noise is refused by every codec", arguments: codecs.dropFirst())
    func noise(codec: Compression) {
        var random = RecordTestRandom(seed: 7)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 5...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let output = try? codec.decompress(bytes, limit: 100_000)
            // Snappy's raw format has no magic and no checksum, so that a little noise can be a valid block.
            if codec != .snappy { #expect(output == nil) }
        }
    }

    @Test("no input at all is refused: even an empty stream has bytes", arguments: codecs.dropFirst())
    func empty(codec: Compression) {
        #expect(throws: CompressionError.truncated(codec)) { try codec.decompress([]) }
    }

    @Test("a bomb is refused at the limit, and what fits exactly is not", arguments: codecs)
    func bombs(codec: Compression) throws {
        let size = 32 << 20
        let bomb = try codec.compress([UInt8](repeating: 0, count: size))
        #expect(throws: CompressionError.limitExceeded(1 << 20)) { try codec.decompress(bomb, limit: 1 << 20) }
        #expect(throws: CompressionError.limitExceeded(size - 1)) { try codec.decompress(bomb, limit: size - 1) }
        #expect(try codec.decompress(bomb, limit: size).count == size)
        #expect(throws: CompressionError.limitExceeded(0)) { try codec.decompress(bomb, limit: 0) }
    }

    @Test("a snappy block that claims gigabytes is refused without making room for them")
    func snappyClaims() {
        let fourGigabytes: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x00, 0x41]
        #expect(throws: CompressionError.limitExceeded(Compression.defaultOutputLimit)) {
            try Compression.snappy.decompress(fourGigabytes)
        }
        let hundredMegabytes: [UInt8] = [0x80, 0x80, 0x80, 0x30, 0x00, 0x41]
        #expect(throws: CompressionError.corrupt(.snappy)) { try Compression.snappy.decompress(hundredMegabytes) }
    }

    @Test("xerial blocks with lengths that are zero, negative or too large are refused")
    func xerialLengths() {
        let header: [UInt8] = [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]
        for length: [UInt8] in [[0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0]] {
            #expect(throws: CompressionError.corrupt(.snappy)) {
                try Compression.snappy.decompress(header + length + [1, 0, 0x41])
            }
        }
        #expect(throws: CompressionError.truncated(.snappy)) {
            try Compression.snappy.decompress(header + [0x7F, 0xFF, 0xFF, 0xFF, 1, 0, 0x41])
        }
        #expect(throws: CompressionError.truncated(.snappy)) { try Compression.snappy.decompress(header + [0, 0]) }
    }

    @Test("a zstd frame that lies about its content size is refused")
    func zstdClaims() {
        // Magic; a single segment with eight bytes of content size; then one raw block of one byte, the last.
        func frame(claiming size: UInt64) -> [UInt8] {
            [0x28, 0xB5, 0x2F, 0xFD, 0xE0] + (0..<8).map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) }
                + [0x09, 0, 0, 0x41]
        }
        #expect(throws: CompressionError.limitExceeded(Compression.defaultOutputLimit)) {
            try Compression.zstd.decompress(frame(claiming: 1 << 62))
        }
        #expect(throws: CompressionError.corrupt(.zstd)) { try Compression.zstd.decompress(frame(claiming: 100 << 20)) }
        #expect((try? Compression.zstd.decompress(frame(claiming: 1))) == [0x41])
    }

    @Test("what is written has the shape that the Java client reads")
    func shapes() throws {
        let lz4 = try Compression.lz4.compress(RecordFixtures.text)
        // Version 1, independent blocks, no block checksum, no content size, no content checksum; blocks of 64 KiB.
        #expect(Array(lz4[..<6]) == [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40])
        #expect(try Compression.gzip.compress(RecordFixtures.text).starts(with: [0x1F, 0x8B, 0x08]))
        #expect(try Compression.zstd.compress(RecordFixtures.text).starts(with: [0x28, 0xB5, 0x2F, 0xFD]))
        let snappy = try Compression.snappy.compress(RecordFixtures.text)
        #expect(
            Array(snappy[..<16]) == [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00, 0, 0, 0, 1, 0, 0, 0, 1])
    }

    @Test("codecs have Kafka's names and numbers")
    func names() {
        #expect(Compression.allCases.map(\.name) == ["none", "gzip", "snappy", "lz4", "zstd"])
        #expect(Compression.allCases.map(\.rawValue) == [0, 1, 2, 3, 4])
        #expect(Compression(name: "uncompressed") == Compression.none)
        #expect(Compression(name: "brotli") == nil)
    }
}
