import ArgumentParser
import RESTAPI

struct TopicDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete topics with all their records.",
        discussion: """
            Examples:
              twinlog kafka topic delete link-topic --cluster lkc-source --force
            """)

    @Argument(help: "Topic names.")
    var topics: [String]

    @Flag(help: "Do not ask.")
    var force = false

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        for topic in topics {
            _ = try client.topic(topic, of: cluster)
        }
        try Confirmation.ask("Delete \(Confirmation.list("topic", topics))?", force: force)
        for topic in topics {
            try client.send(.delete, "\(cluster.path)/topics/\(PercentEncoding.encode(topic))")
            StandardOutput.print("Deleted topic \"\(topic)\".")
        }
    }
}
