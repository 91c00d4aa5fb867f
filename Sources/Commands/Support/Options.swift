import ArgumentParser
import RESTAPI

/// Flags that every command understands.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Address of the Twinlog server (default: $TWINLOG_URL, else http://127.0.0.1:8090)."))
    var url: String?

    static let defaultURL = "http://127.0.0.1:8090"

    func client(timeoutMs: Int64 = 30_000) throws -> RESTClient {
        let text = url ?? Platform.environment("TWINLOG_URL") ?? GlobalOptions.defaultURL
        return RESTClient(try ServerURL(text), timeoutMs: timeoutMs)
    }
}

/// `-o human|json|yaml`.
struct OutputOptions: ParsableArguments {
    @Option(name: [.short, .customLong("output")], help: "Output format: human, json or yaml.")
    var output: OutputFormat = .human

    func show(_ table: Table) {
        print(table.text(output), terminator: "")
    }

    func show(_ box: Box) {
        print(box.text(output), terminator: "")
    }
}

extension OutputFormat: ExpressibleByArgument {}

/// Which cluster a command is about.
struct ClusterOptions: ParsableArguments {
    @Option(help: "Kafka cluster ID or name.")
    var cluster: String?

    @Option(help: "Environment ID. There is one, env-local.")
    var environment: String?

    static let environmentID = "env-local"

    /// The cluster that was named. Without a name, the only dedicated one for commands about links and mirrors,
    /// because only a dedicated cluster can be a destination; commands about topics must be told.
    func resolve(_ client: RESTClient, destination: Bool) throws -> ClusterSummary {
        try checkEnvironment()
        let clusters = try client.clusters()
        guard let wanted = cluster else {
            let candidates = destination ? clusters.filter { $0.type == "DEDICATED" } : clusters
            if candidates.count == 1 {
                return candidates[0]
            }
            throw CLIError("no Kafka cluster selected: add --cluster\n\(ClusterOptions.hint(clusters))")
        }
        if let found = clusters.first(where: { $0.id == wanted }) {
            return found
        }
        let named = clusters.filter { $0.name == wanted }
        guard named.count == 1 else {
            throw CLIError("Kafka cluster \"\(wanted)\" not found\n\(ClusterOptions.hint(clusters))")
        }
        return named[0]
    }

    func checkEnvironment() throws {
        if let environment, environment != ClusterOptions.environmentID {
            throw CLIError("environment \"\(environment)\" not found: there is \(ClusterOptions.environmentID)")
        }
    }

    private static func hint(_ clusters: [ClusterSummary]) -> String {
        guard !clusters.isEmpty else {
            return "There are no clusters."
        }
        let list = clusters.map { "  \($0.id)  \($0.name)" }
        return "Clusters:\n" + list.joined(separator: "\n")
    }
}
