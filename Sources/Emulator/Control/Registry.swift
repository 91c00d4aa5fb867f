import RESTAPI

/// What the control plane remembers: environments, clusters, log-ins. A value; ``RegistryFile`` keeps it on disk.
struct Registry: Sendable, Equatable {
    struct Cluster: Sendable, Equatable {
        /// With an empty `bootstrap`, which is only known while the cluster runs.
        var facts: ManagedCluster
        /// Which hundred of ports it has, when ports are not chosen by the system: 0 begins at `--port-base`.
        var block: Int
        /// Set before its data are removed, so that a crash leaves nothing half deleted.
        var isDeleting = false
        /// Whether the cluster has ever been open: its data directory is then there, or was lost.
        var wasOpened = false
    }

    struct Session: Sendable, Equatable {
        /// Of the token, which only its user knows.
        var digest: String
        var email: String
        var expiresMs: Int64
    }

    var environments: [EnvironmentInfo] = []
    var clusters: [Cluster] = []
    /// Display names by API key; everything else about keys is in the key store.
    var keyNames: [String: String] = [:]
    var sessions: [Session] = []
    /// Where the clusters listened.
    var addresses = AddressBook()
    /// Whether there ever was a cluster: a first start makes the two of the exercise.
    var hasHadClusters = false
    /// Whether there ever was a file of API keys, which is never removed again.
    var hasHadKeys = false

    static let defaultEnvironment = "env-local"
    static let maximumEnvironments = 100
    static let maximumClusters = 50
    static let maximumSessions = 1_000
    /// Of the file. 1 had ports in the place of blocks, and no addresses.
    static let format: Int64 = 2

    init(now: Int64) {
        environments = [
            EnvironmentInfo(
                id: Self.defaultEnvironment, displayName: "default", package: "ESSENTIALS", createdMs: now,
                updatedMs: now)
        ]
    }

    // MARK: Names

    /// `lkc-` and six characters of Crockford's base32, which has no letters that are read as digits.
    static func makeID(_ prefix: String, isTaken: (String) -> Bool) -> String {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        var generator = SystemRandomNumberGenerator()
        while true {
            let id = prefix + String((0..<6).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] })
            if !isTaken(id) {
                return id
            }
        }
    }

    /// The lowest hundred of ports that no cluster has; the two clusters of the exercise have their own while those are
    /// free.
    ///
    /// - Parameter avoiding: blocks in which another process listens.
    /// - Parameter isUsable: whether nothing else of this process needs the ports.
    func freePortBlock(
        for name: String, avoiding: Set<Int> = [], isUsable: (_ block: Int) -> Bool = { _ in true }
    ) -> Int? {
        let taken = Set(clusters.map(\.block)).union(avoiding)
        let own = [ClusterSpec.source, .destination].first { $0.name == name }?.block
        if let own, !taken.contains(own), isUsable(own) {
            return own
        }
        return (2..<110).first { !taken.contains($0) && isUsable($0) }
    }
}

// MARK: - As JSON

extension Registry {
    var json: JSON {
        [
            "format": JSON(Self.format),
            "had_clusters": .bool(hasHadClusters),
            "had_api_keys": .bool(hasHadKeys),
            "environments": .array(environments.map(\.json)),
            "clusters": .array(clusters.map(\.json)),
            "addresses": addresses.json,
            "key_names": .object(keyNames.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }),
            "sessions": .array(
                sessions.map {
                    ["digest": .string($0.digest), "email": .string($0.email), "expires_ms": JSON($0.expiresMs)]
                }),
        ]
    }

    /// nil when the text is not one of ours.
    init?(_ json: JSON) {
        guard let environments = json["environments"]?.array,
            let clusters = json["clusters"]?.array, let sessions = json["sessions"]?.array
        else {
            return nil
        }
        for item in environments {
            guard let environment = EnvironmentInfo(item) else {
                return nil
            }
            self.environments.append(environment)
        }
        for item in clusters {
            guard let cluster = Cluster(item) else {
                return nil
            }
            self.clusters.append(cluster)
        }
        for item in sessions {
            guard let digest = item["digest"]?.string, let email = item["email"]?.string,
                let expiresMs = item["expires_ms"]?.int
            else {
                return nil
            }
            self.sessions.append(Session(digest: digest, email: email, expiresMs: expiresMs))
        }
        for member in json["key_names"]?.members ?? [] {
            keyNames[member.name] = member.value.string
        }
        if let list = json["addresses"] {
            guard let book = AddressBook(list) else {
                return nil
            }
            addresses = book
        }
        hasHadClusters = json["had_clusters"]?.bool ?? !self.clusters.isEmpty
        hasHadKeys = json["had_api_keys"]?.bool ?? false
        guard !self.environments.isEmpty else {
            return nil
        }
    }
}

extension EnvironmentInfo {
    fileprivate var json: JSON {
        [
            "id": .string(id), "name": .string(displayName), "package": .string(package), "created_ms": JSON(createdMs),
            "updated_ms": JSON(updatedMs),
        ]
    }

    fileprivate init?(_ json: JSON) {
        guard let id = json["id"]?.string, let name = json["name"]?.string, let package = json["package"]?.string,
            let created = json["created_ms"]?.int, let updated = json["updated_ms"]?.int
        else {
            return nil
        }
        self.init(id: id, displayName: name, package: package, createdMs: created, updatedMs: updated)
    }
}

extension Registry.Cluster {
    fileprivate var json: JSON {
        [
            "id": .string(facts.id), "environment": .string(facts.environmentID), "name": .string(facts.displayName),
            "type": .string(facts.type.rawValue), "cku": facts.cku.map { JSON($0) } ?? .null,
            "availability": .string(facts.availability), "cloud": .string(facts.cloud),
            "region": .string(facts.region), "protected": .bool(facts.deletionProtection),
            "created_ms": JSON(facts.createdMs), "updated_ms": JSON(facts.updatedMs), "block": JSON(Int64(block)),
            "deleting": .bool(isDeleting), "opened": .bool(wasOpened),
        ]
    }

    fileprivate init?(_ json: JSON) {
        guard let id = json["id"]?.string, !id.isEmpty, !id.contains("/"), id != "..",
            let environment = json["environment"]?.string, let name = json["name"]?.string,
            let type = json["type"]?.string.flatMap({ ClusterType(rawValue: $0) }),
            let availability = json["availability"]?.string, let cloud = json["cloud"]?.string,
            let region = json["region"]?.string, let created = json["created_ms"]?.int,
            let updated = json["updated_ms"]?.int, let block = Self.block(json)
        else {
            return nil
        }
        facts = ManagedCluster(
            id: id, environmentID: environment, displayName: name, type: type, cku: json["cku"]?.int.map { Int($0) },
            availability: availability, cloud: cloud, region: region,
            deletionProtection: json["protected"]?.bool ?? false, createdMs: created, updatedMs: updated)
        self.block = block
        isDeleting = json["deleting"]?.bool ?? false
        // Versions that did not note it have opened what they had entered, but for a crash in their first start.
        wasOpened = json["opened"]?.bool ?? true
    }

    /// Older files hold the first port of the block.
    private static func block(_ json: JSON) -> Int? {
        if let block = json["block"]?.int {
            return (0..<650).contains(block) ? Int(block) : nil
        }
        guard let port = json["base_port"]?.int, (0...65_535).contains(port) else {
            return nil
        }
        return max(0, (Int(port) - ServeConfiguration.standardPortBase) / PortPlan.blockSize)
    }
}
