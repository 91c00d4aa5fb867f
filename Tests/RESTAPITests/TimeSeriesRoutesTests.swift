import Testing

@testable import RESTAPI

struct TimeSeriesRoutesTests {
    private static let path = "/twinlog/v1/clusters/lkc-dest"
    private let cluster = FakeCluster("lkc-dest")
    private var fleet: FakeFleet { FakeFleet(members: [cluster]) }

    @Test("numbers are written with what is known, in one shape for all subjects")
    func shape() async throws {
        let line = TimeSeries.Line(name: "bytes_in", unit: "bytes/s", values: [nil, 0, 1.25, 12_345.6, .infinity])
        cluster.state.withLock { state in
            state.series = TimeSeries(step: .tenSeconds, endMs: 77, lines: [line], notice: "n")
        }
        let reply = try await fleet.send(.get, Self.path + "/time-series?step_ms=10000&since_ms=5")
        #expect(
            reply.json == [
                "kind": "TwinlogTimeSeries", "step_ms": 10_000, "end_ms": 77,
                "series": [
                    ["name": "bytes_in", "unit": "bytes/s", "values": [nil, 0, .double(1.3), 12_346, nil]]
                ], "notice": "n",
            ])
    }

    @Test("cluster, topic and link are asked for by their addresses")
    func subjects() async throws {
        for place in ["", "/topics/a%2Fb", "/links/l"] {
            #expect(try await fleet.send(.get, Self.path + place + "/time-series").status == 200)
        }
        let wishes = cluster.state.withLock { $0.seriesWishes }
        #expect(wishes.map(\.subject) == [.cluster, .topic("a/b"), .link("l")])
        #expect(wishes.allSatisfy { $0.step == .second && $0.sinceMs == nil })
    }

    @Test(
        "parameters that are none are refused by name",
        arguments: ["step_ms=1", "step_ms=x", "since_ms=yesterday", "since_ms=99999999999999999999"])
    func wrong(query: String) async throws {
        let reply = try await fleet.send(.get, Self.path + "/time-series?\(query)")
        #expect(reply.status == 400)
        #expect(reply.message.contains(String(query.prefix { $0 != "=" })))
    }
}
