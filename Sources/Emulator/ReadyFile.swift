import LogStorage

/// What a script needs to know about a running server.
package struct ReadyFacts: Sendable, Equatable {
    package struct Cluster: Sendable, Equatable {
        package var id: String
        package var name: String
        /// Listener and `HOST:PORT`, in the order of the contract.
        package var bootstrap: [(listener: String, address: String)]

        package static func == (left: Self, right: Self) -> Bool {
            left.json == right.json
        }
    }

    package var pid: Int32
    /// Base URL of the HTTP listener.
    package var http: String
    package var clusters: [Cluster]

    package var json: String {
        let clusters = clusters.map(\.json).joined(separator: ",")
        return "{\"pid\":\(pid),\"http\":\(quoted(http)),\"clusters\":[\(clusters)]}\n"
    }

    /// - Throws: ``StartError`` for a device, a pipe, a link or a directory. A file would take its place, and be
    ///   removed at the end: that of `/dev/null` too.
    static func check(_ path: String) throws(StartError) {
        guard !Files.isIrregular(path) else {
            throw StartError(.cannotCreate, "ready file \(path) is there and is no regular file: choose another")
        }
    }

    /// Writes the file in one step: who sees it sees all of it.
    func write(to path: String) throws(StartError) {
        try Self.check(path)
        do throws(StorageError) {
            try PosixFileSystem().replace(path, with: Array(json.utf8), durable: false)
        } catch {
            throw StartError(.cannotCreate, "ready file \(path) cannot be written: \(error.detail)")
        }
    }

    /// Takes the file away: nobody is ready any more.
    static func remove(_ path: String) {
        guard !Files.isIrregular(path) else {
            return
        }
        try? PosixFileSystem().remove(path)
    }
}

extension ReadyFacts.Cluster {
    fileprivate var json: String {
        let addresses = bootstrap.map { "\(quoted($0.listener)):\(quoted($0.address))" }.joined(separator: ",")
        return "{\"id\":\(quoted(id)),\"name\":\(quoted(name)),\"bootstrap\":{\(addresses)}}"
    }
}

/// A JSON string.
private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case _ where scalar.value < 0x20:
            let hex = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
