import RESTAPI
import Testing

struct ConnectorRoutesTests {
    private let control = FakeControl {
        $0.clusters = [
            ManagedCluster(
                id: "lkc-source", environmentID: "env-local", displayName: "s", type: .basic, cku: nil,
                availability: "LOW", cloud: "GCP", region: "r", createdMs: 0, updatedMs: 0)
        ]
    }
    private var fleet: FakeFleet { FakeFleet(members: [], fakeControl: control) }
    private let connectors = "/connect/v1/environments/env-local/clusters/lkc-source/connectors"

    @Test("a connector is created, described and listed without its secret")
    func create() async throws {
        let body = #"{"name":"gen","config":{"kafka.api.secret":"hush","tasks.max":1}}"#
        let created = try await fleet.send(.post, connectors, body)
        #expect(created.status == 201)
        #expect(created.json["config"]?["kafka.api.secret"] == "****************")
        #expect(control.state.withLock { $0.connectors["gen"]?.config["kafka.api.secret"] } == "hush")
        #expect(control.state.withLock { $0.connectors["gen"]?.config["tasks.max"] } == "1")
        #expect(try await fleet.send(.get, connectors).json == ["gen"])
        let expanded = try await fleet.send(.get, connectors + "?expand=info,status,id")
        #expect(expanded.json["gen"]?["id"]?["id"] == "lcc-000001")
        #expect(expanded.json["gen"]?["status"]?["connector"]?["state"] == "RUNNING")
        #expect(expanded.json["gen"]?["info"]?["config"]?["name"] == "gen")
        #expect(!expanded.text.contains("hush"))
        #expect(try await fleet.send(.get, connectors + "?expand=all").status == 400)
    }

    @Test(
        "a connector needs one name, and a configuration of texts",
        arguments: [
            #"{}"#, #"{"name":"a"}"#, #"{"config":{}}"#, #"{"name":"a","config":{"name":"b"}}"#, #"[]"#, #"{"#,
            #"{"name":"a/b","config":{}}"#, #"{"name":"a","config":{"x":{}}}"#, #"{"name":5,"config":{}}"#,
        ])
    func wrong(body: String) async throws {
        let reply = try await fleet.send(.post, connectors, body)
        #expect(reply.status == 400)
        #expect(reply.json["error"]?["message"]?.string?.isEmpty == false)
    }

    @Test("commands reach the connector, and an unknown one is not found")
    func commands() async throws {
        _ = try await fleet.send(.post, connectors, #"{"name":"gen","config":{}}"#)
        #expect(try await fleet.send(.put, connectors + "/gen/pause").status == 202)
        #expect(try await fleet.send(.put, connectors + "/gen/resume").status == 202)
        #expect(try await fleet.send(.post, connectors + "/gen/restart").status == 202)
        let deleted = try await fleet.send(.delete, connectors + "/gen")
        #expect(deleted.json == ["error": nil])
        #expect(
            control.state.withLock { $0.commands } == ["pause gen", "resume gen", "restart gen", "delete gen"])
        #expect(try await fleet.send(.get, connectors + "/gen").status == 404)
    }

    @Test("a configuration is validated field by field")
    func validate() async throws {
        let path = "/connect/v1/environments/env-local/clusters/lkc-source/connector-plugins"
        #expect(try await fleet.send(.get, path).json.array?.first?["class"] == "DatagenSource")
        let reply = try await fleet.send(.put, path + "/DatagenSource/config/validate", #"{"quickstart":"ORDERS"}"#)
        #expect(reply.json["error_count"] == 1)
        let wrong = reply.json["configs"]?.array?.first { $0["value"]?["name"] == "kafka.topic" }
        #expect(wrong?["value"]?["errors"] == ["say which topic to write to"])
        #expect(try await fleet.send(.put, path + "/Nothing/config/validate", "{}").status == 404)
    }
}
