import Synchronization
import Testing

@testable import RESTAPI

/// Who listens learns what changes.
@Suite("Changes", .timeLimit(.minutes(1)))
struct ChangeFeedTests {
    private let cluster = FakeCluster("lkc-dest")
    private let control = FakeControl()
    private let fleet: FakeFleet

    init() {
        fleet = FakeFleet(members: [cluster], fakeControl: control)
    }

    /// What a listener hears of the changes that are made once it listens.
    private func changes(_ count: Int, _ make: () -> Void) async -> [ChangeEvent] {
        var found: [ChangeEvent] = []
        var isFirst = true
        for await look in fleet.changeFeed.events(of: fleet) {
            if isFirst {
                #expect(look.isEmpty)
                isFirst = false
                make()
            }
            found += look
            if found.count >= count {
                break
            }
        }
        return found
    }

    @Test("topics, links, keys and environments that come are told with their place")
    func created() async {
        let found = await changes(4) {
            cluster.state.withLock { state in
                state.contents.topics["t"] = ThingMark(digest: 1)
                state.contents.others[Thing(.link, "l", in: "lkc-dest")] = ThingMark(state: "ACTIVE")
            }
            control.state.withLock { state in
                state.keys.append(
                    APIKeyInfo(
                        id: "K", displayName: "", description: "", ownerID: "u", resourceID: "lkc-dest", createdMs: 0,
                        updatedMs: 0))
                state.environments.append(
                    EnvironmentInfo(id: "env-2", displayName: "x", package: "", createdMs: 0, updatedMs: 0))
            }
        }
        let expected = [
            ChangeEvent(thing: Thing(.topic, "t", in: "lkc-dest"), change: .created),
            ChangeEvent(thing: Thing(.link, "l", in: "lkc-dest"), change: .created, state: "ACTIVE"),
            ChangeEvent(thing: Thing(.apiKey, "K"), change: .created),
            ChangeEvent(thing: Thing(.environment, "env-2"), change: .created),
        ]
        #expect(found.count == 4)
        #expect(expected.allSatisfy { found.contains($0) })
    }

    @Test("a state that changes is told with the new one, and what goes is told too")
    func changedAndDeleted() async {
        let link = Thing(.link, "l", in: "lkc-dest")
        cluster.state.withLock { state in
            state.contents.topics["t"] = ThingMark(digest: 1)
            state.contents.others[link] = ThingMark(state: "ACTIVE")
        }
        let found = await changes(2) {
            cluster.state.withLock { state in
                state.contents.topics["t"] = nil
                state.contents.others[link] = ThingMark(state: "FAILED")
            }
        }
        #expect(found.count == 2)
        #expect(found.contains(ChangeEvent(thing: link, change: .changed, state: "FAILED")))
        #expect(found.contains(ChangeEvent(thing: Thing(.topic, "t", in: "lkc-dest"), change: .deleted)))
    }

    @Test("a cluster that does not answer for a moment has lost nothing")
    func silentCluster() async {
        cluster.state.withLock { $0.contents.topics["t"] = ThingMark(digest: 1) }
        let found = await changes(1) {
            cluster.state.withLock { $0.failure = RESTError.badRequest("not now") }
            control.state.withLock { $0.environments[0].displayName = "renamed" }
        }
        #expect(found == [ChangeEvent(thing: Thing(.environment, "env-local"), change: .changed)])
    }

    @Test("while nobody listens nobody looks")
    func rest() async throws {
        _ = await changes(1) { cluster.state.withLock { $0.contents.topics["t"] = ThingMark() } }
        // The look that was under way may still end.
        var looks = -1
        while looks != cluster.state.withLock({ $0.looks }) {
            looks = cluster.state.withLock { $0.looks }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(looks > 0)
    }

    @Test("changes come in one order, whatever that of the tables is")
    func order() {
        let new = Dictionary(
            uniqueKeysWithValues: (0..<20).map { (Thing(.topic, "t\($0 + 10)", in: "c"), ThingMark(digest: $0)) })
        let events = ChangeEvent.between([:], new)
        #expect(events.map(\.thing.name) == (10..<30).map { "t\($0)" })
    }

    @Test("a stream begins with who answers, and goes on with changes")
    func route() async throws {
        let response = try await fleet.send(.get, "/twinlog/v1/events").response
        #expect(response.contentType == "text/event-stream")
        let heard = Mutex<[String]>([])
        let stream = try #require(response.stream)
        let writer = EventWriter { bytes in
            heard.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
        }
        let work = Task { try await stream.run(writer) }
        while heard.withLock({ $0.isEmpty }) {
            await Task.yield()
        }
        cluster.state.withLock { $0.contents.topics["t"] = ThingMark() }
        while heard.withLock({ $0.count }) < 2 {
            await Task.yield()
        }
        work.cancel()
        _ = await work.result
        let events = heard.withLock { $0 }
        let facts = #"{"server_started_ms":1600000000000,"version":"\#(Product.version)"}"#
        #expect(events[0] == "event: hello\ndata: \(facts)\n\n")
        #expect(
            events[1] == "event: change\ndata: {\"kind\":\"topic\",\"cluster_id\":\"lkc-dest\",\"name\":\"t\","
                + "\"change\":\"created\",\"state\":null}\n\n")
    }
}
