import KafkaProtocol
import RESTAPI
import Testing

struct TopicRoutesTests {
    private let cluster = FakeCluster("lkc-source", .basic)
    private var fleet: FakeFleet { FakeFleet(members: [cluster]) }
    private let topics = "/kafka/v3/clusters/lkc-source/topics"

    init() {
        cluster.state.withLock { $0.topics = ["b": 1, "a": 3] }
    }

    @Test("a created topic is described with 201")
    func create() async throws {
        let reply = try await fleet.send(.post, topics, #"{"topic_name":"c","partitions_count":4}"#)
        #expect(reply.status == 201)
        #expect(reply.json["kind"] == "KafkaTopic")
        #expect(reply.json["partitions_count"] == 4)
        #expect(cluster.state.withLock { $0.topics["c"] } == 4)
    }

    @Test("validate_only answers 200 and creates nothing")
    func validateOnly() async throws {
        let reply = try await fleet.send(.post, topics, #"{"topic_name":"c","validate_only":true}"#)
        #expect(reply.status == 200)
        #expect(cluster.state.withLock { $0.topics["c"] } == nil)
    }

    @Test("a topic that exists is a 40002 with Kafka's message")
    func duplicate() async throws {
        let reply = try await fleet.send(.post, topics, #"{"topic_name":"a"}"#)
        #expect(reply.status == 400)
        #expect(reply.errorCode == 40002)
        #expect(reply.message == "Topic 'a' already exists.")
    }

    @Test("topics are listed by name and partitions by number, whatever order the cluster answers in")
    func order() async throws {
        let list = try await fleet.send(.get, topics)
        #expect(list.data.map { $0["topic_name"] } == ["a", "b"])
        #expect(list.data.map { $0["replication_factor"] } == [1, 1])
        let partitions = try await fleet.send(.get, topics + "/a/partitions")
        #expect(partitions.json["kind"] == "KafkaPartitionList")
        #expect(partitions.data.map { $0["partition_id"] } == [0, 1, 2])
    }

    @Test(
        "an unknown topic or partition is a 40403",
        arguments: ["/nope", "/nope/partitions", "/nope/configs", "/a/partitions/7"])
    func unknown(_ path: String) async throws {
        let reply = try await fleet.send(.get, topics + path)
        #expect(reply.status == 404)
        #expect(reply.errorCode == 40403)
        #expect(!reply.message.isEmpty)
    }

    @Test("a partition that is no number is a 404")
    func oddPartition() async throws {
        #expect(try await fleet.send(.get, topics + "/a/partitions/x").status == 404)
    }

    @Test("a topic is deleted once")
    func delete() async throws {
        #expect(try await fleet.send(.delete, topics + "/a").status == 204)
        #expect(try await fleet.send(.delete, topics + "/a").errorCode == 40403)
    }

    @Test("partitions are added with PATCH; fewer is a 40002")
    func grow() async throws {
        let reply = try await fleet.send(.patch, topics + "/a", #"{"partitions_count":5}"#)
        #expect(reply.json["partitions_count"] == 5)
        let fewer = try await fleet.send(.patch, topics + "/a", #"{"partitions_count":5}"#)
        #expect(fewer.errorCode == 40002)
        #expect(try await fleet.send(.patch, topics + "/a", "{}").status == 400)
    }

    @Test("configs carry source and read-only marks")
    func configs() async throws {
        let reply = try await fleet.send(.get, topics + "/a/configs/retention.ms")
        #expect(reply.json["kind"] == "KafkaTopicConfig")
        #expect(reply.json["value"] == "60000")
        #expect(reply.json["source"] == "DYNAMIC_TOPIC_CONFIG")
        #expect(reply.json["is_default"] == false)
        #expect(try await fleet.send(.get, topics + "/a/configs/nope").status == 404)
    }

    @Test("configs are set and deleted with Kafka's operations")
    func alterConfigs() async throws {
        let body = #"{"data":[{"name":"x","value":"1"},{"name":"y","operation":"DELETE"}]}"#
        #expect(try await fleet.send(.post, topics + "/a/configs:alter", body).status == 204)
        #expect(try await fleet.send(.put, topics + "/a/configs/z", #"{"value":"2"}"#).status == 204)
        let changes = cluster.state.withLock { $0.topicConfigChanges }
        #expect(changes.map { $0.name } == ["x", "y", "z"])
        #expect(changes.map { $0.operation } == [0, 1, 0])
        #expect(changes.map { $0.value } == ["1", nil, "2"])
    }

    @Test("a config that is given twice, or a name that an object has twice, is refused and nothing is changed")
    func twice() async throws {
        let entry = #"{"name":"x","value":"1"}"#
        let reply = try await fleet.send(.post, topics + "/a/configs:alter", #"{"data":[\#(entry),\#(entry)]}"#)
        #expect(reply.status == 400 && reply.text.contains("'x' is given twice"))
        let named = try await fleet.send(.post, topics, #"{"topic_name":"p","topic_name":"q"}"#)
        #expect(named.status == 400 && named.text.contains("given twice"))
        let configs = try await fleet.send(.post, topics, #"{"topic_name":"p","configs":[\#(entry),\#(entry)]}"#)
        #expect(configs.status == 400)
        #expect(cluster.state.withLock { $0.topicConfigChanges.isEmpty && $0.topics["p"] == nil })
    }

    @Test("configs and num.partitions are changed together, or nothing is")
    func update() async throws {
        let both = #"{"data":[{"name":"x","value":"1"},{"name":"num.partitions","value":"5"}]}"#
        #expect(try await fleet.send(.post, topics + "/a/configs:alter", both).status == 204)
        #expect(cluster.state.withLock { $0.topics["a"] } == 5)
        #expect(cluster.state.withLock { $0.topicConfigChanges.map(\.name) } == ["x"])
        // Five partitions are there now: the second change is refused, so the first must not be made.
        let again = try await fleet.send(.post, topics + "/a/configs:alter", both)
        #expect(again.errorCode == 40002)
        #expect(cluster.state.withLock { $0.topicConfigChanges.count } == 1)
        for value in [#""many""#, "null"] {
            let body = #"{"data":[{"name":"num.partitions","value":\#(value)}]}"#
            #expect(try await fleet.send(.post, topics + "/a/configs:alter", body).status == 400)
        }
    }

    @Test("validate_only looks at configs and num.partitions and changes neither")
    func updateValidated() async throws {
        let fine = #"{"data":[{"name":"x","value":"1"},{"name":"num.partitions","value":"5"}],"validate_only":true}"#
        #expect(try await fleet.send(.post, topics + "/a/configs:alter", fine).status == 204)
        let fewer = #"{"data":[{"name":"x","value":"1"},{"name":"num.partitions","value":"2"}],"validate_only":true}"#
        #expect(try await fleet.send(.post, topics + "/a/configs:alter", fewer).errorCode == 40002)
        #expect(cluster.state.withLock { $0.topics["a"] } == 3)
        #expect(cluster.state.withLock { $0.topicConfigChanges.isEmpty })
    }

    @Test("replicas_assignments places every partition")
    func assignments() async throws {
        let brokers = #"[{"partition_id":0,"broker_ids":[2,1]},{"partition_id":1,"broker_ids":[1,2]}]"#
        let places = #""replicas_assignments":\#(brokers)"#
        #expect(try await fleet.send(.post, topics, #"{"topic_name":"placed",\#(places)}"#).status == 201)
        let wish = try #require(cluster.state.withLock { $0.wishes.last })
        #expect(wish.assignments.map(\.partitionIndex) == [0, 1])
        #expect(wish.assignments.map(\.brokerIDs) == [[2, 1], [1, 2]])
        #expect(wish.numPartitions == -1 && wish.replicationFactor == -1)
        let agreeing = #"{"topic_name":"two","partitions_count":2,"replication_factor":2,\#(places)}"#
        #expect(try await fleet.send(.post, topics, agreeing).status == 201)
        let contradicting = #"{"topic_name":"three","partitions_count":3,\#(places)}"#
        #expect(try await fleet.send(.post, topics, contradicting).status == 400)
        let broken = #"{"topic_name":"four","replicas_assignments":[{"partition_id":0}]}"#
        #expect(try await fleet.send(.post, topics, broken).status == 400)
    }

    @Test("names with characters that paths cannot hold arrive decoded, and go out encoded")
    func encoding() async throws {
        cluster.state.withLock { $0.topics["a b/c"] = 1 }
        let reply = try await fleet.send(.get, topics + "/a%20b%2Fc")
        #expect(reply.json["topic_name"] == "a b/c")
        #expect(reply.json["metadata"]?["self"]?.string?.hasSuffix("/topics/a%20b%2Fc") == true)
    }
}
