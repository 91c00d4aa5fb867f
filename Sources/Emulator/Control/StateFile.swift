import Credentials
import RESTAPI

/// A small JSON file of the owner's that is replaced in one step.
///
/// Its `format` says which version of Twinlog can read it: a higher one than ours is refused, a lower one (or none) is
/// read and written back as ours with the next change.
struct StateFile: Sendable {
    /// nil keeps nothing.
    let path: String?
    /// The format that is written, and the highest that is read.
    let format: Int64
    /// What a user can do when it is damaged and there is no copy, behind "put a copy of it back, or ".
    let wayOut: @Sendable () -> String

    /// The contents; nil when there is no such file.
    /// - Throws: ``StartError`` when it cannot be understood: what it says must not be lost by overwriting it. 78 when
    ///   a newer version wrote it.
    func read() throws(StartError) -> JSON? {
        guard let path else {
            return nil
        }
        let json: JSON
        do throws(CredentialError) {
            guard let bytes = try SecretFiles.read(path, wayOut: ": \(repair)") else {
                return nil
            }
            json = try parse(bytes, path)
        } catch {
            throw StartError(.ioError, "\(error)")
        }
        if let found = json["format"] {
            guard let found = found.int else {
                throw damaged()
            }
            guard found <= format else {
                throw StartError(
                    .configuration,
                    "\(path) was written by a newer version of Twinlog (format \(found), "
                        + "this one reads up to \(format)): start that version, or choose another --data-dir")
            }
        }
        return json
    }

    /// For contents that are JSON and not ours.
    func damaged() -> StartError {
        StartError(.ioError, damage("it does not have our fields", path ?? ""))
    }

    private func damage(_ reason: String, _ path: String) -> String {
        "\(path) is damaged: \(reason): \(repair)"
    }

    private var repair: String { "put a copy of it back, or \(wayOut())" }

    private func parse(_ bytes: [UInt8], _ path: String) throws(CredentialError) -> JSON {
        guard !bytes.isEmpty else {
            throw CredentialError(damage("it is empty", path))
        }
        do throws(JSONError) {
            return try JSON.parse(bytes)
        } catch {
            throw CredentialError(damage("\(error)", path))
        }
    }

    func write(_ json: JSON) throws(CredentialError) {
        guard let path else {
            return
        }
        try SecretFiles.replace(path, with: Array((json.text(pretty: true) + "\n").utf8), .ownerOnly)
    }
}
