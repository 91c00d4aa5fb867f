import ArgumentParser

/// The `twinlog` program.
package struct TwinlogCommand: AsyncParsableCommand {
    package static let version = "0.1.0"

    package static let configuration = CommandConfiguration(
        commandName: "twinlog",
        abstract: "Kafka clusters in one process, with cluster links between them.",
        discussion: """
            Start the clusters in one terminal with "twinlog serve", then use the other commands, which are those of \
            the confluent CLI, from another. "twinlog demo" shows the whole exercise.
            """,
        version: version,
        subcommands: [ServeCommand.self, DemoCommand.self, KafkaCommand.self, DatagenCommand.self])

    package init() {}
}
