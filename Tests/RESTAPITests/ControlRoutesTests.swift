import Testing

@testable import RESTAPI

struct ControlRoutesTests {
    private let control = FakeControl()
    private var fleet: FakeFleet { FakeFleet(members: [], fakeControl: control) }

    private func wish(_ config: String, extra: String = "") -> String {
        #"{"spec":{"display_name":"c","cloud":"GCP","region":"us-west4","config":\#(config),"#
            + #""environment":{"id":"env-local"}\#(extra)}}"#
    }

    @Test("a cluster is described as the control plane of the original does it")
    func createCluster() async throws {
        let reply = try await fleet.send(.post, "/cmk/v2/clusters", wish(#"{"kind":"Dedicated","cku":2}"#))
        #expect(reply.status == 202)
        #expect(reply.json["id"] == "lkc-0")
        let spec = try #require(reply.json["spec"])
        #expect(spec["kafka_bootstrap_endpoint"] == "SASL_SSL://127.0.0.1:9093")
        #expect(spec["http_endpoint"] == "http://127.0.0.1:8090")
        #expect(spec["config"] == ["kind": "Dedicated", "cku": 2])
        #expect(spec["environment"]?["id"] == "env-local")
        #expect(reply.json["status"] == ["phase": "PROVISIONED", "cku": 2])
        let again = try await fleet.send(.get, "/cmk/v2/clusters/lkc-0?environment=env-local")
        #expect(again.json["spec"] == reply.json["spec"])
    }

    @Test(
        "what is wrong with a new cluster is named by its place",
        arguments: [
            (#"{}"#, 400, "/spec"),
            (#"{"spec":{}}"#, 400, "/spec/display_name"),
            (#"{"spec":{"display_name":7}}"#, 400, "/spec/display_name"),
            (#"{"spec":{"display_name":" ","environment":{"id":"env-local"}}}"#, 422, "/spec/display_name"),
            (#"{"spec":{"display_name":"c"}}"#, 400, "/spec/environment"),
            (#"{"spec":{"display_name":"c","environment":{"id":"env-local"}}}"#, 400, "/spec/config"),
        ])
    func wrongCluster(body: String, status: Int, pointer: String) async throws {
        let reply = try await fleet.send(.post, "/cmk/v2/clusters", body)
        #expect(reply.status == status)
        let error = try #require(reply.json["errors"]?.array?.first)
        #expect(error["source"]?["pointer"] == .string(pointer))
        #expect(error["status"] == .string("\(status)"))
        #expect(error["detail"]?.string?.isEmpty == false)
    }

    @Test(
        "types and sizes that do not go together are refused",
        arguments: [
            (#"{"kind":"Tiny"}"#, 400), (#"{"kind":"Basic","cku":1}"#, 422), (#"{"kind":"Dedicated","cku":0}"#, 422),
            (#"{"kind":"Dedicated","cku":"two"}"#, 400),
        ])
    func wrongConfig(config: String, status: Int) async throws {
        #expect(try await fleet.send(.post, "/cmk/v2/clusters", wish(config)).status == status)
    }

    @Test("a basic cluster becomes standard and nothing else; a name can be changed; a protected one is not deleted")
    func updateCluster() async throws {
        _ = try await fleet.send(
            .post, "/cmk/v2/clusters", wish(#"{"kind":"Basic"}"#, extra: #","deletion_protection":true"#))
        func patch(_ fields: String) async throws -> FakeFleet.Reply {
            try await fleet.send(
                .patch, "/cmk/v2/clusters/lkc-0", #"{"spec":{\#(fields),"environment":{"id":"env-local"}}}"#)
        }
        #expect(try await patch(#""config":{"kind":"Dedicated"}"#).status == 422)
        #expect(try await patch(#""region":"elsewhere""#).status == 422)
        let renamed = try await patch(#""display_name":"d","config":{"kind":"Standard"}"#)
        #expect(renamed.json["spec"]?["display_name"] == "d")
        #expect(renamed.json["spec"]?["config"]?["kind"] == "Standard")
        #expect(try await fleet.send(.delete, "/cmk/v2/clusters/lkc-0?environment=env-local").status == 409)
    }

    @Test("clusters are asked for by environment, and one that is elsewhere is not found")
    func environments() async throws {
        _ = try await fleet.send(.post, "/org/v2/environments", #"{"display_name":"other"}"#)
        _ = try await fleet.send(.post, "/cmk/v2/clusters", wish(#"{"kind":"Basic"}"#))
        #expect(try await fleet.send(.get, "/cmk/v2/clusters").status == 400)
        #expect(try await fleet.send(.get, "/cmk/v2/clusters?environment=env-none").status == 400)
        #expect(try await fleet.send(.get, "/cmk/v2/clusters?environment=env-1").data == [])
        #expect(try await fleet.send(.get, "/cmk/v2/clusters/lkc-0?environment=env-1").status == 404)
        #expect(try await fleet.send(.delete, "/cmk/v2/clusters/lkc-0").status == 400)
        #expect(try await fleet.send(.delete, "/cmk/v2/clusters/lkc-0?environment=env-local").status == 204)
    }

    @Test("pages follow each other to the end, whatever their size", arguments: [1, 2, 3, 100])
    func pages(size: Int) async throws {
        for name in ["b", "c", "d", "e"] {
            _ = try await fleet.send(.post, "/org/v2/environments", #"{"display_name":"\#(name)"}"#)
        }
        var names: [String] = []
        var target: String? = "/org/v2/environments?page_size=\(size)"
        while let next = target {
            let reply = try await fleet.send(.get, next)
            #expect(reply.data.count <= size)
            names += reply.data.compactMap { $0["display_name"]?.string }
            target = reply.json["metadata"]?["next"]?.string.map {
                String($0.dropFirst("http://127.0.0.1:8090".count))
            }
        }
        #expect(names == ["default", "b", "c", "d", "e"])
    }

    @Test("page sizes and tokens that are none are refused", arguments: ["page_size=0", "page_size=x", "page_token=??"])
    func wrongPages(query: String) async throws {
        let reply = try await fleet.send(.get, "/org/v2/environments?\(query)")
        #expect(reply.status == 400)
        let parameter = String(query.prefix { $0 != "=" })
        #expect(reply.json["errors"]?.array?.first?["source"] == ["parameter": .string(parameter)])
    }

    @Test("a key's secret is in the answer to its creation and nowhere else")
    func secrets() async throws {
        _ = try await fleet.send(.post, "/cmk/v2/clusters", wish(#"{"kind":"Basic"}"#))
        let body = #"{"spec":{"resource":{"id":"lkc-0"},"display_name":"n"}}"#
        let created = try await fleet.send(.post, "/iam/v2/api-keys", body)
        #expect(created.status == 202)
        #expect(created.json["spec"]?["secret"] == "the-secret")
        #expect(created.json["spec"]?["resource"]?["id"] == "lkc-0")
        for target in ["/iam/v2/api-keys", "/iam/v2/api-keys/KEY0"] {
            #expect(try await !fleet.send(.get, target).text.contains("the-secret"))
        }
        #expect(try await fleet.send(.get, "/iam/v2/api-keys?spec.resource=lkc-1").data == [])
        #expect(try await fleet.send(.post, "/iam/v2/api-keys", #"{"spec":{"resource":{"id":"lkc-9"}}}"#).status == 400)
        #expect(try await fleet.send(.delete, "/iam/v2/api-keys/KEY0").status == 204)
        #expect(try await fleet.send(.get, "/iam/v2/api-keys/KEY0").status == 404)
    }

    @Test("a session begins with the right password and ends with its token")
    func sessions() async throws {
        let path = "/twinlog/v1/sessions"
        #expect(try await fleet.send(.post, path, #"{"email":"a@b","password":"wrong"}"#).status == 401)
        #expect(try await fleet.send(.post, path, #"{"email":"a@b"}"#).status == 400)
        let reply = try await fleet.send(.post, path, #"{"email":"a@b","password":"right"}"#)
        let token = try #require(reply.json["token"]?.string)
        let me = try await fleet.send(.get, "/twinlog/v1/me", authorization: "Bearer \(token)")
        #expect(me.json["user"]?["email"] == "a@b")
        #expect(try await fleet.send(.delete, path, authorization: "Bearer \(token)").status == 204)
        #expect(try await fleet.send(.get, "/twinlog/v1/me", authorization: "Bearer \(token)").status == 401)
    }

    @Test("each interface refuses in its own form")
    func errorForms() async throws {
        #expect(try await fleet.send(.get, "/org/v2/environments/x").json["errors"]?.array?.count == 1)
        let connect = try await fleet.send(.get, "/connect/v1/environments/env-x/clusters/lkc-x/connectors")
        #expect(connect.status == 404)
        #expect(connect.json["error"]?["code"] == 404)
        #expect(try await fleet.send(.get, "/kafka/v3/clusters/lkc-x").errorCode == 404)
    }
}

struct AccessTests {
    private let fleet = FakeFleet(
        members: [FakeCluster("lkc-source"), FakeCluster("lkc-dest")],
        fakeControl: FakeControl { $0.requiresAuthentication = true })
    private let key = "Basic " + Base64.encode(Array("KEY:the-secret".utf8))

    @Test("without credentials everything but health, log-in and certificates is closed")
    func closed() async throws {
        let closed = [
            "/", "/kafka/v3/clusters", "/cmk/v2/clusters?environment=env-local", "/metrics", "/twinlog/v1/clusters",
        ]
        for path in closed {
            let reply = try await fleet.send(.get, path)
            #expect(reply.status == 401, "\(path)")
            #expect(reply.response.challenge?.hasPrefix("Basic") == true)
        }
        for path in ["/healthz", "/readyz"] {
            #expect(try await fleet.send(.get, path).status == 200, "\(path)")
        }
    }

    @Test("a key opens the data of its own cluster only")
    func keys() async throws {
        #expect(try await fleet.send(.get, "/kafka/v3/clusters/lkc-source", authorization: key).status == 200)
        #expect(try await fleet.send(.get, "/kafka/v3/clusters/lkc-dest", authorization: key).status == 401)
        #expect(try await fleet.send(.get, "/org/v2/environments", authorization: key).status == 401)
        let wrong = "Basic " + Base64.encode(Array("KEY:other".utf8))
        let reply = try await fleet.send(.get, "/kafka/v3/clusters/lkc-source", authorization: wrong)
        #expect(reply.status == 401)
        #expect(reply.errorCode == 40101)
    }

    @Test("a session's token opens everything, as bearer or as password")
    func tokens() async throws {
        _ = try await fleet.send(.post, "/twinlog/v1/sessions", #"{"email":"a","password":"right"}"#)
        let basic = "Basic " + Base64.encode(Array("any:token-of-a".utf8))
        for header in ["Bearer token-of-a", "bearer token-of-a", basic] {
            #expect(try await fleet.send(.get, "/org/v2/environments", authorization: header).status == 200)
        }
        for header in ["Bearer nothing", "Digest x", "Basic ???", "token-of-a"] {
            let reply = try await fleet.send(.get, "/org/v2/environments", authorization: header)
            #expect(reply.status == 401, "\(header)")
        }
    }
}
