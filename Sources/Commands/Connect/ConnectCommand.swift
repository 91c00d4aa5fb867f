import ArgumentParser
import RESTAPI

struct ConnectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Manage connectors.", subcommands: [ConnectClusterCommand.self])
}

struct ConnectClusterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", abstract: "Manage connectors, which write generated records to a topic.",
        subcommands: [
            ConnectCreateCommand.self, ConnectListCommand.self, ConnectDescribeCommand.self, ConnectPauseCommand.self,
            ConnectResumeCommand.self, ConnectUpdateCommand.self, ConnectDeleteCommand.self,
        ])
}

/// A connector as the expanded list describes it.
struct ConnectorSummary {
    let id: String
    let name: String
    let type: String
    let state: String
    let trace: String
    let tasks: [JSON]
    let config: [(name: String, value: String)]

    init(name: String, _ value: JSON) {
        let status = value["status"] ?? .null
        id = value["id"]?["id"]?.string ?? ""
        self.name = name
        type = status["type"]?.string ?? value["info"]?["type"]?.string ?? ""
        state = status["connector"]?["state"]?.string ?? ""
        trace = status["connector"]?["trace"]?.string ?? ""
        tasks = status["tasks"]?.array ?? []
        config = (value["info"]?["config"]?.members ?? []).map { ($0.name, $0.value.string ?? $0.value.text()) }
            .sorted { $0.0 < $1.0 }
    }
}

/// The connectors of one cluster.
struct Connectors {
    let client: RESTClient
    let path: String

    init(_ client: RESTClient, _ scope: ClusterOptions) throws {
        self.client = client
        let cluster = try scope.resolve(client, destination: false)
        let environment = PercentEncoding.encode(scope.environment.id(client))
        path = "/connect/v1/environments/\(environment)/clusters/\(PercentEncoding.encode(cluster.id))/connectors"
    }

    /// Ordered by name.
    func all() throws -> [ConnectorSummary] {
        let answer = try client.get(path + "?expand=info,status,id")
        return (answer.members ?? []).map { ConnectorSummary(name: $0.name, $0.value) }.sorted { $0.name < $1.name }
    }

    /// The connector of that ID, otherwise of that name.
    func find(_ wanted: String) throws -> ConnectorSummary {
        let connectors = try all()
        guard let found = connectors.first(where: { $0.id == wanted }) ?? connectors.first(where: { $0.name == wanted })
        else {
            throw CLIError("connector \"\(wanted)\" not found")
        }
        return found
    }

    func path(of connector: ConnectorSummary) -> String {
        "\(path)/\(PercentEncoding.encode(connector.name))"
    }
}

/// The file that describes a connector.
enum ConnectorFile {
    /// `{"name": …, "config": {…}}`, or the configs alone with `name` among them.
    static func read(_ path: String) throws(CLIError) -> (name: String, config: JSON) {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Platform.readFile(path)
        } catch {
            throw CLIError("cannot read \"\(path)\": \(error)")
        }
        let value: JSON
        do throws(JSONError) {
            value = try JSON.parse(bytes)
        } catch {
            throw CLIError("\"\(path)\" is not JSON: \(error)")
        }
        do throws(CLIError) {
            return try parse(value)
        } catch {
            throw CLIError("\"\(path)\": \(error.message)")
        }
    }

    static func parse(_ value: JSON) throws(CLIError) -> (name: String, config: JSON) {
        guard let members = value.members else {
            throw CLIError("a connector is a JSON object")
        }
        let config = value["config"] ?? .object(members)
        guard let entries = config.members else {
            throw CLIError("\"config\" must be a JSON object")
        }
        for entry in entries where entry.value.members != nil || entry.value.array != nil {
            throw CLIError("config \"\(entry.name)\" must be a string, a number or a Boolean")
        }
        guard let name = value["name"]?.string ?? config["name"]?.string, !name.isEmpty else {
            throw CLIError("required config \"name\" is missing")
        }
        guard config["connector.class"]?.string != nil else {
            throw CLIError("required config \"connector.class\" is missing")
        }
        let strings = entries.map { JSON.Member($0.name, .string($0.value.string ?? $0.value.text())) }
        return (name, .object(strings))
    }
}
