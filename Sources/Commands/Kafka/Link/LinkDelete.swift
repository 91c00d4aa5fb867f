import ArgumentParser
import RESTAPI

struct LinkDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete cluster links.",
        discussion: """
            A link with live mirror topics is not deleted.

            Examples:
              twinlog kafka link delete my-link --cluster lkc-dest --force
            """)

    @Argument(help: "Names of the cluster links.")
    var links: [String]

    @Flag(help: "Do not ask.")
    var force = false

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: true)
        for link in links {
            _ = try client.link(link, of: cluster)
        }
        try Confirmation.ask("Delete \(Confirmation.list("cluster link", links))?", force: force)
        for link in links {
            try client.send(.delete, client.linkPath(link, of: cluster))
            StandardOutput.print("Deleted cluster link \"\(link)\".")
        }
    }
}
