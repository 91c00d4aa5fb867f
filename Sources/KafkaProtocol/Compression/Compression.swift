/// The codecs of record batches, with the numbers of the attributes' lowest three bits.
package enum Compression: Int8, Sendable, CaseIterable {
    case none = 0
    case gzip = 1
    case snappy = 2
    case lz4 = 3
    case zstd = 4

    /// Kafka's name of the codec, as in `compression.type`.
    package var name: String {
        switch self {
        case .none: "none"
        case .gzip: "gzip"
        case .snappy: "snappy"
        case .lz4: "lz4"
        case .zstd: "zstd"
        }
    }

    /// The codec that Kafka calls `name`; `uncompressed`, a topic's way to say none, too.
    package init?(name: String) {
        if name == "uncompressed" {
            self = .none
            return
        }
        guard let codec = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = codec
    }
}
