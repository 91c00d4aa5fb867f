import KafkaProtocol
import RESTAPI
import Testing

struct OperationsRoutesTests {
    private let source = FakeCluster("lkc-source", .basic)
    private let destination = FakeCluster("lkc-dest")
    private var fleet: FakeFleet { FakeFleet(members: [source, destination]) }

    @Test("clusters are listed with links to what they hold")
    func clusters() async throws {
        let reply = try await fleet.send(.get, "/kafka/v3/clusters")
        #expect(reply.json["kind"] == "KafkaClusterList")
        #expect(reply.data.map { $0["cluster_id"] } == ["lkc-source", "lkc-dest"])
        let topics = reply.data[0]["topics"]?["related"]?.string
        #expect(topics == "http://127.0.0.1:8090/kafka/v3/clusters/lkc-source/topics")
    }

    @Test("our own cluster list tells names, types and addresses")
    func details() async throws {
        let reply = try await fleet.send(.get, "/twinlog/v1/clusters")
        #expect(reply.data.map { $0["type"] } == ["BASIC", "DEDICATED"])
        #expect(reply.data[1]["bootstrap"]?["PLAINTEXT"] == "127.0.0.1:9192")
        #expect(reply.data[1]["name"] == "name-of-lkc-dest")
    }

    @Test("an unknown cluster is a 404 that names it", arguments: ["", "/topics", "/links", "/links/-/mirrors"])
    func unknownCluster(_ path: String) async throws {
        let reply = try await fleet.send(.get, "/kafka/v3/clusters/lkc-nope" + path)
        #expect(reply.status == 404)
        #expect(reply.errorCode == 404)
        #expect(reply.message == "Cluster lkc-nope cannot be found.")
    }

    @Test(
        "paths that are not served are a 404 in the envelope of the API",
        arguments: ["/nope", "/kafka/v3", "/kafka/v3/clusters/lkc-dest/nope", "/kafka/v3/clusters//topics"])
    func unknownPath(_ path: String) async throws {
        let reply = try await fleet.send(.get, path)
        #expect(reply.status == 404)
        #expect(!reply.message.isEmpty)
    }

    @Test("a path that takes other methods only is a 405 that lists them")
    func wrongMethod() async throws {
        let reply = try await fleet.send(.delete, "/kafka/v3/clusters/lkc-dest/links")
        #expect(reply.status == 405)
        #expect(Set(reply.response.allowedMethods) == [.get, .post])
    }

    @Test("readiness follows the fleet, health does not")
    func readiness() async throws {
        var starting = fleet
        starting.ready = false
        #expect(try await fleet.send(.get, "/readyz").status == 200)
        #expect(try await starting.send(.get, "/readyz").status == 503)
        #expect(try await starting.send(.get, "/healthz").status == 200)
    }

    @Test("metrics name each metric once and label each sample with its cluster")
    func metrics() async throws {
        source.state.withLock { $0.topics = ["t": 3] }
        destination.state.withLock { fake in
            fake.mirrors = [
                MirrorStatus(
                    linkName: "l", mirrorTopicName: "t", sourceTopicName: "t", state: .active, stateTimeMs: 0,
                    lags: [
                        MirrorLag(partition: 0, lag: 5, lastSourceFetchOffset: 9),
                        MirrorLag(partition: 1, lag: -1, lastSourceFetchOffset: -1),
                    ])
            ]
        }
        let reply = try await fleet.send(.get, "/metrics")
        let lines = reply.text.split(separator: "\n")
        #expect(reply.response.contentType.hasPrefix("text/plain; version=0.0.4"))
        #expect(lines.filter { $0 == "# TYPE twinlog_partitions gauge" }.count == 1)
        #expect(lines.contains("twinlog_partitions{cluster=\"lkc-source\"} 3"))
        #expect(lines.contains("twinlog_partitions{cluster=\"lkc-dest\"} 0"))
        let lags = lines.filter { $0.hasPrefix("twinlog_mirror_lag_records{") }
        #expect(lags == ["twinlog_mirror_lag_records{cluster=\"lkc-dest\",link=\"l\",topic=\"t\",partition=\"0\"} 5"])
    }

    @Test("what fails inside is a 500 that tells nothing of the inside")
    func internalFailure() async throws {
        struct Secret: Error {}
        source.state.withLock { $0.failure = Secret() }
        let reply = try await fleet.send(.get, "/kafka/v3/clusters/lkc-source/links")
        #expect(reply.status == 500)
        #expect(reply.errorCode == 50002)
        #expect(!reply.text.contains("Secret"))
    }

    @Test(
        "Kafka errors become the documented codes",
        arguments: [
            (ErrorCode.unknownTopicOrPartition, 404, 40403), (.unsupportedVersion, 400, 40035),
            (.clusterAuthorizationFailed, 403, 40301), (.topicAlreadyExists, 400, 40002), (.invalidConfig, 400, 40002),
            (.notController, 500, 50003), (.unknownServerError, 500, 50002),
        ])
    func kafkaErrors(_ error: ErrorCode, _ status: Int, _ code: Int) {
        let refusal = RESTError(error, message: "m")
        #expect(refusal.status == status)
        #expect(refusal.code == code)
        #expect(refusal.message == "m")
    }

    @Test("the root page points to the API")
    func root() async throws {
        #expect(try await fleet.send(.get, "/").text.contains("/kafka/v3/clusters"))
    }
}
