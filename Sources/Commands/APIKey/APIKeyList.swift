import ArgumentParser
import RESTAPI

struct APIKeyListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List API keys.",
        discussion: """
            Examples:
              twinlog api-key list
              twinlog api-key list --resource lkc-source
            """)

    @Option(help: "Only keys of this Kafka cluster (ID or name).")
    var resource: String?

    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        var query = "page_size=100"
        if let resource {
            let clusters = try client.clusters(environment: environment.id(client))
            let cluster = try ClusterOptions.find(resource, in: clusters).id
            query += "&spec.resource=\(PercentEncoding.encode(cluster))"
        }
        let keys = try client.list("/iam/v2/api-keys?\(query)")
        output.show(APIKeyListCommand.table(keys, context: client.context))
    }

    static let columns = [
        Column("Current", key: "is_current", marks: true, optional: true), Column("Key"), Column("Description"),
        Column("Owner"), Column("Owner Email"), Column("Resource Type"), Column("Resource"), Column("Created"),
    ]

    static func table(_ keys: [JSON], context: Context) -> Table {
        Table(columns, rows: keys.map { row($0, context: context) })
    }

    static func row(_ key: JSON, context: Context) -> [JSON] {
        let id = key["id"]?.string ?? ""
        let resource = key["spec"]?["resource"]?["id"]?.string ?? ""
        return [
            .bool(context.key(for: resource)?.key == id), .string(id),
            .string(key["spec"]?["description"]?.string ?? ""), .string(key["spec"]?["owner"]?["id"]?.string ?? ""),
            .string(context.email ?? ""),
            .string(resource.hasPrefix("lkc-") ? "kafka" : "cloud"), .string(resource),
            .string(key["metadata"]?["created_at"]?.string ?? ""),
        ]
    }
}

extension RESTClient {
    func apiKey(_ id: String) throws -> JSON {
        do {
            return try get("/iam/v2/api-keys/\(PercentEncoding.encode(id))")
        } catch let failure as RESTFailure where failure.status == 404 || failure.status == 403 {
            throw CLIError("API key \"\(id)\" not found")
        }
    }
}
