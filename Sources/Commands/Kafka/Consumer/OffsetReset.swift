import ArgumentParser
import RESTAPI

struct OffsetResetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Move the committed offsets of a consumer group.",
        discussion: """
            Shows what would change; with --execute it is done. The flags are those of Kafka's own \
            kafka-consumer-groups --reset-offsets. The group must have no members. Offsets outside of the log become \
            its first or last one.

            Examples:
              twinlog kafka consumer group offset reset readers --to-earliest --cluster lkc-dest
              twinlog kafka consumer group offset reset readers --topic link-topic:0,2 --shift-by -10 --execute
              twinlog kafka consumer group offset reset readers --topic a --topic b --to-datetime 2026-11-24T18:00:00Z
            """)

    @Argument(help: "Consumer group ID.")
    var group: String

    @Option(
        help: ArgumentHelp(
            "Only this topic, or these partitions of it; repeatable (default: all that the group has committed).",
            valueName: "TOPIC[:PARTITION,…]"))
    var topic: [String] = []

    @Flag(help: "To the oldest records.")
    var toEarliest = false

    @Flag(help: "To the end: only new records.")
    var toLatest = false

    @Flag(help: "To what is committed, where the log still has it.")
    var toCurrent = false

    @Option(parsing: .unconditional, help: "To this offset.")
    var toOffset: Int64?

    @Option(parsing: .unconditional, help: "By so many records forward, or back when negative.")
    var shiftBy: Int64?

    @Option(
        help: ArgumentHelp(
            "To the first record of this time or later (2026-11-24T18:00:00Z, UTC without a zone; or milliseconds).",
            valueName: "TIME"))
    var toDatetime: String?

    @Flag(help: "Do it.")
    var execute = false

    @Flag(help: "Only show it, as without --execute.")
    var dryRun = false

    @OptionGroup var scope: ClusterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        _ = try target()
        _ = try topics()
        guard toOffset.map({ $0 >= 0 }) ?? true else {
            throw ValidationError("--to-offset must not be negative; --shift-by goes back.")
        }
        guard !execute || !dryRun else {
            throw ValidationError("--execute and --dry-run exclude each other.")
        }
    }

    private func target() throws -> (to: String, value: Int64?) {
        var targets: [(to: String, value: Int64?)] = []
        for (isSet, name) in [(toEarliest, "EARLIEST"), (toLatest, "LATEST"), (toCurrent, "CURRENT")] where isSet {
            targets.append((name, nil))
        }
        for case (let value?, let name) in [(toOffset, "OFFSET"), (shiftBy, "SHIFT")] {
            targets.append((name, value))
        }
        if let toDatetime {
            guard let time = Timestamp.ms(toDatetime) ?? Timestamp.ms(toDatetime + "Z") else {
                throw ValidationError("--to-datetime must be like 2026-11-24T18:00:00Z, or milliseconds.")
            }
            targets.append(("TIME", time))
        }
        guard targets.count == 1 else {
            throw ValidationError(
                "Give one of --to-earliest, --to-latest, --to-current, --to-offset, --shift-by and --to-datetime.")
        }
        return targets[0]
    }

    /// `t`, `t:0,2`.
    func topics() throws -> [JSON] {
        try topic.flatMap { text -> [JSON] in
            guard let colon = text.lastIndex(of: ":") else {
                return [["topic_name": .string(text)]]
            }
            let name = String(text[..<colon])
            return try text[text.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false).map {
                guard let index = Int32($0), index >= 0, !name.isEmpty else {
                    throw ValidationError("--topic must be TOPIC or TOPIC:PARTITION,….")
                }
                return ["topic_name": .string(name), "partition_id": JSON(index)]
            }
        }
    }

    func run() throws {
        let client = try global.client()
        let cluster = try scope.resolve(client, destination: false)
        let (to, value) = try target()
        var body = [JSON.Member("to", .string(to)), JSON.Member("validate_only", .bool(!execute))]
        if let value {
            body.append(JSON.Member("value", .int(value)))
        }
        if !topic.isEmpty {
            body.append(JSON.Member("topics", .array(try topics())))
        }
        let path = [cluster.id, "consumer-groups", group].map { PercentEncoding.encode($0) }.joined(separator: "/")
        let answer: JSON
        do {
            answer = try client.send(.post, "/twinlog/v1/clusters/\(path)/offsets:reset", .object(body))
        } catch let failure as RESTFailure where failure.status == 409 || failure.status == 404 {
            throw CLIError(failure.message)
        }
        output.show(OffsetResetCommand.table(answer))
        for note in OffsetResetCommand.notes(answer) {
            Platform.printError(note)
        }
        if output.output == .human, !execute {
            Platform.printError("Nothing was changed: add --execute to do it.")
        }
    }

    /// Where the log does not have what was asked for, a sentence each.
    static func notes(_ answer: JSON) -> [String] {
        (answer["data"]?.array ?? []).compactMap { move in
            guard let wanted = move["wanted_offset"]?.int, let new = move["new_offset"]?.int, wanted != new else {
                return nil
            }
            let place = "\(move["topic_name"]?.string ?? "")-\(move["partition_id"]?.int ?? -1)"
            let why = wanted < new ? "lies before the first offset" : "lies beyond the end"
            return "Offset \(wanted) \(why) of \(place): \(new) is taken instead."
        }
    }

    static func table(_ answer: JSON) -> Table {
        Table(
            [
                Column("Consumer Group"), Column("Topic"), Column("Partition"), Column("Current Offset"),
                Column("New Offset"),
            ],
            rows: (answer["data"]?.array ?? []).map { move in
                [
                    LinkList.text(answer["consumer_group_id"]), LinkList.text(move["topic_name"]),
                    move["partition_id"] ?? .null, move["current_offset"] ?? .null, move["new_offset"] ?? .null,
                ]
            }, whenEmpty: "There is nothing to move.")
    }
}
