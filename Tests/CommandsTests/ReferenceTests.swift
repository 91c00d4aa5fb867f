import RESTAPI
import Testing

@testable import Commands

/// Columns and keys of today's confluent CLI, typed from its reference: `Title=key`, `?` for what is left out when
/// empty. Columns of our own come last, after `+`.
struct ReferenceTests {
    struct Expected: Sendable, CustomTestStringConvertible {
        let command: String
        let columns: String
        let ours: [Column]
        var testDescription: String { command }
    }

    private static func columns(_ table: Table) -> [Column] { table.columns }
    private static func columns(_ box: Box) -> [Column] { box.fields.map { $0.column } }

    /// A cluster with everything that is shown only when there is something to show.
    private static let cluster = ClusterSummary([
        "id": "lkc-1", "spec": ["config": ["kind": "Dedicated", "cku": 1]],
    ])

    private static let link: JSON = [
        "link_name": "l", "cluster_link_id": "i", "source_cluster_id": "s", "destination_cluster_id": "d",
        "remote_cluster_id": "r", "link_state": "FAILED", "link_error": "AUTHENTICATION_ERROR",
        "link_error_message": "m", "category_counts": [["state_category": "ACTIVE", "count": 1]],
    ]

    static let table: [Expected] = [
        Expected(
            command: "environment list",
            columns: "Current=is_current · ID=id · Name=name · Stream Governance Package=stream_governance_package",
            ours: EnvironmentListCommand.columns),
        Expected(
            command: "api-key list",
            columns: "Current=is_current? · Key=key · Description=description · Owner=owner · Owner Email=owner_email "
                + "· Resource Type=resource_type · Resource=resource · Created=created",
            ours: APIKeyListCommand.columns),
        Expected(
            command: "connect cluster list",
            columns: "ID=id · Name=name · Status=status · Type=type · Trace=trace?", ours: ConnectListCommand.columns),
        Expected(
            command: "kafka cluster list",
            columns: "Current=is_current · ID=id · Name=name · Type=type · Cloud=cloud · Region=region "
                + "· Availability=availability · Network=network? · Status=status "
                + "· Deletion Protection=deletion_protection · Endpoint=endpoint",
            ours: columns(ClusterListCommand.table([]))),
        Expected(
            command: "kafka cluster describe",
            columns: "Current=is_current · ID=id · Name=name · Type=type · Cluster Size=cluster_size "
                + "· Ingress Limit (MB/s)=ingress_limit · Egress Limit (MB/s)=egress_limit · Storage=storage "
                + "· Cloud=cloud · Region=region · Availability=availability · Status=status "
                + "· Deletion Protection=deletion_protection · Endpoint=endpoint · REST Endpoint=rest_endpoint "
                + "· Topic Count=topic_count?",
            ours: columns(ClusterDescribeCommand.box(cluster, current: nil, topics: 2))),
        Expected(
            command: "kafka consumer list",
            columns: "Consumer Group=consumer_group · Consumer=consumer · Instance=instance · Client=client",
            ours: columns(ConsumerListCommand.table([]))),
        Expected(
            command: "kafka consumer group list",
            columns: "Cluster=cluster · Consumer Group=consumer_group · Coordinator=coordinator · Simple=is_simple "
                + "· Partition Assignor=partition_assignor · State=state",
            ours: ConsumerGroupListCommand.columns),
        Expected(
            command: "kafka consumer group lag list",
            columns: "Cluster=cluster · Consumer Group=consumer_group · Lag=lag · Log End Offset=log_end_offset "
                + "· Current Offset=current_offset · Consumer=consumer · Instance=instance · Client=client "
                + "· Topic=topic · Partition=partition",
            ours: LagListCommand.columns),
        Expected(
            command: "kafka consumer group lag summarize",
            columns: "Cluster=cluster · Consumer Group=consumer_group · Total Lag=total_lag · Max Lag=max_lag "
                + "· Max Lag Consumer=max_lag_consumer · Max Lag Instance=max_lag_instance "
                + "· Max Lag Client=max_lag_client · Max Lag Topic=max_lag_topic "
                + "· Max Lag Partition=max_lag_partition",
            ours: columns(LagSummarizeCommand.box([:]))),
        Expected(
            command: "kafka link configuration list",
            columns: "Config Name=config_name · Config Value=config_value · Read-Only=read_only · Sensitive=sensitive "
                + "· Source=source · Synonyms=synonyms",
            ours: columns(LinkConfigurationListCommand.table([], destination: "d"))),
        Expected(
            command: "kafka link list --include-topics",
            columns: "Name=link_name · ID=link_id? · Topic Name=topic_name · Source Cluster=source_cluster? "
                + "· Destination Cluster=destination_cluster? · Remote Cluster=remote_cluster? · State=state "
                + "· Error=error? · Error Message=error_message?",
            ours: columns(LinkListCommand.table([], includeTopics: true))),
        Expected(
            command: "kafka link describe",
            columns: "Name=link_name · ID=link_id? · Source Cluster=source_cluster? "
                + "· Destination Cluster=destination_cluster? · Remote Cluster=remote_cluster? · State=state "
                + "· Error=error? · Error Message=error_message? "
                + "· Mirror Partition States Count=mirror_partition_states_count?",
            ours: columns(LinkDescribeCommand.box(link))),
        Expected(
            command: "kafka link task list", columns: "Task Name=task_name · State=state · Errors=errors",
            ours: columns(LinkTaskListCommand.table([:], forPeople: false))),
        Expected(
            command: "kafka mirror describe",
            columns: "Link Name=link_name · Mirror Topic Name=mirror_topic_name · Source Topic Name=source_topic_name "
                + "· Mirror Status=mirror_status · Mirror Topic Error=mirror_topic_error "
                + "· Status Time (ms)=status_time_ms · Partition=partition "
                + "· Partition Mirror Lag=partition_mirror_lag · Last Source Fetch Offset=last_source_fetch_offset",
            ours: columns(MirrorDescribeCommand.table([:]))),
        Expected(
            command: "kafka mirror list",
            columns: "Link Name=link_name · Mirror Topic Name=mirror_topic_name · Source Topic Name=source_topic_name "
                + "· Mirror Status=mirror_status · Status Time (ms)=status_time_ms · Num Partition=num_partition "
                + "· Max Per Partition Mirror Lag=max_per_partition_mirror_lag",
            ours: columns(MirrorListCommand.table([]))),
        Expected(
            command: "kafka topic list",
            columns: "Name=name · Internal=is_internal · Replication Factor=replication_factor "
                + "· Partition Count=partition_count",
            ours: columns(TopicListCommand.table([]))),
        Expected(
            command: "kafka topic describe",
            columns: "Name=name · Internal=is_internal · Replication Factor=replication_factor "
                + "· Partition Count=partition_count",
            ours: columns(TopicDescribeCommand.box([:]))),
        Expected(
            command: "kafka topic configuration list", columns: "Name=name · Value=value · Read-Only=read_only",
            ours: columns(TopicConfigurationListCommand.table([]))),
    ]

    @Test("columns, keys and their order are those of the confluent CLI", arguments: table)
    func columns(_ expected: Expected) {
        let ours = expected.ours.map { "\($0.title)=\($0.key)\($0.isOptional ? "?" : "")" }
        #expect(ours == expected.columns.split(separator: "·").map { $0.filter(Self.isKept).trimmed })
    }

    private static func isKept(_ character: Character) -> Bool { character != "\n" }

    @Test("what is optional and empty is left out for programs, and of a box for people; a list keeps its columns")
    func optional() throws {
        let quiet: JSON = ["link_name": "l", "link_state": "ACTIVE", "link_error": "NO_ERROR"]
        let table = LinkListCommand.table([quiet], includeTopics: false)
        #expect(table.objects == [["link_name": "l", "state": "ACTIVE"]])
        #expect(table.text(.human, width: 200).contains("Error Message"))
        #expect(!LinkDescribeCommand.box(quiet).text(.human).contains("Error"))
    }

    @Test("errors of a link's tasks are objects for programs, and words for people")
    func tasks() {
        let link: JSON = [
            "tasks": [
                [
                    "task_name": "AclSync", "state": "IN_ERROR",
                    "errors": [["error_code": "AUTHENTICATION_ERROR", "error_message": "Auth issue."]],
                ]
            ]
        ]
        #expect(
            LinkTaskListCommand.table(link, forPeople: false).objects == [
                [
                    "task_name": "AclSync", "state": "IN_ERROR",
                    "errors": [["error_code": "AUTHENTICATION_ERROR", "error_message": "Auth issue."]],
                ]
            ])
        #expect(
            LinkTaskListCommand.table(link, forPeople: true).text(.human).contains(
                "AUTHENTICATION_ERROR: \"Auth issue.\""))
    }
}

extension String {
    fileprivate var trimmed: String {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
