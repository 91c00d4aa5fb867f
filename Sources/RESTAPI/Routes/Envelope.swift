import KafkaProtocol

/// Where an answer's resource lives: builds `metadata.self`, `related` links and resource names.
struct Resource {
    let base: String
    let clusterID: String
    /// Path below the cluster, encoded, with a leading slash unless empty.
    var path = ""

    init(_ request: RESTRequest, clusterID: String) {
        base = request.base
        self.clusterID = clusterID
    }

    init(base: String, clusterID: String) {
        self.base = base
        self.clusterID = clusterID
    }

    func below(_ segments: String...) -> Resource {
        var copy = self
        for segment in segments {
            copy.path += "/" + PercentEncoding.encode(segment)
        }
        return copy
    }

    var url: String { "\(base)/kafka/v3/clusters/\(PercentEncoding.encode(clusterID))\(path)" }
    var related: JSON { ["related": .string(url)] }

    /// - Parameters:
    ///   - name: the resource's `crn` below the cluster (`/topic=t`); nil for kinds that have none.
    func object(_ kind: String, name: String?, _ fields: [JSON.Member]) -> JSON {
        let resourceName = name.map { "crn:///kafka=\(clusterID)\($0)" }
        let metadata: JSON = ["self": .string(url), "resource_name": JSON(resourceName)]
        return .object([JSON.Member("kind", .string(kind)), JSON.Member("metadata", metadata)] + fields)
    }

    func list(_ kind: String, _ data: [JSON]) -> JSON {
        Envelope.list(kind, url: url, data)
    }
}

enum Envelope {
    static func list(_ kind: String, url: String, _ data: [JSON]) -> JSON {
        ["kind": .string(kind), "metadata": ["self": .string(url), "next": nil], "data": .array(data)]
    }
}

extension FleetBackend {
    /// The cluster in the request's path, or 404.
    func cluster(_ request: RESTRequest) async throws -> any ClusterBackend {
        let id = request.capture("cluster_id")
        for cluster in await clusters where cluster.clusterID == id {
            return cluster
        }
        throw RESTError.clusterNotFound(id)
    }
}

extension KafkaUUID {
    /// Hexadecimal with hyphens, as `java.util.UUID` prints it.
    var hyphenated: String {
        let text = (KafkaUUID.hex(high) + KafkaUUID.hex(low))
        var result = ""
        for (index, character) in text.enumerated() {
            if [8, 12, 16, 20].contains(index) {
                result.append("-")
            }
            result.append(character)
        }
        return result
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
