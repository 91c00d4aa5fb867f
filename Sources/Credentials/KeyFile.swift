/// The file of API keys: a heading, then one line for each key with its fields separated by tabs.
///
///     twinlog-api-keys 1
///     KEY  CLUSTER  OWNER  CREATED-MS  UPDATED-MS  ROUNDS  SALT  HASH  NAME  DESCRIPTION
///
/// Salt and hash are hexadecimal; other fields have `%`, controls and line ends escaped as `%XX`.
struct KeyFile {
    struct Record: Equatable {
        let key: APIKey
        let hash: SecretHash
    }

    static let format = 1
    static let heading = "twinlog-api-keys \(format)"
    /// For error messages.
    let name: String

    static func text(_ records: [Record]) -> [UInt8] {
        var lines = [heading]
        for record in records {
            let key = record.key
            lines.append(
                [
                    escape(key.id), escape(key.clusterID), escape(key.owner), String(key.createdMs),
                    String(key.updatedMs), String(record.hash.rounds), hex(record.hash.salt),
                    hex(record.hash.hash), escape(key.displayName), escape(key.description),
                ].joined(separator: "\t"))
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    func parse(_ bytes: [UInt8]) throws(CredentialError) -> [Record] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw damaged("it is not UTF-8 text")
        }
        let lines = text.split(separator: "\n")
        let title = lines.first?.split(separator: " ") ?? []
        if title.count == 2, title[0] == "twinlog-api-keys", let found = Int(title[1]), found > Self.format {
            throw CredentialError(
                "\(name) was written by a newer version of Twinlog (format \(found), this one reads up to "
                    + "\(Self.format)): start that version, or choose another --data-dir", isNewerFormat: true)
        }
        guard lines.first == Self.heading[...] else {
            throw damaged("it is not a file of API keys that this version can read")
        }
        var records: [Record] = []
        for (index, line) in lines.enumerated().dropFirst() {
            guard let record = Self.record(line) else {
                throw damaged("line \(index + 1) does not have the fields of a key")
            }
            records.append(record)
        }
        return records
    }

    private func damaged(_ reason: String) -> CredentialError {
        CredentialError(
            "\(name) is damaged: \(reason): put a copy of it back, or move it away: the next start says how to go on "
                + "without its API keys")
    }

    private static func record(_ line: Substring) -> Record? {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 10, let id = unescape(fields[0]), let cluster = unescape(fields[1]),
            let owner = unescape(fields[2]), let created = Int64(fields[3]), let updated = Int64(fields[4]),
            let rounds = Int(fields[5]), rounds > 0, let salt = unhex(fields[6]), let hash = unhex(fields[7]),
            hash.count == SecretHash.hashBytes, let displayName = unescape(fields[8]),
            let description = unescape(fields[9])
        else {
            return nil
        }
        let key = APIKey(
            id: id, clusterID: cluster, owner: owner, displayName: displayName, description: description,
            createdMs: created, updatedMs: updated)
        return Record(key: key, hash: SecretHash(salt: salt, rounds: rounds, hash: hash))
    }

    private static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar.value < 0x20 || scalar.value == 0x7F {
                result += "%" + hex([UInt8(scalar.value)])
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func unescape(_ text: Substring) -> String? {
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                result.append(scalar)
                continue
            }
            guard rest.count >= 2, let byte = UInt8(String(rest.prefix(2)), radix: 16) else {
                return nil
            }
            result.append(Unicode.Scalar(byte))
            rest = rest.dropFirst(2)
        }
        return String(result)
    }

    private static func unhex(_ text: Substring) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else {
            return nil
        }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }
}
