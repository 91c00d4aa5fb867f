import ClusterCore
import KafkaProtocol
import RESTAPI
import Testing

struct LinkRoutesTests {
    private let cluster = FakeCluster("lkc-dest")
    private var fleet: FakeFleet { FakeFleet(members: [cluster]) }
    private let links = "/kafka/v3/clusters/lkc-dest/links"
    private let id = KafkaUUID(base64: "Ce2MZ4pxSESkGapcKy0nww")!

    private func addLink(_ name: String, state: LinkState = .active) {
        cluster.state.withLock { fake in
            fake.links.append(
                LinkStatus(
                    id: id, name: name, sourceClusterID: "lkc-source", topicNames: ["a", "b"], state: state,
                    error: state == .unavailable ? .authentication : .noError,
                    errorMessage: state == .unavailable ? "Please check your api key and secret" : nil,
                    partitionCounts: [.active: 3]))
        }
    }

    @Test("a link is created from the query's name and the body's configs")
    func create() async throws {
        let body = #"{"source_cluster_id":"lkc-source","configs":[{"name":"bootstrap.servers","value":"h:1"}]}"#
        let reply = try await fleet.send(.post, links + "?link_name=my-link", body)
        #expect(reply.status == 204)
        #expect(reply.response.body.isEmpty)
        let made = try #require(cluster.state.withLock { $0.created.first })
        #expect(made.name == "my-link")
        #expect(made.sourceClusterID == "lkc-source")
        #expect(made.configs == ["bootstrap.servers": "h:1"])
        #expect(made.validateLink)
        #expect(!made.validateOnly)
    }

    @Test("validate_only and validate_link are handed on")
    func createFlags() async throws {
        _ = try await fleet.send(.post, links + "?link_name=l&validate_only=true&validate_link=false", "{}")
        let made = try #require(cluster.state.withLock { $0.created.first })
        #expect(made.validateOnly)
        #expect(!made.validateLink)
    }

    @Test(
        "illegal link names are refused",
        arguments: ["", "?link_name=", "?link_name=-", "?link_name=a%2Fb", "?link_name=..", "?link_name=a%20b"])
    func illegalNames(_ query: String) async throws {
        let reply = try await fleet.send(.post, links + query, "{}")
        #expect(reply.status == 400)
        #expect(reply.message == "Invalid Cluster Link Name.")
        #expect(cluster.state.withLock { $0.created.isEmpty })
    }

    @Test(
        "a body that is no object of the right fields is a 400 that says what is wrong",
        arguments: [
            ("{", "not JSON"), ("[]", "object"), (#"{"source_cluster_id":5}"#, "source_cluster_id"),
            (#"{"configs":{}}"#, "configs"), (#"{"configs":[{"value":"x"}]}"#, "name"),
            (#"{"configs":[{"name":"a","value":"1"},{"name":"a","value":"2"}]}"#, "twice"),
        ])
    func badBodies(_ body: String, _ hint: String) async throws {
        let reply = try await fleet.send(.post, links + "?link_name=l", body)
        #expect(reply.status == 400)
        #expect(reply.message.contains(hint), "\(reply.message)")
        #expect(cluster.state.withLock { $0.created.isEmpty })
    }

    @Test("a flag that is neither true nor false is refused")
    func badFlag() async throws {
        #expect(try await fleet.send(.post, links + "?link_name=l&validate_only=maybe", "{}").status == 400)
    }

    @Test("a described link has every field of KafkaLinkData, nulls written out")
    func describe() async throws {
        addLink("my-link")
        let reply = try await fleet.send(.get, links + "/my-link")
        #expect(reply.status == 200)
        #expect(reply.json["kind"] == "KafkaLinkData")
        #expect(reply.json["metadata"]?["self"] == .string("http://127.0.0.1:8090" + links + "/my-link"))
        #expect(reply.json["source_cluster_id"] == "lkc-source")
        #expect(reply.json["destination_cluster_id"] == .some(.null))
        #expect(reply.json["remote_cluster_id"] == .some(.null))
        #expect(reply.json["cluster_link_id"] == "Ce2MZ4pxSESkGapcKy0nww")
        #expect(reply.json["link_id"] == "09ed8c67-8a71-4844-a419-aa5c2b2d27c3")
        #expect(reply.json["topic_names"] == ["a", "b"])
        #expect(reply.json["link_state"] == "ACTIVE")
        #expect(reply.json["link_error"] == "NO_ERROR")
        #expect(reply.json["category_counts"] == [["state_category": "ACTIVE", "count": 3]])
    }

    @Test("a failing link tells its error")
    func describeError() async throws {
        addLink("l", state: .unavailable)
        let reply = try await fleet.send(.get, links + "/l")
        #expect(reply.json["link_state"] == "UNAVAILABLE")
        #expect(reply.json["link_error"] == "AUTHENTICATION_ERROR")
        #expect(reply.json["link_error_message"] == "Please check your api key and secret")
    }

    @Test("links are listed in an envelope of their own")
    func list() async throws {
        addLink("one")
        addLink("two")
        let reply = try await fleet.send(.get, links)
        #expect(reply.json["kind"] == "KafkaLinkDataList")
        #expect(reply.json["metadata"]?["next"] == .some(.null))
        #expect(reply.data.map { $0["link_name"] } == ["one", "two"])
    }

    @Test("an unknown link is a 404", arguments: ["/nope", "/nope/mirrors", "/nope/mirrors/t"])
    func unknown(_ path: String) async throws {
        let reply = try await fleet.send(.get, links + path)
        #expect(reply.status == 404)
        #expect(reply.errorCode == 404)
        #expect(reply.message.hasPrefix("The cluster link doesn't exist."))
    }

    @Test("deleting hands on force and validate_only")
    func delete() async throws {
        let reply = try await fleet.send(.delete, links + "/l?force=true&validate_only=true")
        #expect(reply.status == 200)
        #expect(reply.response.body.isEmpty)
        let call = try #require(cluster.state.withLock { $0.deleted.first })
        #expect(call == ("l", true, true))
    }

    @Test("configs say where they come from, and secrets keep their value")
    func configs() async throws {
        cluster.state.withLock {
            $0.configs = [
                LinkConfigEntry(name: "bootstrap.servers", value: "h:1", isDefault: false),
                LinkConfigEntry(name: "sasl.jaas.config", value: "secret", isDefault: false, isSensitive: true),
                LinkConfigEntry(name: "acl.sync.ms", value: "5000", isDefault: true, isReadOnly: true),
            ]
        }
        let reply = try await fleet.send(.get, links + "/l/configs")
        #expect(reply.json["kind"] == "KafkaLinkConfigDataList")
        #expect(
            reply.data.map { $0["source"] }
                == ["DYNAMIC_CLUSTER_LINK_CONFIG", "DYNAMIC_CLUSTER_LINK_CONFIG", "DEFAULT_CONFIG"])
        #expect(reply.data[1]["value"] == .some(.null))
        #expect(reply.data[1]["is_sensitive"] == true)
        #expect(reply.data[2]["is_read_only"] == true)
        #expect(!reply.text.contains("secret\""))
        let one = try await fleet.send(.get, links + "/l/configs/acl.sync.ms")
        #expect(one.json["value"] == "5000")
        #expect(try await fleet.send(.get, links + "/l/configs/nope").status == 404)
    }

    @Test("configs:alter sets and deletes in one call")
    func alter() async throws {
        let body = """
            {"data":[{"name":"a","value":"1"},{"name":"b","operation":"DELETE"},
            {"name":"c","value":"","operation":"SET"}]}
            """
        #expect(try await fleet.send(.put, links + "/l/configs:alter", body).status == 204)
        let call = try #require(cluster.state.withLock { $0.altered.first })
        #expect(call.link == "l")
        #expect(call.changes == [.set("a", "1"), .delete("b"), .set("c", "")])
    }

    @Test("configs:alter is a PUT, as the CLI sends it")
    func alterMethod() async throws {
        let reply = try await fleet.send(.post, links + "/l/configs:alter", "{}")
        #expect(reply.status == 405)
        #expect(reply.response.allowedMethods == [.put])
    }

    @Test(
        "an alteration without sense is refused",
        arguments: [#"{}"#, #"{"data":[{"name":"a"}]}"#, #"{"data":[{"name":"a","value":"1","operation":"APPEND"}]}"#])
    func badAlter(_ body: String) async throws {
        #expect(try await fleet.send(.put, links + "/l/configs:alter", body).status == 400)
        #expect(cluster.state.withLock { $0.altered.isEmpty })
    }

    @Test("one config is set with PUT and reset with DELETE")
    func oneConfig() async throws {
        #expect(try await fleet.send(.put, links + "/l/configs/a.b", #"{"value":"7"}"#).status == 204)
        #expect(try await fleet.send(.delete, links + "/l/configs/a.b").status == 204)
        #expect(try await fleet.send(.put, links + "/l/configs/a.b", "{}").status == 400)
        let changes = cluster.state.withLock { $0.altered.flatMap { $0.changes } }
        #expect(changes == [LinkConfigChange.set("a.b", "7"), .delete("a.b")])
    }
}
