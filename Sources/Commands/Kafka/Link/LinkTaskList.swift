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
        output.show(LinkTaskListCommand.table(described, forPeople: output.output == .human))
    }

    /// - Parameter forPeople: errors in words instead of as objects.
    static func table(_ link: JSON, forPeople: Bool) -> Table {
        Table(
            [Column("Task Name"), Column("State"), Column("Errors")],
            rows: (link["tasks"]?.array ?? []).map { task in
                let errors = (task["errors"]?.array ?? []).map { error -> JSON in
                    [
                        "error_code": LinkList.text(error["error_code"]),
                        "error_message": LinkList.text(error["error_message"]),
                    ]
                }
                let text = errors.map { "\($0["error_code"]?.string ?? ""): \"\($0["error_message"]?.string ?? "")\"" }
                return [
                    LinkList.text(task["task_name"]), LinkList.text(task["state"]),
                    forPeople ? .string(text.joined(separator: ", ")) : .array(errors),
                ]
            })
    }
}
