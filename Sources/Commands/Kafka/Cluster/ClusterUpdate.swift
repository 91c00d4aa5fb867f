import ArgumentParser
import RESTAPI

struct ClusterUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a Kafka cluster's name, size or type.",
        discussion: """
            Examples:
              twinlog kafka cluster update lkc-dest --name other-cluster
              twinlog kafka cluster update lkc-dest --cku 2
            """)

    @Argument(help: "Kafka cluster ID or name (default: that of \"twinlog kafka cluster use\").")
    var id: String?

    @Option(help: "New name.")
    var name: String?

    @Option(help: "New size of a dedicated cluster, 1 or more.")
    var cku: Int32?

    @Option(help: "New type: a basic cluster can become standard.")
    var type: ClusterKind?

    @Flag(inversion: .prefixedNo, help: "Refuse to delete the cluster, or no longer.")
    var deletionProtection: Bool?

    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard name != nil || cku != nil || type != nil || deletionProtection != nil else {
            throw ValidationError("Nothing to change: add --name, --cku, --type or --deletion-protection.")
        }
        guard cku.map({ $0 >= 1 }) ?? true else {
            throw ValidationError("--cku must be 1 or more.")
        }
        guard cku == nil || type == nil || type == .dedicated else {
            throw ValidationError("--cku is for clusters of --type dedicated.")
        }
    }

    func run() throws {
        var scope = ClusterOptions()
        scope.cluster = id
        scope.environment = environment
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        let environment = environment.id(client)
        if cku != nil, cluster.type != "DEDICATED" {
            throw CLIError("the size of a \(cluster.type.lowercased()) cluster cannot be changed")
        }
        let answer = try client.send(
            .patch, ClusterSummary.controlPath(cluster.id, environment: environment), body(environment: environment))
        let current = client.context.clusters[environment]
        output.show(ClusterDescribeCommand.box(ClusterSummary(answer), current: current, topics: nil))
    }

    func body(environment: String) -> JSON {
        var spec = [JSON.Member("environment", ["id": .string(environment)])]
        if let name {
            spec.append(JSON.Member("display_name", .string(name)))
        }
        if let deletionProtection {
            spec.append(JSON.Member("deletion_protection", .bool(deletionProtection)))
        }
        if let cku {
            spec.append(JSON.Member("config", ["kind": "Dedicated", "cku": JSON(cku)]))
        } else if let type {
            spec.append(JSON.Member("config", ["kind": .string(type.rawValue.capitalizedFirst)]))
        }
        return ["spec": .object(spec)]
    }
}
