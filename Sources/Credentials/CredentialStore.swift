import Crypto
import Synchronization

/// The API keys of one environment. Safe to use from every thread.
///
/// On disk there are salted hashes only, in a file of the owner's that is replaced in one step. What was verified once
/// is remembered in memory as a hash under a key that dies with the process, so that only the first log-in is slow.
package final class CredentialStore: Sendable {
    /// Keys of one environment at most.
    package static let maximumKeys = 10_000

    /// What a file without keys says.
    package static let emptyFile = KeyFile.heading

    private struct Entry {
        var key: APIKey
        let hash: SecretHash
        /// Of the pair that was verified.
        var verified: [UInt8]?
    }

    private struct State {
        var entries: [String: Entry] = [:]
    }

    private let path: String?
    private let state = Mutex(State())
    private let memoryKey = SymmetricKey(size: .bits256)
    /// Checked when there is no such key, so that an unknown key takes as long as a wrong secret.
    private let decoy = SecretHash.ofNothing()

    /// - Parameter path: the file; nil keeps the keys in memory.
    /// - Throws: ``CredentialError`` when the file is there and cannot be understood.
    package init(path: String?) throws(CredentialError) {
        self.path = path
        guard let path, let bytes = try SecretFiles.read(path) else {
            return
        }
        let records = try KeyFile(name: path).parse(bytes)
        state.withLock { state in
            for record in records {
                state.entries[record.key.id] = Entry(key: record.key, hash: record.hash)
            }
        }
    }

    // MARK: Administration

    /// Makes a key; its secret is not to be had again.
    /// - Parameter now: milliseconds since the epoch.
    package func create(
        clusterID: String, displayName: String = "", description: String = "", owner: String = "", now: Int64
    ) throws(CredentialError) -> NewAPIKey {
        try Self.check(description)
        try Self.check(displayName)
        let secret = Self.makeSecret()
        let hash = SecretHash(hashing: secret)
        let key = try change { state throws(CredentialError) in
            guard state.entries.count < Self.maximumKeys else {
                throw CredentialError("there are \(Self.maximumKeys) API keys: delete some first")
            }
            var id = Self.makeID()
            while state.entries[id] != nil {
                id = Self.makeID()
            }
            let key = APIKey(
                id: id, clusterID: clusterID, owner: owner, displayName: displayName, description: description,
                createdMs: now, updatedMs: now)
            state.entries[id] = Entry(key: key, hash: hash)
            return key
        }
        return NewAPIKey(key: key, secret: secret)
    }

    /// Keys in order of creation, of one cluster or of all.
    package func list(clusterID: String? = nil) -> [APIKey] {
        state.withLock { $0.entries.values.map(\.key) }
            .filter { clusterID == nil || $0.clusterID == clusterID }
            .sorted { ($0.createdMs, $0.id) < ($1.createdMs, $1.id) }
    }

    package func describe(_ id: String) -> APIKey? {
        state.withLock { $0.entries[id]?.key }
    }

    /// Changes what is not nil.
    /// - Returns: the key as it is now; nil when there is none.
    @discardableResult
    package func update(
        _ id: String, displayName: String? = nil, description: String? = nil, now: Int64? = nil
    ) throws(CredentialError) -> APIKey? {
        try Self.check(displayName ?? "")
        try Self.check(description ?? "")
        return try change { state throws(CredentialError) in
            guard var key = state.entries[id]?.key else {
                return nil
            }
            key.displayName = displayName ?? key.displayName
            key.description = description ?? key.description
            key.updatedMs = now ?? key.updatedMs
            state.entries[id]?.key = key
            return key
        }
    }

    /// Takes a key away. Connections that logged in with it stay.
    /// - Returns: whether there was such a key.
    @discardableResult
    package func delete(_ id: String) throws(CredentialError) -> Bool {
        try change { state throws(CredentialError) in state.entries.removeValue(forKey: id) != nil }
    }

    /// Takes away every key of a cluster that is gone.
    package func deleteAll(clusterID: String) throws(CredentialError) {
        try change { state throws(CredentialError) in
            state.entries = state.entries.filter { $0.value.key.clusterID != clusterID }
        }
    }

    // MARK: Log-ins

    /// Whether `secret` is that of `id`, and the key is for this cluster. Takes a millisecond or two the first time,
    /// and microseconds for a pair that was right before.
    package func verify(clusterID: String, id: String, secret: String) -> Bool {
        let digest = remembered(id, secret)
        let entry = state.withLock { $0.entries[id] }
        guard let entry, entry.key.clusterID == clusterID else {
            _ = decoy.matches(secret)
            return false
        }
        if let verified = entry.verified, constantTimeEqual(verified, digest) {
            return true
        }
        guard entry.hash.matches(secret) else {
            return false
        }
        // Unless it was deleted meanwhile, and perhaps made anew.
        return state.withLock { state in
            guard state.entries[id]?.hash == entry.hash else {
                return false
            }
            state.entries[id]?.verified = digest
            return true
        }
    }

    private func remembered(_ id: String, _ secret: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array("\(id)\u{0}\(secret)".utf8), using: memoryKey))
    }

    // MARK: Changes

    /// Changes memory and file, or neither.
    private func change<T: Sendable>(
        _ body: (inout State) throws(CredentialError) -> T
    ) throws(CredentialError) -> T {
        let result: Result<T, CredentialError> = state.withLock { state in
            let before = state.entries
            do throws(CredentialError) {
                let value = try body(&state)
                try save(state)
                return .success(value)
            } catch {
                state.entries = before
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func save(_ state: borrowing State) throws(CredentialError) {
        guard let path else {
            return
        }
        let records = state.entries.values.sorted { ($0.key.createdMs, $0.key.id) < ($1.key.createdMs, $1.key.id) }
            .map { KeyFile.Record(key: $0.key, hash: $0.hash) }
        try SecretFiles.replace(path, with: KeyFile.text(records), .ownerOnly)
    }

    private static func check(_ description: String) throws(CredentialError) {
        guard description.utf8.count <= APIKey.maximumDescriptionBytes else {
            throw CredentialError("a description has at most \(APIKey.maximumDescriptionBytes) bytes")
        }
    }

    private static func makeID() -> String {
        pick(APIKey.idLength, from: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    }

    private static func makeSecret() -> String {
        pick(APIKey.secretLength, from: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    }

    private static func pick(_ count: Int, from alphabet: String) -> String {
        let alphabet = Array(alphabet)
        var generator = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }
}
