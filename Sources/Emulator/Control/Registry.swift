import RESTAPI

/// What the control plane remembers: environments, clusters, log-ins. A value; ``RegistryFile`` keeps it on disk.
struct Registry: Sendable, Equatable {
    struct Cluster: Sendable, Equatable {
        /// With an empty `bootstrap`, which is only known while the cluster runs.
        var facts: ManagedCluster
        /// PLAINTEXT port of its first broker, when ports are not chosen by the system.
        var basePort: Int
        /// Set before its data are removed, so that a crash leaves nothing half deleted.
        var isDeleting = false
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
    /// Whether there ever was a cluster: a first start makes the two of the exercise.
    var hasHadClusters = false

    static let defaultEnvironment = "env-local"
    static let maximumEnvironments = 100
    static let maximumClusters = 50
    static let maximumSessions = 1_000

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
    func freePortBlock(for name: String, avoiding: Set<Int> = []) -> Int? {
        let taken = Set(clusters.map(\.basePort)).union(avoiding)
        let own = [ClusterSpec.source, .destination].first { $0.name == name }?.basePort
        if let own, !taken.contains(own) {
            return own
        }
        return stride(from: 9_292, through: 19_992, by: 100).first { !taken.contains($0) }
    }
}

// MARK: - As JSON

extension Registry {
    var json: JSON {
        [
            "format": 1,
            "had_clusters": .bool(hasHadClusters),
            "environments": .array(environments.map(\.json)),
            "clusters": .array(clusters.map(\.json)),
            "key_names": .object(keyNames.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }),
            "sessions": .array(
                sessions.map {
                    ["digest": .string($0.digest), "email": .string($0.email), "expires_ms": JSON($0.expiresMs)]
                }),
        ]
    }

    /// nil when the text is not one of ours.
    init?(_ json: JSON) {
        guard json["format"]?.int == 1, let environments = json["environments"]?.array,
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
        hasHadClusters = json["had_clusters"]?.bool ?? !self.clusters.isEmpty
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
            "created_ms": JSON(facts.createdMs), "updated_ms": JSON(facts.updatedMs), "base_port": JSON(basePort),
            "deleting": .bool(isDeleting),
        ]
    }

    fileprivate init?(_ json: JSON) {
        guard let id = json["id"]?.string, !id.isEmpty, !id.contains("/"), id != "..",
            let environment = json["environment"]?.string, let name = json["name"]?.string,
            let type = json["type"]?.string.flatMap({ ClusterType(rawValue: $0) }),
            let availability = json["availability"]?.string, let cloud = json["cloud"]?.string,
            let region = json["region"]?.string, let created = json["created_ms"]?.int,
            let updated = json["updated_ms"]?.int, let port = json["base_port"]?.int
        else {
            return nil
        }
        facts = ManagedCluster(
            id: id, environmentID: environment, displayName: name, type: type, cku: json["cku"]?.int.map { Int($0) },
            availability: availability, cloud: cloud, region: region,
            deletionProtection: json["protected"]?.bool ?? false, createdMs: created, updatedMs: updated)
        basePort = Int(port)
        isDeleting = json["deleting"]?.bool ?? false
    }
}
