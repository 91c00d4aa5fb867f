import ArgumentParser
import KafkaProtocol
import RESTAPI

struct MirrorVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare a mirror topic with its source, byte by byte.",
        discussion: """
            Reads every batch of every partition from both clusters. Exits with status 1 unless all that both hold is
            equal. Two empty topics are equal, but that proves nothing: the output says so.

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
        let problems = MirrorVerifyCommand.problems(report)
        guard problems.isEmpty else {
            for problem in problems {
                Platform.printError(problem)
            }
            throw CLIError(
                report["matches"]?.bool == true
                    ? "mirror topic \"\(mirrorTopic)\" could not be compared with its source"
                    : "mirror topic \"\(mirrorTopic)\" differs from its source")
        }
        if output.output == .human {
            print("\n" + MirrorVerifyCommand.summary(report, topic: mirrorTopic))
        }
    }

    /// What speaks against equality, a sentence each; empty when nothing does.
    static func problems(_ report: JSON) -> [String] {
        let partitions = report["partitions"]?.array ?? []
        var problems = partitions.filter { $0["matches"]?.bool != true }.map { partition in
            "Partition \(partition["partition"]?.int ?? -1): \(partition["difference"]?.string ?? "differs")."
        }
        if let difference = report["difference"]?.string {
            problems.insert("Partitions: \(difference).", at: 0)
        }
        if report["matches"]?.bool != true, problems.isEmpty {
            problems = ["Nothing was compared: the mirror topic has no partitions."]
        }
        let missing = missingOffsets(report)
        if problems.isEmpty, missing > 0, report["nothing_to_compare"]?.bool == true {
            problems = ["Nothing was compared: the mirror has none of the source's records yet, of \(missing) offsets."]
        }
        return problems
    }

    /// Offsets at the source's end that the mirror did not have, over all partitions.
    private static func missingOffsets(_ report: JSON) -> Int64 {
        (report["partitions"]?.array ?? []).reduce(into: 0) { sum, partition in
            let source = partition["source"]?["end_offset"]?.int ?? 0
            sum = sum +| max(0, source -| (partition["mirror"]?["end_offset"]?.int ?? 0))
        }
    }

    /// What the comparison has shown, and what it has not.
    static func summary(_ report: JSON, topic: String) -> String {
        let partitions = report["partitions"]?.array ?? []
        let missing = missingOffsets(report)
        let behind = missing > 0 ? " \(missing) offsets at the source's end are not copied yet." : ""
        if report["nothing_to_compare"]?.bool == true {
            return "Nothing to compare: neither \"\(topic)\" nor its source holds a record."
        }
        return behind.isEmpty
            ? "Every byte matches: \(partitions.count) partitions of \"\(topic)\" equal their source."
            : "Every byte of \"\(topic)\" matches its source.\(behind)"
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
