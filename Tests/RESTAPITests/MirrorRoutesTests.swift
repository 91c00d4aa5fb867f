import ClusterCore
import KafkaProtocol
import RESTAPI
import Testing

struct MirrorRoutesTests {
    private let cluster = FakeCluster("lkc-dest")
    private var fleet: FakeFleet { FakeFleet(members: [cluster]) }
    private let links = "/kafka/v3/clusters/lkc-dest/links"

    init() {
        cluster.state.withLock { fake in
            for link in ["l1", "l2"] {
                fake.links.append(
                    LinkStatus(id: .zero, name: link, sourceClusterID: nil, topicNames: [], state: .active))
            }
            fake.mirrors = [
                MirrorStatus(
                    linkName: "l1", mirrorTopicName: "t", sourceTopicName: "s", state: .active, stateTimeMs: 1_700,
                    lags: [
                        MirrorLag(partition: 0, lag: 0, lastSourceFetchOffset: 12),
                        MirrorLag(partition: 1, lag: -1, lastSourceFetchOffset: -1),
                    ]),
                MirrorStatus(
                    linkName: "l2", mirrorTopicName: "u", sourceTopicName: "u", state: .sourceUnavailable,
                    error: .noError, stateTimeMs: 0, lags: []),
            ]
        }
    }

    @Test("a mirror is created with the source's name unless told otherwise")
    func create() async throws {
        let reply = try await fleet.send(
            .post, links + "/l1/mirrors", #"{"source_topic_name":"t","replication_factor":3}"#)
        #expect(reply.status == 204)
        let made = try #require(cluster.state.withLock { $0.mirrorCreations.first })
        #expect(made.link == "l1")
        #expect(made.sourceTopicName == "t")
        #expect(made.mirrorTopicName == nil)
        #expect(made.replicationFactor == 3)
    }

    @Test(
        "a creation without a source topic or with wrong types is refused",
        arguments: [
            "{}", #"{"source_topic_name":""}"#, #"{"source_topic_name":1}"#,
            #"{"source_topic_name":"t","replication_factor":"3"}"#,
            #"{"source_topic_name":"t","replication_factor":70000}"#,
        ])
    func badCreate(_ body: String) async throws {
        #expect(try await fleet.send(.post, links + "/l1/mirrors", body).status == 400)
        #expect(cluster.state.withLock { $0.mirrorCreations.isEmpty })
    }

    @Test("a described mirror has one lag a partition, as plain numbers")
    func describe() async throws {
        let reply = try await fleet.send(.get, links + "/l1/mirrors/t")
        #expect(reply.json["kind"] == "KafkaMirrorData")
        #expect(reply.json["mirror_status"] == "ACTIVE")
        #expect(reply.json["mirror_topic_error"] == "NO_ERROR")
        #expect(reply.json["num_partitions"] == 2)
        #expect(reply.json["state_time_ms"] == 1_700)
        #expect(
            reply.json["mirror_lags"] == [
                ["partition": 0, "lag": 0, "last_source_fetch_offset": 12],
                ["partition": 1, "lag": -1, "last_source_fetch_offset": -1],
            ])
    }

    @Test("mirrors are listed by link, and over all links with the link '-'")
    func list() async throws {
        #expect(try await fleet.send(.get, links + "/l1/mirrors").data.count == 1)
        let all = try await fleet.send(.get, links + "/-/mirrors")
        #expect(all.json["kind"] == "KafkaMirrorDataList")
        #expect(all.data.map { $0["link_name"] } == ["l1", "l2"])
    }

    @Test("mirror_status filters, whatever its case, and must be known")
    func filter() async throws {
        let reply = try await fleet.send(.get, links + "/-/mirrors?mirror_status=source_unavailable")
        #expect(reply.data.map { $0["mirror_topic_name"] } == ["u"])
        #expect(try await fleet.send(.get, links + "/-/mirrors?mirror_status=nonsense").status == 400)
    }

    @Test("what keeps an active mirror from getting on is told")
    func hindrance() async throws {
        let fine = try await fleet.send(.get, links + "/l1/mirrors/t").json
        #expect(fine["mirror_topic_error"] == "NO_ERROR" && fine["mirror_topic_error_message"] == .null)
        cluster.state.withLock { $0.mirrors[0].errorMessage = "the disk is full" }
        let stuck = try await fleet.send(.get, links + "/l1/mirrors/t").json
        #expect(stuck["mirror_status"] == "ACTIVE" && stuck["mirror_topic_error"] == "UNKNOWN")
        #expect(stuck["mirror_topic_error_message"] == "the disk is full")
    }

    @Test("a mirror that is not on the link is a 404")
    func unknown() async throws {
        #expect(try await fleet.send(.get, links + "/l1/mirrors/u").status == 404)
    }

    @Test("verify reports both sides of every partition", arguments: [RESTAPI.HTTPMethod.get, .post])
    func verify(_ method: RESTAPI.HTTPMethod) async throws {
        let source = PartitionDigest(startOffset: 0, endOffset: 9, batches: 2, records: 9, bytes: 700, hash: "ab")
        var mirror = source
        mirror.hash = "cd"
        let report = VerifyReport(
            linkName: "l1", mirrorTopicName: "t", sourceTopicName: "s", sourcePartitionCount: 2,
            mirrorPartitionCount: 2,
            partitions: [
                PartitionComparison(
                    partition: 0, source: source, mirror: source, comparedStart: 0, comparedEnd: 9, matches: true),
                PartitionComparison(
                    partition: 1, source: source, mirror: mirror, comparedStart: 0, comparedEnd: 9, matches: false,
                    difference: "batch at offset 3"),
            ])
        cluster.state.withLock { $0.report = report }
        let reply = try await fleet.send(method, "/twinlog/v1/clusters/lkc-dest/links/l1/mirrors/t/verify")
        #expect(reply.status == 200)
        #expect(reply.json["matches"] == false)
        let partitions = try #require(reply.json["partitions"]?.array)
        #expect(partitions.map { $0["matches"] } == [true, false])
        #expect(partitions[1]["difference"] == "batch at offset 3")
        #expect(partitions[1]["mirror"]?["hash"] == "cd")
        #expect(partitions[0]["source"]?["end_offset"] == 9)
        #expect(partitions[0]["compared"] == ["start_offset": 0, "end_offset": 9])
    }

    @Test("the proof as a stream tells how far it is, and ends with the report")
    func verifyStream() async throws {
        cluster.state.withLock { $0.report = report([]) }
        let path = "/twinlog/v1/clusters/lkc-dest/links/l1/mirrors/t/verification:stream"
        let events = try await fleet.send(.get, path).events()
        #expect(events.map(\.name) == ["progress", "end"])
        #expect(
            events[0].data
                == ["partition_id": 0, "compared_bytes": 20, "total_bytes": 20, "compared_records": 2])
        #expect(events[1].data["kind"] == "TwinlogVerifyReport")
        #expect(try await fleet.send(.get, path.replacing("/t/", with: "/u/")).status == 404)
    }

    private func report(_ partitions: [PartitionComparison], difference: String? = nil) -> VerifyReport {
        VerifyReport(
            linkName: "l", mirrorTopicName: "t", sourceTopicName: "t", sourcePartitionCount: 2, mirrorPartitionCount: 1,
            partitions: partitions, difference: difference)
    }

    @Test("a report without partitions does not count as a match")
    func emptyReport() {
        #expect(!report([]).matches)
    }

    @Test("a partition that only the source has makes the whole differ, and equality of nothing is told apart")
    func wholeReport() {
        let nothing = PartitionDigest(startOffset: 0, endOffset: 0, batches: 0, records: 0, bytes: 0, hash: "e3")
        let equal = PartitionComparison(
            partition: 0, source: nothing, mirror: nothing, comparedStart: 0, comparedEnd: 0, matches: true)
        #expect(report([equal]).matches && report([equal]).isEmpty)
        #expect(!report([equal], difference: "the source has 2 partitions, the mirror 1").matches)
    }

    @Test("every state and error has a name of its own in REST")
    func names() {
        #expect(Set(MirrorState.allCases.map { $0.restName }).count == MirrorState.allCases.count)
        #expect(Set(MirrorError.allCases.map { $0.restName }).count == MirrorError.allCases.count)
    }
}
