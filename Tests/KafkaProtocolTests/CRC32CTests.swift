import KafkaProtocol
import Testing

@Suite("CRC-32C")
struct CRC32CTests {
    /// RFC 3720 appendix B.4, and the check value of the CRC catalogues.
    static let vectors: [(bytes: [UInt8], checksum: UInt32)] = [
        ([], 0),
        (Array("123456789".utf8), 0xE306_9283),
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        ([UInt8](0..<32), 0x46DD_794E),
        ((0..<32).reversed(), 0x113F_DB5C),
        (
            [0x01, 0xC0, 0, 0] + [UInt8](repeating: 0, count: 12) + [0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14]
                + [0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0],
            0xD996_3A56
        ),
    ]

    @Test("the published vectors hold, with the CPU's instruction and with tables", arguments: vectors.indices)
    func published(index: Int) {
        let vector = Self.vectors[index]
        vector.bytes.withUnsafeBytes { bytes in
            #expect(CRC32C.checksum(bytes) == vector.checksum)
            #expect(CRC32C.tableChecksum(bytes) == vector.checksum)
        }
    }

    @Test("instruction and tables agree at every length up to 1,000, every alignment, and around the block sizes")
    func agreement() {
        var random = RecordTestRandom(seed: 1)
        let bytes = (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let large = [767, 768, 769, 1535, 1536, 12_287, 12_288, 12_289, 24_576, 36_864 + 768 + 192 + 13]
        bytes.withUnsafeBytes { all in
            for length in Array(0...1000) + large {
                let start = length % 16
                let slice = UnsafeRawBufferPointer(rebasing: all[start..<start + length])
                let seed = UInt32.random(in: 0...UInt32.max, using: &random)
                let (fast, table) = (CRC32C.checksum(slice, seed: seed), CRC32C.tableChecksum(slice, seed: seed))
                if fast != table { Issue.record("\(length) bytes at \(start): \(fast) and \(table)") }
            }
        }
    }

    @Test("a checksum can be continued, and joined from its parts")
    func parts() {
        var random = RecordTestRandom(seed: 2)
        let bytes = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        bytes.withUnsafeBytes { all in
            let whole = CRC32C.tableChecksum(all)
            for cut in [0, 1, 7, 8, 4096, 12_288, 19_999, 20_000] {
                let first = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: all[..<cut]))
                let rest = UnsafeRawBufferPointer(rebasing: all[cut...])
                #expect(CRC32C.checksum(rest, seed: first) == whole)
                #expect(CRC32C.combine(first, CRC32C.checksum(rest), secondCount: rest.count) == whole)
            }
        }
    }
}
