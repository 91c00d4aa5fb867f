import RESTAPI

/// A Kafka cluster as the control plane describes it.
struct ClusterSummary {
    let id: String
    let name: String
    /// `BASIC`, `DEDICATED`, …
    let type: String
    let cloud: String
    let region: String
    /// `SINGLE_ZONE`, `MULTI_ZONE`, …
    let availability: String
    /// `UP` once it is provisioned.
    let status: String
    /// Size of a dedicated cluster.
    let cku: Int64?
    let deletionProtection: Bool
    /// Where clients with an API key connect, with the protocol in front.
    let endpoint: String
    let restEndpoint: String

    /// A `Cluster` of `/cmk/v2`.
    init(_ value: JSON) {
        let spec = value["spec"] ?? .null
        id = value["id"]?.string ?? ""
        name = spec["display_name"]?.string ?? ""
        type = spec["config"]?["kind"]?.string?.uppercased() ?? ""
        cloud = spec["cloud"]?.string?.lowercased() ?? ""
        region = spec["region"]?.string ?? ""
        availability = spec["availability"]?.string ?? ""
        let phase = value["status"]?["phase"]?.string ?? ""
        status = phase == "PROVISIONED" ? "UP" : phase
        cku = value["status"]?["cku"]?.int ?? spec["config"]?["cku"]?.int
        deletionProtection = spec["deletion_protection"]?.bool ?? false
        endpoint = spec["kafka_bootstrap_endpoint"]?.string ?? ""
        restEndpoint = spec["http_endpoint"]?.string ?? ""
    }

    var path: String { "/kafka/v3/clusters/\(PercentEncoding.encode(id))" }

    /// `SINGLE_ZONE` → `single-zone`.
    var availabilityText: String { availability.lowercased().replacing("_", with: "-") }

    /// Path of the cluster in the control plane.
    static func controlPath(_ id: String, environment: String) -> String {
        "/cmk/v2/clusters/\(PercentEncoding.encode(id))?environment=\(PercentEncoding.encode(environment))"
    }
}

extension RESTClient {
    func clusters(environment: String) throws -> [ClusterSummary] {
        let query = "environment=\(PercentEncoding.encode(environment))&page_size=100"
        do {
            return try list("/cmk/v2/clusters?\(query)").map { ClusterSummary($0) }
        } catch let failure as RESTFailure where failure.status == 400 && failure.message.contains("does not exist") {
            throw CLIError("environment \"\(environment)\" not found")
        }
    }

    /// `HOST:PORT` by listener name (`PLAINTEXT`, `SASL_SSL`, …).
    func listeners(of cluster: ClusterSummary) throws -> [String: String] {
        let answer = try get("/twinlog/v1/clusters/\(PercentEncoding.encode(cluster.id))")
        let entries = (answer["bootstrap"]?.members ?? []).map { ($0.name, $0.value.string ?? "") }
        return Dictionary(entries, uniquingKeysWith: { _, last in last })
    }
}
