import ArgumentParser
import RESTAPI

/// Flags that every command understands.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: [.customLong("url"), .customLong("endpoint")],
        help: ArgumentHelp(
            "Address of the Twinlog server (default: $TWINLOG_URL, else that of the last log-in, "
                + "else \(defaultURL))."))
    var url: String?

    @Option(help: "Use the server, the log-in and the keys of this context: the URL of an earlier log-in.")
    var context: String?

    static let defaultURL = "http://127.0.0.1:8090"

    func validate() throws {
        guard url == nil || context == nil else {
            throw ValidationError("--url and --context exclude each other.")
        }
    }

    /// The server that was named, or the one that is used without a name.
    func server(_ contexts: Contexts) throws -> ServerURL {
        if let context {
            let named = try ServerURL(context)
            guard contexts.servers[named.description] != nil else {
                throw CLIError("context \"\(context)\" not found: run \"twinlog login --url \(context)\" first")
            }
            return named
        }
        let variable = Platform.environment("TWINLOG_URL").flatMap { $0.isEmpty ? nil : $0 }
        return try ServerURL(url ?? variable ?? contexts.current ?? GlobalOptions.defaultURL)
    }

    func client(timeoutMs: Int64 = 30_000) throws -> RESTClient {
        let contexts = try Contexts.load()
        let server = try server(contexts)
        return RESTClient(server, context: contexts.servers[server.description] ?? Context(), timeoutMs: timeoutMs)
    }
}

/// `-o human|json|yaml`.
struct OutputOptions: ParsableArguments {
    @Option(name: [.short, .customLong("output")], help: "Output format: human, json or yaml.")
    var output: OutputFormat = .human

    func show(_ content: some Printable) {
        StandardOutput.print(content.text(output, width: width, isSearched: isSearched), terminator: "")
    }

    /// Columns of the terminal; what goes elsewhere is made for a small one.
    private var width: Int { Platform.terminalWidth(1) ?? 80 }
    private var isSearched: Bool { Platform.terminalWidth(1) == nil }

    /// Several tables under titles for people, one value for programs.
    func show(_ sections: [(title: String, content: any Printable)], value: JSON) {
        switch output {
        case .human:
            let texts = sections.map { "\($0.title)\n\($0.content.text(.human, width: width, isSearched: isSearched))" }
            StandardOutput.print(texts.joined(separator: "\n"), terminator: "")
        case .json: StandardOutput.print(value.text(pretty: true))
        case .yaml: StandardOutput.print(YAML.text(value), terminator: "")
        }
    }
}

extension OutputFormat: ExpressibleByArgument {}

/// Which environment a command is about.
struct EnvironmentOptions: ParsableArguments {
    @Option(help: "Environment ID (default: that of \"twinlog environment use\", else env-local).")
    var environment: String?

    static let defaultID = "env-local"

    func id(_ client: RESTClient) -> String {
        environment ?? EnvironmentOptions.current(client)
    }

    /// The environment of commands that name none.
    static func current(_ client: RESTClient) -> String {
        client.context.environment ?? defaultID
    }
}

/// Which cluster a command is about.
struct ClusterOptions: ParsableArguments {
    @Option(help: "Kafka cluster ID or name (default: that of \"twinlog kafka cluster use\").")
    var cluster: String?

    @OptionGroup var environment: EnvironmentOptions

    /// The cluster that was named or is in use. Otherwise the only one, for commands about links and mirrors the only
    /// dedicated one, because only a dedicated cluster can be a destination.
    func resolve(_ client: RESTClient, destination: Bool) throws -> ClusterSummary {
        let environment = environment.id(client)
        let clusters = try client.clusters(environment: environment)
        if let wanted = cluster {
            return try ClusterOptions.find(wanted, in: clusters)
        }
        if let used = client.context.clusters[environment] {
            return try ClusterOptions.find(used, in: clusters)
        }
        let candidates = destination ? clusters.filter { $0.type == "DEDICATED" } : clusters
        guard candidates.count == 1 else {
            throw CLIError(
                "no Kafka cluster selected: add --cluster or run \"twinlog kafka cluster use\""
                    + ClusterOptions.hint(clusters))
        }
        return candidates[0]
    }

    /// The cluster of that ID, otherwise the only one of that name.
    static func find(_ wanted: String, in clusters: [ClusterSummary]) throws(CLIError) -> ClusterSummary {
        if let found = clusters.first(where: { $0.id == wanted }) {
            return found
        }
        let named = clusters.filter { $0.name == wanted }
        guard named.count == 1 else {
            let why = named.isEmpty ? "not found" : "names several clusters: use an ID"
            throw CLIError("Kafka cluster \"\(wanted)\" \(why)" + hint(clusters))
        }
        return named[0]
    }

    private static func hint(_ clusters: [ClusterSummary]) -> String {
        guard !clusters.isEmpty else {
            return " (there are no clusters)"
        }
        return " (there are \(clusters.map { "\($0.id) \($0.name)" }.joined(separator: ", ")))"
    }
}
