import RESTAPI
import Testing

@testable import Commands

/// What the commands make of the server's answers.
struct KafkaTableTests {
    private let mirror: JSON = [
        "link_name": "l", "mirror_topic_name": "t", "source_topic_name": "s", "mirror_status": "ACTIVE",
        "mirror_topic_error": "NO_ERROR", "state_time_ms": 1_700, "num_partitions": 2,
        "mirror_lags": [
            ["partition": 0, "lag": 4, "last_source_fetch_offset": 10],
            ["partition": 1, "lag": 0, "last_source_fetch_offset": 5],
        ],
    ]

    @Test("mirror describe has one row a partition, under the keys that scripts know")
    func mirrorDescribe() throws {
        let rows = try #require(try JSON.parse(MirrorDescribeCommand.table(mirror).text(.json)).array)
        #expect(
            rows[0] == [
                "link_name": "l", "mirror_topic_name": "t", "source_topic_name": "s", "mirror_status": "ACTIVE",
                "mirror_topic_error": "NO_ERROR", "status_time_ms": 1_700, "partition": 0, "partition_mirror_lag": 4,
                "last_source_fetch_offset": 10,
            ])
        #expect(rows.count == 2)
    }

    @Test("mirror list shows the largest lag of each mirror")
    func mirrorList() throws {
        let rows = try #require(try JSON.parse(MirrorListCommand.table([mirror]).text(.json)).array)
        #expect(rows[0]["max_per_partition_mirror_lag"] == 4)
        #expect(rows[0]["num_partition"] == 2)
    }

    @Test("link list shows the short id and leaves NO_ERROR out")
    func linkList() throws {
        let link: JSON = [
            "link_name": "l", "link_id": "uuid", "cluster_link_id": "short", "source_cluster_id": "lkc-s",
            "destination_cluster_id": nil, "link_state": "ACTIVE", "link_error": "NO_ERROR", "topic_names": ["a", "b"],
        ]
        let rows = try #require(try JSON.parse(LinkListCommand.table([link], includeTopics: false).text(.json)).array)
        #expect(rows[0]["link_id"] == "short")
        #expect(rows[0]["error"] == nil)
        #expect(rows[0]["destination_cluster"] == nil)
        let topics = try #require(try JSON.parse(LinkListCommand.table([link], includeTopics: true).text(.json)).array)
        #expect(topics.map { $0["topic_name"] } == ["a", "b"])
    }

    @Test("link configuration list adds the destination and stays in order")
    func linkConfigurations() throws {
        let configs: [JSON] = [
            ["name": "link.mode", "value": "DESTINATION", "is_read_only": false, "source": "DEFAULT_CONFIG"],
            ["name": "bootstrap.servers", "value": "h:1", "is_read_only": false, "source": "x", "synonyms": []],
        ]
        let table = LinkConfigurationListCommand.table(configs, destination: "lkc-d")
        let rows = try #require(try JSON.parse(table.text(.json)).array)
        #expect(rows.map { $0["config_name"] } == ["bootstrap.servers", "dest.cluster.id", "link.mode"])
        #expect(rows[1]["config_value"] == "lkc-d")
        #expect(rows[1]["read_only"] == true)
    }

    @Test("verify shows both sides of each partition below each other")
    func verify() throws {
        let digest: JSON = [
            "start_offset": 0, "end_offset": 9, "batches": 2, "records": 9, "bytes": 700, "hash": "abc",
        ]
        let report: JSON = [
            "matches": true, "partitions": [["partition": 0, "matches": true, "source": digest, "mirror": digest]],
        ]
        let rows = try #require(try JSON.parse(MirrorVerifyCommand.table(report, forPeople: false).text(.json)).array)
        #expect(rows.map { $0["side"] } == ["source", "mirror"])
        #expect(rows.map { $0["hash"] } == ["abc", "abc"])
        #expect(rows.map { $0["result"] } == ["equal", "equal"])
    }

    private func report(source: Int, mirror: Int, batches: Int, difference: JSON = nil) -> JSON {
        let side = { (end: Int) -> JSON in
            ["start_offset": 0, "end_offset": JSON(end), "batches": JSON(batches), "records": 0, "bytes": 0, "hash": ""]
        }
        return [
            "matches": .bool(difference == nil), "difference": difference, "nothing_to_compare": .bool(batches == 0),
            "partitions": [
                [
                    "partition": 0, "matches": true, "source": side(source), "mirror": side(mirror),
                    "compared": ["start_offset": 0, "end_offset": JSON(min(source, mirror))],
                ]
            ],
        ]
    }

    /// Partition 0 is equal, of partition 1 the source has deleted what the mirror holds.
    private var disjoint: JSON {
        func partition(_ index: Int, source: JSON, compared: JSON) -> JSON {
            let mirror: JSON = ["start_offset": 0, "end_offset": 5, "batches": 0, "records": 0, "hash": "ab"]
            return ["partition": JSON(index), "matches": true, "source": source, "mirror": mirror, "compared": compared]
        }
        let equal: JSON = ["start_offset": 0, "end_offset": 5, "hash": "ab"]
        let later: JSON = ["start_offset": 8, "end_offset": 10, "hash": "ab"]
        return [
            "matches": true, "nothing_to_compare": false,
            "partitions": [
                partition(0, source: equal, compared: ["start_offset": 0, "end_offset": 5]),
                partition(1, source: later, compared: ["start_offset": 8, "end_offset": 8]),
            ],
        ]
    }

    @Test("verify calls equal only what it has compared")
    func verifyDisjoint() {
        let rows = MirrorVerifyCommand.table(disjoint, forPeople: false).objects
        #expect(rows.map { $0["result"] } == ["equal", "equal", "nothing compared", "nothing compared"])
        #expect(rows[2]["compared_start_offset"] == 8 && rows[2]["compared_end_offset"] == 8)
        let gap = "Partition 1: nothing was compared: the source holds offsets 8 to 9, the mirror offsets 0 to 4."
        #expect(MirrorVerifyCommand.problems(disjoint).isEmpty)
        let summary = MirrorVerifyCommand.summary(disjoint, topic: "t").split(separator: "\n")
        #expect(summary.first?.contains("in 1 of 2 partitions") == true)
        #expect(summary.last.map(String.init) == gap)
        let partition = disjoint["partitions"]?.array?.last ?? .null
        let nothing: JSON = ["start_offset": 4, "end_offset": 4]
        let empty: JSON = ["matches": true, "source": nothing, "mirror": nothing, "compared": nothing]
        #expect(MirrorVerifyCommand.table(["partitions": [empty]], forPeople: false).objects[0]["result"] == "empty")
        let only: JSON = ["matches": true, "nothing_to_compare": true, "partitions": .array([partition])]
        #expect(MirrorVerifyCommand.problems(only) == [gap])
    }

    @Test("tables of mirrors and links fit into 80 columns where names allow it")
    func widths() {
        func widest(_ table: Table) -> Int {
            table.text(.human).split(separator: "\n").map { DisplayWidth.of(String($0)) }.max() ?? 0
        }
        var row: JSON = [
            "link_name": "my-cluster-link", "mirror_topic_name": "link-topic", "source_topic_name": "link-topic",
            "mirror_status": "ACTIVE", "mirror_topic_error": "NO_ERROR", "state_time_ms": 1_795_861_234_567,
        ]
        for count in [1, 6] {
            let lags = (0..<count).map { index -> JSON in
                ["partition": JSON(index), "lag": 0, "last_source_fetch_offset": JSON(100 + index)]
            }
            row = .object(row.members! + [JSON.Member("mirror_lags", .array(lags))])
            let table = MirrorDescribeCommand.table(row)
            #expect(widest(table) <= 80)
            let text = table.text(.human)
            for word in ["my-cluster-link", "1795861234567", "NO_ERROR", "\(99 + count)"] {
                #expect(text.contains(word))
            }
        }
        #expect(widest(MirrorListCommand.table([row])) <= 80)
        #expect(widest(MirrorVerifyCommand.table(disjoint, forPeople: true)) <= 80)
        let link: JSON = [
            "link_name": "my-cluster-link", "cluster_link_id": "d5b1mBCVSbmZm3eYzH2H5w", "link_state": "ACTIVE",
            "source_cluster_id": "lkc-source", "link_error": "NO_ERROR",
        ]
        #expect(widest(LinkListCommand.table([link], includeTopics: false)) <= 80)
        #expect(widest(LinkListCommand.table([link, link], includeTopics: false)) <= 80)
    }

    @Test("verify claims no more than it has compared")
    func verifySummary() {
        let equal = report(source: 9, mirror: 9, batches: 2)
        #expect(MirrorVerifyCommand.problems(equal).isEmpty)
        #expect(MirrorVerifyCommand.summary(equal, topic: "t").hasPrefix("Every byte matches: 1 partitions"))
        let behind = report(source: 9, mirror: 7, batches: 2)
        #expect(MirrorVerifyCommand.problems(behind).isEmpty)
        #expect(MirrorVerifyCommand.summary(behind, topic: "t").contains("2 offsets at the source's end"))
        let empty = report(source: 0, mirror: 0, batches: 0)
        #expect(MirrorVerifyCommand.problems(empty).isEmpty)
        #expect(MirrorVerifyCommand.summary(empty, topic: "t").hasPrefix("Nothing to compare"))
        #expect(!MirrorVerifyCommand.problems(report(source: 9, mirror: 0, batches: 0)).isEmpty)
        let fewer = report(source: 9, mirror: 9, batches: 2, difference: "the source has 2 partitions, the mirror 1")
        #expect(MirrorVerifyCommand.problems(fewer) == ["Partitions: the source has 2 partitions, the mirror 1."])
    }

    @Test("a cluster is read as the control plane writes it")
    func cluster() {
        let managed = ClusterSummary([
            "id": "lkc-1", "status": ["phase": "PROVISIONED", "cku": 2],
            "spec": [
                "display_name": "dest", "availability": "SINGLE_ZONE", "cloud": "GCP", "region": "us-east4",
                "config": ["kind": "Dedicated", "cku": 2], "kafka_bootstrap_endpoint": "SASL_SSL://h:1",
                "http_endpoint": "http://h:2",
            ],
        ])
        #expect(managed.type == "DEDICATED")
        #expect(managed.status == "UP")
        #expect(managed.cku == 2)
        #expect(managed.availabilityText == "single-zone")
        #expect(managed.endpoint == "SASL_SSL://h:1")
    }
}

struct DemoTests {
    private func mirror(_ rows: [(lag: Int64, fetched: Int64)]) -> JSON {
        let lags = rows.map { row -> JSON in
            ["lag": .int(row.lag), "last_source_fetch_offset": .int(row.fetched)]
        }
        return ["mirror_lags": .array(lags)]
    }

    @Test("a mirror has caught up only when no partition lags and all events are there")
    func progress() {
        #expect(!MirrorProgress(mirror([]), total: 0).isComplete)
        #expect(!MirrorProgress(mirror([(-1, -1), (0, 5)]), total: 5).isComplete)
        #expect(!MirrorProgress(mirror([(0, 4), (0, 5)]), total: 10).isComplete)
        #expect(!MirrorProgress(mirror([(1, 5), (0, 6)]), total: 10).isComplete)
        #expect(MirrorProgress(mirror([(0, 4), (0, 6)]), total: 10).isComplete)
        #expect(MirrorProgress(mirror([(2, 6), (0, 4)]), total: 10).done == 8)
    }

    @Test("kcat's line is split into offset and event")
    func lastEvent() throws {
        let event = try #require(LastEvent(kcat: "198 {\"transaction_id\":599,\"store_id\":1}\n"))
        #expect(event.offset == 198)
        #expect(event.transactionID == 599)
        #expect(LastEvent(kcat: "% ERROR: nothing\n") == nil)
        #expect(LastEvent(kcat: "") == nil)
    }
}
