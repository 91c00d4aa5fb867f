import Foundation

@testable import KafkaProtocol

/// One line of `Tests/Vectors/vectors.jsonl`.
struct WireVector: Decodable {
    var api: Int16
    var name: String
    var version: Int16
    var flexible: Bool
    var `case`: String
    var hex: String

    var isRequest: Bool { name.hasSuffix("Request") }
    var bytes: [UInt8] { hexBytes(hex) }
    var label: String { "\(name) v\(version) \(self.case)" }

    static func all() throws -> [WireVector] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: tests.appending(path: "Vectors/vectors.jsonl"), encoding: .utf8)
        let decoder = JSONDecoder()
        return try text.split(separator: "\n").map { try decoder.decode(WireVector.self, from: Data($0.utf8)) }
    }
}

/// The bytes that pairs of hexadecimal digits stand for; blanks are passed over.
func hexBytes(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    var high: UInt8?
    for character in text where character != " " {
        let digit = UInt8(character.hexDigitValue ?? 0)
        if let first = high {
            result.append(first << 4 | digit)
            high = nil
        } else {
            high = digit
        }
    }
    return result
}

/// Runs `body` on a reader over `bytes`, which stay alive for the call.
func reading<R>(_ bytes: [UInt8], _ body: (inout WireReader) throws -> R) rethrows -> R {
    try bytes.withUnsafeBytes { raw in
        var reader = WireReader(raw)
        return try body(&reader)
    }
}

/// The bytes that `body` writes.
func written(_ body: (inout WireWriter) -> Void) -> [UInt8] {
    var writer = WireWriter(capacity: 0)
    body(&writer)
    return writer.copyBytes()
}

/// Decodes a body to its end; nil for an API without a definition.
func decodeWhole(_ vector: WireVector, _ bytes: [UInt8]) throws -> [UInt8]? {
    try reading(bytes) { reader in
        let decoded = try MessageRegistry.decode(
            apiKey: vector.api, isRequest: vector.isRequest, version: vector.version, from: &reader)
        guard let decoded else { return nil }
        try reader.finish()
        // Encoded here, because records are slices of bytes that live no longer.
        return written { decoded.encode(into: &$0, version: vector.version) }
    }
}

/// A small generator whose sequence depends on the seed alone (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
