import ArgumentParser
import KafkaProtocol
import RESTAPI

struct MirrorVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare a mirror topic with its source, byte by byte.",
        discussion: """
            Reads every batch of every partition from both clusters. Exits with status 1 unless all that both hold is
            equal, and when there is something but nothing that both hold. Two empty topics are equal, but that proves
            nothing: the output says so. Batches, bytes and whole hashes (SHA-256) are in -o json.

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
        output.show(MirrorVerifyCommand.table(report, forPeople: output.output == .human))
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
            StandardOutput.print("\n" + MirrorVerifyCommand.summary(report, topic: mirrorTopic))
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
        if problems.isEmpty, report["nothing_to_compare"]?.bool == true {
            problems = gaps(report)
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

    /// Partitions of which nothing was compared although one side holds something, a sentence each.
    private static func gaps(_ report: JSON) -> [String] {
        (report["partitions"]?.array ?? []).filter { isGap($0) }.map { partition in
            func range(_ side: String) -> String {
                let start = partition[side]?["start_offset"]?.int ?? 0
                let end = partition[side]?["end_offset"]?.int ?? 0
                return start < end ? "offsets \(start) to \(end -| 1)" : "nothing (its end is \(end))"
            }
            return "Partition \(partition["partition"]?.int ?? -1): nothing was compared: the source holds "
                + "\(range("source")), the mirror \(range("mirror"))."
        }
    }

    /// Whether nothing was compared although one side holds something.
    private static func isGap(_ partition: JSON) -> Bool {
        guard partition["matches"]?.bool == true, let compared = partition["compared"], !isEmpty(partition) else {
            return false
        }
        return compared["start_offset"] == compared["end_offset"]
    }

    /// Whether neither side holds an offset.
    private static func isEmpty(_ partition: JSON) -> Bool {
        ["source", "mirror"].allSatisfy { partition[$0]?["start_offset"] == partition[$0]?["end_offset"] }
    }

    /// What the comparison has shown, and what it has not.
    static func summary(_ report: JSON, topic: String) -> String {
        let count = (report["partitions"]?.array ?? []).count
        let missing = missingOffsets(report)
        let gaps = gaps(report)
        guard report["nothing_to_compare"]?.bool != true else {
            return "Nothing to compare: neither \"\(topic)\" nor its source holds a record."
        }
        let behind = missing > 0 ? " \(missing) offsets at the source's end are not copied yet." : ""
        guard gaps.isEmpty else {
            let compared = "\(count - gaps.count) of \(count) partitions of \"\(topic)\""
            return (["What both sides hold is equal, in \(compared).\(behind)"] + gaps).joined(separator: "\n")
        }
        return behind.isEmpty
            ? "Every byte matches: \(count) partitions of \"\(topic)\" equal their source."
            : "Every byte of \"\(topic)\" matches its source.\(behind)"
    }

    /// One row a partition and side, so that equal numbers and hashes stand below each other.
    ///
    /// - Parameter forPeople: leaves out what makes the table too wide, and all but the first digits of the hashes.
    static func table(_ report: JSON, forPeople: Bool) -> Table {
        var rows: [[JSON]] = []
        for partition in report["partitions"]?.array ?? [] {
            let isEqual = partition["matches"]?.bool == true
            let same = isGap(partition) ? "nothing compared" : isEmpty(partition) ? "empty" : "equal"
            for side in ["source", "mirror"] {
                let digest = partition[side] ?? .null
                let hash = isGap(partition) && forPeople ? "" : digest["hash"]?.string ?? ""
                rows.append([
                    partition["partition"] ?? .null, .string(side), digest["start_offset"] ?? .null,
                    digest["end_offset"] ?? .null, digest["batches"] ?? .null, digest["records"] ?? .null,
                    digest["bytes"] ?? .null, .string(String(hash.prefix(forPeople ? 12 : hash.count))),
                    partition["compared"]?["start_offset"] ?? .null, partition["compared"]?["end_offset"] ?? .null,
                    .string(isEqual ? same : "DIFFERENT"),
                ])
            }
        }
        let columns = [
            Column("Partition"), Column("Side"), Column("Start Offset"), Column("End Offset"), Column("Batches"),
            Column("Records"), Column("Bytes"), Column("Hash"), Column("Compared Start Offset"),
            Column("Compared End Offset"), Column("Result"),
        ]
        let shown = columns.indices.filter { !forPeople || ![4, 6, 8, 9].contains($0) }
        return Table(
            shown.map { columns[$0] }, rows: rows.map { row in shown.map { row[$0] } },
            whenEmpty: "The mirror topic has no partitions.")
    }
}
