import Crypto
import CryptoExtras

/// An API key without its secret, which nobody knows but who was shown it once.
package struct APIKey: Hashable, Sendable {
    /// 16 capital letters and digits: the SASL user name.
    package let id: String
    /// The cluster that it opens (`lkc-source`).
    package let clusterID: String
    /// Whose it is, in the control plane's terms.
    package let owner: String
    package var displayName: String
    package var description: String
    /// Milliseconds since the epoch.
    package let createdMs: Int64
    package var updatedMs: Int64

    package static let idLength = 16
    /// Characters of a secret: 384 random bits in base64.
    package static let secretLength = 64
    /// Longest description, or display name, in bytes.
    package static let maximumDescriptionBytes = 1_024
}

/// A key at the only moment at which its secret is known.
package struct NewAPIKey: Sendable {
    package let key: APIKey
    package let secret: String
}

/// A secret as it is stored: salt and a slow hash (PBKDF2 with HMAC-SHA-256).
struct SecretHash: Equatable, Sendable {
    /// Secrets are random and long, so no number of rounds matters to who would guess them; these keep a log-in within
    /// a millisecond or two.
    static let rounds = 4_096
    static let saltBytes = 16
    static let hashBytes = 32

    let salt: [UInt8]
    let rounds: Int
    let hash: [UInt8]

    init(salt: [UInt8], rounds: Int, hash: [UInt8]) {
        self.salt = salt
        self.rounds = rounds
        self.hash = hash
    }

    init(hashing secret: String, salt: [UInt8] = SecretHash.randomBytes(saltBytes)) {
        self.init(salt: salt, rounds: Self.rounds, hash: Self.derive(secret, salt, Self.rounds))
    }

    /// What no secret matches, made without hashing one; to compare with it takes as long as with any other.
    static func ofNothing() -> SecretHash {
        SecretHash(salt: randomBytes(saltBytes), rounds: rounds, hash: randomBytes(hashBytes))
    }

    /// Takes the same time whether or not the secret is right.
    func matches(_ secret: String) -> Bool {
        constantTimeEqual(Self.derive(secret, salt, rounds), hash)
    }

    private static func derive(_ secret: String, _ salt: [UInt8], _ rounds: Int) -> [UInt8] {
        // Fails only for lengths that are none of ours; an empty hash matches nothing.
        let key = try? KDF.Insecure.PBKDF2.deriveKey(
            from: Array(secret.utf8), salt: salt, using: .sha256, outputByteCount: hashBytes,
            unsafeUncheckedRounds: rounds)
        return key?.withUnsafeBytes { Array($0) } ?? []
    }

    static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}

/// Compares without telling by its duration where the difference is.
func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count, !left.isEmpty else {
        return false
    }
    var difference: UInt8 = 0
    for index in left.indices {
        difference |= left[index] ^ right[index]
    }
    return difference == 0
}
