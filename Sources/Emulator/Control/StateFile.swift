import Credentials
import RESTAPI

/// A small JSON file of the owner's that is replaced in one step.
struct StateFile: Sendable {
    /// nil keeps nothing.
    let path: String?

    /// The contents; nil when there is no such file.
    /// - Throws: ``StartError`` when it cannot be understood: what it says must not be lost by overwriting it.
    func read() throws(StartError) -> JSON? {
        guard let path else {
            return nil
        }
        do throws(CredentialError) {
            guard let bytes = try SecretFiles.read(path) else {
                return nil
            }
            return try parse(bytes, path)
        } catch {
            throw StartError(.ioError, "\(error)")
        }
    }

    private func parse(_ bytes: [UInt8], _ path: String) throws(CredentialError) -> JSON {
        do throws(JSONError) {
            return try JSON.parse(bytes)
        } catch {
            throw CredentialError("\(path) is damaged: \(error)")
        }
    }

    func write(_ json: JSON) throws(CredentialError) {
        guard let path else {
            return
        }
        try SecretFiles.replace(path, with: Array((json.text(pretty: true) + "\n").utf8), .ownerOnly)
    }
}
