import ArgumentParser
import RESTAPI

struct LinkTaskListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the background tasks of a cluster link.",
        discussion: """
            Examples:
              twinlog kafka link task list my-link --cluster lkc-dest
            """)

    @Argument(help: "Name of the cluster link.")
    var link: String

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: true)
        let described = try client.link(link, of: cluster, query: "?include_tasks=true")
        output.show(LinkTaskListCommand.table(described))
    }

    static func table(_ link: JSON) -> Table {
        Table(
            [Column("Task Name"), Column("State"), Column("Errors")],
            rows: (link["tasks"]?.array ?? []).map { task in
                let errors = (task["errors"]?.array ?? []).map { error in
                    "\(error["error_code"]?.string ?? ""): \"\(error["error_message"]?.string ?? "")\""
                }
                return [
                    LinkList.text(task["task_name"]), LinkList.text(task["state"]),
                    .string(errors.joined(separator: ", ")),
                ]
            }, whenEmpty: "No tasks found.")
    }
}
