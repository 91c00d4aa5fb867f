import ArgumentParser
import RESTAPI

struct MirrorVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare a mirror topic with its source, byte by byte.",
        discussion: """
            Reads every batch of every partition from both clusters. Exits with status 1 unless all of them are equal.

            Examples:
              twinlog kafka mirror verify link-topic --link my-link --cluster lkc-dest
            """)

    @Argument(help: "Name of the mirror topic.")
    var mirrorTopic: String

    @Option(help: "Name of the cluster link.")
    var link: String

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    /// Reading two large topics takes its time.
    private static let timeoutMs: Int64 = 15 * 60_000

    func run() throws {
        let client = try global.client(timeoutMs: MirrorVerifyCommand.timeoutMs)
        let cluster = try scope.resolve(client, destination: true)
        _ = try client.mirror(mirrorTopic, link: link, of: cluster)
        let path = [cluster.id, "links", link, "mirrors", mirrorTopic, "verify"].map { PercentEncoding.encode($0) }
        let report = try Progress.show("Reading every batch of \"\(mirrorTopic)\" and its source") {
            try client.get("/twinlog/v1/clusters/" + path.joined(separator: "/"))
        }
        output.show(MirrorVerifyCommand.table(report, shortHashes: output.output == .human))
        let partitions = report["partitions"]?.array ?? []
        let differing = partitions.filter { $0["matches"]?.bool != true }
        guard report["matches"]?.bool == true else {
            for partition in differing {
                let index = partition["partition"]?.int ?? -1
                Platform.printError("Partition \(index): \(partition["difference"]?.string ?? "differs").")
            }
            throw CLIError("mirror topic \"\(mirrorTopic)\" differs from its source")
        }
        if output.output == .human {
            print("\nEvery byte matches: \(partitions.count) partitions of \"\(mirrorTopic)\" equal their source.")
        }
    }

    /// One row a partition and side, so that equal numbers and hashes stand below each other.
    ///
    /// - Parameter shortHashes: 16 digits are enough for eyes.
    static func table(_ report: JSON, shortHashes: Bool) -> Table {
        var rows: [[JSON]] = []
        for partition in report["partitions"]?.array ?? [] {
            for side in ["source", "mirror"] {
                let digest = partition[side] ?? .null
                let hash = digest["hash"]?.string ?? ""
                rows.append([
                    partition["partition"] ?? .null, .string(side), digest["start_offset"] ?? .null,
                    digest["end_offset"] ?? .null, digest["batches"] ?? .null, digest["records"] ?? .null,
                    digest["bytes"] ?? .null, .string(String(hash.prefix(shortHashes ? 16 : hash.count))),
                    .string(partition["matches"]?.bool == true ? "equal" : "DIFFERENT"),
                ])
            }
        }
        return Table(
            [
                Column("Partition"), Column("Side"), Column("Start Offset"), Column("End Offset"), Column("Batches"),
                Column("Records"), Column("Bytes"), Column("Hash"), Column("Result"),
            ], rows: rows, whenEmpty: "The mirror topic has no partitions.")
    }
}
