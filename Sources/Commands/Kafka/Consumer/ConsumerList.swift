import ArgumentParser
import RESTAPI

struct ConsumerListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the consumers of a group.",
        discussion: """
            Examples:
              twinlog kafka consumer list --group readers --cluster lkc-dest
            """)

    @Option(help: "Consumer group ID.")
    var group: String

    @OptionGroup var options: ConsumerOptions

    func run() throws {
        options.output.show(ConsumerListCommand.table(try options.cluster().group(group).list("/consumers")))
    }

    static func table(_ consumers: [JSON]) -> Table {
        Table(
            [Column("Consumer Group"), Column("Consumer"), Column("Instance"), Column("Client")],
            rows: consumers.map { consumer in
                [
                    LinkList.text(consumer["consumer_group_id"]), LinkList.text(consumer["consumer_id"]),
                    LinkList.text(consumer["instance_id"]), LinkList.text(consumer["client_id"]),
                ]
            })
    }
}
