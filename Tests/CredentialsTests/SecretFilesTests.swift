import Testing

@testable import Credentials

@Suite("Files of keys")
struct SecretFilesTests {
    @Test("a file that does not exist is told apart from one that cannot be read")
    func missing() throws {
        #expect(try SecretFiles.read("/does/not/exist") == nil)
        #expect(throws: CredentialError.self) { _ = try SecretFiles.read("/") }
    }
}
