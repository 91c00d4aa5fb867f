import Foundation
import Testing

@testable import Credentials

@Suite("API keys")
struct CredentialStoreTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.path + "/api-keys" }

    private func store() throws -> CredentialStore {
        try CredentialStore(path: path)
    }

    @Test("a key has sixteen capitals and digits, its secret sixty-four characters of base64, and no two are alike")
    func shape() throws {
        let store = try CredentialStore(path: nil)
        let made = try (0..<20).map { _ in try store.create(clusterID: "lkc-1", now: 5) }
        for new in made {
            #expect(new.key.id.wholeMatch(of: /[A-Z0-9]{16}/) != nil)
            #expect(new.secret.wholeMatch(of: /[A-Za-z0-9+\/]{64}/) != nil)
        }
        #expect(Set(made.map(\.secret)).count == 20)
        #expect(Set(made.map(\.key.id)).count == 20)
    }

    @Test("a key opens its own cluster with its own secret and nothing else")
    func verifies() throws {
        let store = try store()
        let new = try store.create(clusterID: "lkc-1", description: "mine", owner: "u-1", now: 5)
        let other = try store.create(clusterID: "lkc-1", now: 6)
        for _ in 0..<2 {
            #expect(store.verify(clusterID: "lkc-1", id: new.key.id, secret: new.secret))
            #expect(!store.verify(clusterID: "lkc-2", id: new.key.id, secret: new.secret))
            #expect(!store.verify(clusterID: "lkc-1", id: new.key.id, secret: other.secret))
            #expect(!store.verify(clusterID: "lkc-1", id: new.key.id, secret: String(new.secret.dropLast())))
            #expect(!store.verify(clusterID: "lkc-1", id: new.key.id, secret: ""))
            #expect(!store.verify(clusterID: "lkc-1", id: "NOSUCHKEY", secret: new.secret))
        }
    }

    @Test("the disk never holds the secret, and only the owner can read the file")
    func disk() throws {
        let store = try store()
        let new = try store.create(clusterID: "lkc-1", description: "tab\there %41 ü", now: 5)
        #expect(store.verify(clusterID: "lkc-1", id: new.key.id, secret: new.secret))
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let text = try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
            #expect(!text.contains(new.secret))
            #expect(!text.contains(new.secret.prefix(12)))
            #expect(text.contains(new.key.id))
        }
        #expect(SecretFiles.mode(of: path) == 0o600)
    }

    @Test("two keys with one secret would not look alike: each hash has its salt")
    func salted() {
        #expect(SecretHash(hashing: "x") != SecretHash(hashing: "x"))
        #expect(SecretHash(hashing: "x").matches("x"))
        #expect(!SecretHash(hashing: "x").matches("y"))
    }

    @Test("keys survive a restart, with what was said about them")
    func restart() throws {
        let first = try store()
        let new = try first.create(
            clusterID: "lkc-1", displayName: "", description: "tab\there %41 ü\nline", owner: "u-1", now: 5)
        let gone = try first.create(clusterID: "lkc-2", now: 6)
        try first.update(new.key.id, displayName: "app", now: 9)
        #expect(try first.delete(gone.key.id))
        let second = try store()
        #expect(second.list() == first.list())
        let key = try #require(second.describe(new.key.id))
        #expect(key.description == "tab\there %41 ü\nline")
        #expect((key.displayName, key.owner) == ("app", "u-1"))
        #expect((key.createdMs, key.updatedMs) == (5, 9))
        #expect(second.verify(clusterID: "lkc-1", id: new.key.id, secret: new.secret))
        #expect(!second.verify(clusterID: "lkc-2", id: gone.key.id, secret: gone.secret))
    }

    @Test("a deleted key no longer opens anything, although it did before")
    func deletion() throws {
        let store = try store()
        let new = try store.create(clusterID: "lkc-1", now: 5)
        #expect(store.verify(clusterID: "lkc-1", id: new.key.id, secret: new.secret))
        #expect(try store.delete(new.key.id))
        #expect(!store.verify(clusterID: "lkc-1", id: new.key.id, secret: new.secret))
        #expect(try !store.delete(new.key.id))
        #expect(try store.update(new.key.id, description: "x") == nil)
    }

    @Test("keys are listed by cluster in order of creation, and go with their cluster")
    func lists() throws {
        let store = try store()
        let second = try store.create(clusterID: "lkc-1", now: 7)
        let first = try store.create(clusterID: "lkc-1", now: 5)
        let other = try store.create(clusterID: "lkc-2", now: 6)
        #expect(store.list(clusterID: "lkc-1").map(\.id) == [first.key.id, second.key.id])
        #expect(store.list().map(\.id) == [first.key.id, other.key.id, second.key.id])
        try store.deleteAll(clusterID: "lkc-1")
        #expect(store.list().map(\.id) == [other.key.id])
    }

    @Test("a change that cannot be stored has not happened")
    func unwritable() throws {
        let store = try CredentialStore(path: folder.path + "/missing/api-keys")
        #expect(throws: CredentialError.self) { try store.create(clusterID: "lkc-1", now: 5) }
        #expect(store.list() == [])
    }

    @Test(
        "a file that is none of ours, or damaged, is refused with its line",
        arguments: ["", "hello\n", "twinlog-api-keys 2\n"])
    func foreignFile(text: String) throws {
        try SecretFiles.replace(path, with: Array(text.utf8), .ownerOnly)
        #expect(throws: CredentialError.self) { try store() }
        try SecretFiles.replace(path, with: Array("twinlog-api-keys 1\nA\tB\n".utf8), .ownerOnly)
        #expect { try store() } throws: { "\($0)".contains("line 2") }
    }

    @Test("a description has its limit")
    func limits() throws {
        let store = try store()
        let long = String(repeating: "x", count: 1_025)
        #expect(throws: CredentialError.self) { try store.create(clusterID: "lkc-1", description: long, now: 5) }
        #expect(store.list() == [])
    }

    @Test("equal bytes are equal, whatever they are compared in")
    func comparison() {
        #expect(constantTimeEqual([1, 2], [1, 2]))
        #expect(!constantTimeEqual([1, 2], [1, 3]))
        #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
        #expect(!constantTimeEqual([], []))
    }
}
