import RESTAPI

/// What the commands remember between runs about one server.
struct Context: Equatable {
    var email: String?
    /// Kept only by `login --save`, to log in again when the session has ended.
    var password: String?
    /// Of the last log-in.
    var token: String?
    /// File of the certificates to trust (PEM), for a server that is reached with `https`.
    var authorityFile: String?
    /// Environment that commands use when none is named.
    var environment: String?
    /// Kafka cluster that commands use when none is named, by environment.
    var clusters: [String: String] = [:]
    /// API keys with their secrets, by Kafka cluster.
    var keys: [String: StoredKeys] = [:]
}

/// The API keys of one Kafka cluster that this user may use.
struct StoredKeys: Equatable {
    /// The key that `topic produce` and `topic consume` use.
    var active: String?
    /// Secrets by key.
    var secrets: [String: String] = [:]
}

/// An API key with its secret.
struct KeyPair: Equatable {
    var key: String
    var secret: String
}

extension Context {
    /// The key for a cluster: the one chosen with `api-key use`, otherwise the only one.
    func key(for cluster: String) -> KeyPair? {
        guard let stored = keys[cluster] else {
            return nil
        }
        if let active = stored.active, let secret = stored.secrets[active] {
            return KeyPair(key: active, secret: secret)
        }
        return stored.secrets.count == 1 ? stored.secrets.first.map { KeyPair(key: $0.key, secret: $0.value) } : nil
    }

    mutating func store(_ pair: KeyPair, for cluster: String, activate: Bool) {
        keys[cluster, default: StoredKeys()].secrets[pair.key] = pair.secret
        if activate {
            keys[cluster]?.active = pair.key
        }
    }

    mutating func forget(key: String) {
        for cluster in keys.keys {
            keys[cluster]?.secrets[key] = nil
            if keys[cluster]?.active == key {
                keys[cluster]?.active = nil
            }
        }
        keys = keys.filter { !$0.value.secrets.isEmpty }
    }

    mutating func forget(cluster: String) {
        keys[cluster] = nil
        clusters = clusters.filter { $0.value != cluster }
    }

    mutating func forget(environment name: String) {
        clusters[name] = nil
        environment = environment == name ? nil : environment
    }
}

/// The contexts of all servers that were used: `~/.twinlog/config.json`, or `config.json` in `$TWINLOG_HOME`. Holds
/// secrets; only its owner may read it.
struct Contexts: Equatable {
    /// The server that commands talk to when none is named: the one of the last log-in.
    var current: String?
    var servers: [String: Context] = [:]

    private static let version: Int64 = 1

    static func directory() throws(CLIError) -> String {
        if let home = Platform.environment("TWINLOG_HOME"), !home.isEmpty {
            return home
        }
        guard let home = Platform.environment("HOME"), !home.isEmpty else {
            throw CLIError("neither TWINLOG_HOME nor HOME is set: there is no place for ~/.twinlog")
        }
        return home + "/.twinlog"
    }

    static func path() throws(CLIError) -> String { try directory() + "/config.json" }

    /// What was stored; nothing when there is no file yet.
    static func load() throws(CLIError) -> Contexts {
        let path = try path()
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Platform.readFile(path)
        } catch {
            guard error.isNotFound else {
                throw CLIError("cannot read \(path): \(error)")
            }
            return Contexts()
        }
        guard let value = try? JSON.parse(bytes), value.members != nil else {
            throw CLIError("\(path) is not JSON: repair or remove it")
        }
        return try read(value, path)
    }

    /// What a newer version wrote is not read by halves and written back without the rest.
    static func read(_ value: JSON, _ path: String) throws(CLIError) -> Contexts {
        if let found = value["version"]?.int, found > version {
            throw CLIError(
                "\(path) was written by a newer version of Twinlog (version \(found), "
                    + "this one reads up to \(version)): use that one, or set TWINLOG_HOME to another directory")
        }
        return Contexts(value)
    }

    func save() throws(CLIError) {
        let directory = try Contexts.directory()
        do throws(SystemError) {
            try Platform.makeDirectory(directory)
            try Platform.replaceFile(directory + "/config.json", Array((json.text(pretty: true) + "\n").utf8))
        } catch {
            throw CLIError("cannot write \(directory)/config.json: \(error)")
        }
    }

    /// Changes the context of one server on disk.
    static func update(_ server: String, _ change: (inout Context) -> Void) throws(CLIError) {
        var all = try load()
        change(&all.servers[server, default: Context()])
        try all.save()
    }
}

// MARK: - JSON

extension Contexts {
    init(_ value: JSON) {
        current = value["current_server"]?.string
        for member in value["servers"]?.members ?? [] {
            servers[member.name] = Context(member.value)
        }
    }

    var json: JSON {
        .object([
            JSON.Member("version", JSON(Contexts.version)),
            JSON.Member("current_server", JSON(current)),
            JSON.Member("servers", .sorted(servers) { $0.json }),
        ])
    }
}

extension Context {
    init(_ value: JSON) {
        email = value["email"]?.string
        password = value["password"]?.string
        token = value["token"]?.string
        authorityFile = value["certificate_authority"]?.string
        environment = value["environment"]?.string
        for member in value["clusters"]?.members ?? [] {
            clusters[member.name] = member.value.string
        }
        for member in value["api_keys"]?.members ?? [] {
            var stored = StoredKeys(active: member.value["active"]?.string)
            for secret in member.value["secrets"]?.members ?? [] {
                stored.secrets[secret.name] = secret.value.string
            }
            keys[member.name] = stored
        }
    }

    var json: JSON {
        .object([
            JSON.Member("email", JSON(email)),
            JSON.Member("password", JSON(password)),
            JSON.Member("token", JSON(token)),
            JSON.Member("certificate_authority", JSON(authorityFile)),
            JSON.Member("environment", JSON(environment)),
            JSON.Member("clusters", .sorted(clusters) { .string($0) }),
            JSON.Member(
                "api_keys",
                .sorted(keys) { stored in
                    ["active": JSON(stored.active), "secrets": .sorted(stored.secrets) { .string($0) }]
                }),
        ])
    }
}

extension JSON {
    /// An object with the dictionary's keys in order.
    fileprivate static func sorted<T>(_ values: [String: T], _ convert: (T) -> JSON) -> JSON {
        .object(values.sorted { $0.key < $1.key }.map { Member($0.key, convert($0.value)) })
    }
}
