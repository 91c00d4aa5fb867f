import ArgumentParser
import RESTAPI

struct LagSummarizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summarize", abstract: "A consumer group's lag over all partitions, and where it is largest.",
        discussion: """
            Examples:
              twinlog kafka consumer group lag summarize readers --cluster lkc-dest
            """)

    @OptionGroup var group: GroupOptions

    func run() throws {
        let summary = try group.find().get("/lag-summary", missing: "has committed nothing yet")
        group.show(LagSummarizeCommand.box(summary))
    }

    static func box(_ summary: JSON) -> Box {
        Box([
            (Column("Cluster"), LinkList.text(summary["cluster_id"])),
            (Column("Consumer Group"), LinkList.text(summary["consumer_group_id"])),
            (Column("Total Lag"), summary["total_lag"] ?? .null),
            (Column("Max Lag"), summary["max_lag"] ?? .null),
            (Column("Max Lag Consumer"), LinkList.text(summary["max_lag_consumer_id"])),
            (Column("Max Lag Instance"), LinkList.text(summary["max_lag_instance_id"])),
            (Column("Max Lag Client"), LinkList.text(summary["max_lag_client_id"])),
            (Column("Max Lag Topic"), LinkList.text(summary["max_lag_topic_name"])),
            (Column("Max Lag Partition"), summary["max_lag_partition_id"] ?? .null),
        ])
    }
}

struct LagListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "A consumer group's lag, partition by partition.",
        discussion: """
            Examples:
              twinlog kafka consumer group lag list readers --cluster lkc-dest
            """)

    @OptionGroup var group: GroupOptions

    func run() throws {
        group.show(LagListCommand.table(try group.find().list("/lags")))
    }

    static let columns = [
        Column("Cluster"), Column("Consumer Group"), Column("Lag"), Column("Log End Offset"),
        Column("Current Offset"), Column("Consumer"), Column("Instance"), Column("Client"), Column("Topic"),
        Column("Partition"),
    ]

    static func row(_ lag: JSON) -> [JSON] {
        [
            LinkList.text(lag["cluster_id"]), LinkList.text(lag["consumer_group_id"]), lag["lag"] ?? .null,
            lag["log_end_offset"] ?? .null, lag["current_offset"] ?? .null, LinkList.text(lag["consumer_id"]),
            LinkList.text(lag["instance_id"]), LinkList.text(lag["client_id"]), LinkList.text(lag["topic_name"]),
            lag["partition_id"] ?? .null,
        ]
    }

    static func table(_ lags: [JSON]) -> Table {
        Table(columns, rows: lags.map { row($0) })
    }
}

struct LagDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "A consumer group's lag in one partition.",
        discussion: """
            Examples:
              twinlog kafka consumer group lag describe readers --topic link-topic --partition 0 --cluster lkc-dest
            """)

    @OptionGroup var group: GroupOptions

    @Option(help: "Topic name.")
    var topic: String

    @Option(parsing: .unconditional, help: "Partition.")
    var partition: Int32

    func validate() throws {
        guard partition >= 0 else {
            throw ValidationError("--partition must not be negative.")
        }
    }

    func run() throws {
        let path = "/lags/\(PercentEncoding.encode(topic))/partitions/\(partition)"
        let lag = try group.find().get(path, missing: "has committed nothing in partition \(partition) of \"\(topic)\"")
        group.show(Box(Array(zip(LagListCommand.columns, LagListCommand.row(lag)))))
    }
}
