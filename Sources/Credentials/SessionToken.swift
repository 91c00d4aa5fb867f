import Crypto

/// Tokens of log-ins: 256 random bits. They cannot be guessed, so a plain hash of them can be stored.
package enum SessionToken {
    package static func make() -> String {
        "tls-" + hex(SecretHash.randomBytes(32))
    }

    /// What is stored in the place of a token.
    package static func digest(_ token: String) -> String {
        hex(Array(SHA256.hash(data: Array(token.utf8))))
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Compares without telling by its duration where the difference is.
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        constantTimeEqual(Array(left.utf8), Array(right.utf8))
    }
}
