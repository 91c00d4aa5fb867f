import ArgumentParser
import RESTAPI

struct ClusterCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a Kafka cluster.",
        discussion: """
            The cluster is ready when the command returns. Cloud and region are labels: everything runs in the server.

            Examples:
              twinlog kafka cluster create source-cluster --type basic --cloud gcp --region us-west4
              twinlog kafka cluster create dest-cluster --type dedicated --cloud gcp --region us-east4 --cku 1
            """)

    @Argument(help: "Name of the cluster.")
    var name: String

    @Option(help: "basic, standard, enterprise or dedicated. Only a dedicated cluster can be a destination.")
    var type: ClusterKind = .basic

    @Option(help: "aws, azure or gcp.")
    var cloud: CloudProvider

    @Option(help: "Region of the cloud, for example us-west4.")
    var region: String

    @Option(help: "single-zone, multi-zone, low or high.")
    var availability: ZoneAvailability?

    @Option(help: "Size of a dedicated cluster, 1 or more (default 1; 2 for multi-zone).")
    var cku: Int32?

    @Flag(help: "Refuse to delete the cluster until the protection is taken away.")
    var deletionProtection = false

    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard cku == nil || type == .dedicated else {
            throw ValidationError("--cku is for clusters of --type dedicated.")
        }
        guard cku.map({ $0 >= 1 }) ?? true else {
            throw ValidationError("--cku must be 1 or more.")
        }
    }

    func run() throws {
        let client = try global.client()
        let environment = environment.id(client)
        let answer = try Progress.show("Creating Kafka cluster \"\(name)\"") {
            try client.send(.post, "/cmk/v2/clusters", body(environment: environment))
        }
        let current = client.context.clusters[environment]
        output.show(ClusterDescribeCommand.box(ClusterSummary(answer), current: current, topics: nil))
    }

    func body(environment: String) -> JSON {
        let zones = availability ?? type.defaultAvailability
        var config = [JSON.Member("kind", .string(type.rawValue.capitalizedFirst))]
        if type == .dedicated {
            config.append(JSON.Member("cku", JSON(cku ?? (zones == .multiZone ? 2 : 1))))
        }
        var spec: [JSON.Member] = [
            JSON.Member("display_name", .string(name)),
            JSON.Member("availability", .string(zones.rawValue.uppercased().replacing("-", with: "_"))),
            JSON.Member("cloud", .string(cloud.rawValue.uppercased())),
            JSON.Member("region", .string(region)),
            JSON.Member("config", .object(config)),
            JSON.Member("environment", ["id": .string(environment)]),
        ]
        if deletionProtection {
            spec.append(JSON.Member("deletion_protection", true))
        }
        return ["spec": .object(spec)]
    }
}

enum ClusterKind: String, CaseIterable, ExpressibleByArgument {
    case basic, standard, enterprise, dedicated

    var defaultAvailability: ZoneAvailability {
        switch self {
        case .basic, .standard, .dedicated: .singleZone
        case .enterprise: .high
        }
    }
}

enum CloudProvider: String, CaseIterable, ExpressibleByArgument {
    case aws, azure, gcp
}

enum ZoneAvailability: String, CaseIterable, ExpressibleByArgument {
    case singleZone = "single-zone"
    case multiZone = "multi-zone"
    case low, high
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
