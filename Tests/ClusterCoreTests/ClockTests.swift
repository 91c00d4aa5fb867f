import KafkaProtocol
import Testing

@testable import ClusterCore

/// Somebody sets the clock of the machine while requests, sessions and rebalances wait.
@Suite("Clocks")
struct ClockTests {
    static let steps: [Int64] = [-10_000, -7_200_000, 10_000, 7_200_000]

    @Test("a long poll ends after its time, whatever the wall clock does meanwhile", arguments: steps)
    func longPoll(_ step: Int64) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        let (sent, _) = harness.send(harness.fetchRequest("orders", maxWaitMs: 500), version: 18, on: harness.connect())
        harness.advance(by: 100)
        harness.setWallClock(forward: step)
        harness.advance(by: 399)
        #expect(try harness.answer(to: sent) == nil)
        harness.advance(by: 1)
        #expect(try harness.answer(to: sent) != nil)
    }

    @Test("a session lasts as long as it was agreed on, whatever the wall clock does", arguments: steps)
    func session(_ step: Int64) throws {
        let harness = try ClusterHarness.forGroups()
        let member = GroupClient(harness)
        try harness.stabilize([member])
        harness.advance(by: 5_000)
        #expect(try member.heartbeat() == .none)
        harness.setWallClock(forward: step)
        harness.advance(by: 9_999)
        #expect(try member.heartbeat() == .none)
        harness.advance(by: 10_000)
        #expect(try member.heartbeat() == .unknownMemberID)
    }

    @Test("a rebalance waits for its members and no longer, whatever the wall clock does", arguments: steps)
    func rebalance(_ step: Int64) throws {
        let harness = try ClusterHarness.forGroups()
        let (first, second) = (GroupClient(harness, clientID: "a"), GroupClient(harness, clientID: "b"))
        for member in [first, second] {
            member.sessionTimeoutMs = 300_000
            member.rebalanceTimeoutMs = 20_000
        }
        try harness.stabilize([first, second])
        let rejoin = first.sendJoin()
        harness.setWallClock(forward: step)
        harness.advance(by: 19_999)
        #expect(try harness.answer(to: rejoin) == nil)
        harness.advance(by: 1)
        #expect(try harness.answer(to: rejoin)?.errorCode == 0)
    }

    @Test("a log-in lasts as long as it was told, whatever the wall clock does", arguments: steps)
    func reauthentication(_ step: Int64) throws {
        let harness = try ClusterHarness.secured(["connections.max.reauth.ms": "60000"])
        let id = harness.connectSecured()
        #expect(try harness.logIn(on: id).sessionLifetimeMs == 60_000)
        harness.setWallClock(forward: step)
        harness.advance(by: 59_999)
        #expect(try harness.call(MetadataRequest(), on: id).clusterID == "lkc-test")
        harness.advance(by: 1)
        let (_, outcome) = harness.send(MetadataRequest(), version: 9, on: id)
        guard case .close = outcome else {
            Issue.record("served after the session: \(outcome)")
            return
        }
    }

    @Test("records keep the time that the wall clock shows when they are appended", arguments: steps)
    func logAppendTime(_ step: Int64) throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders", configs: ["message.timestamp.type": "LogAppendTime"])
        harness.setWallClock(forward: step)
        let answer = try harness.call(harness.produceRequest("orders", values: ["a"]), version: 9)
        #expect(answer.responses[0].partitionResponses[0].logAppendTimeMs == harness.clock.wallMs)
    }

    @Test("housekeeping goes on in its rhythm after the wall clock was set back by hours")
    func housekeeping() throws {
        let harness = try ClusterHarness()
        let first = try #require(harness.cluster.nextTimer)
        harness.setWallClock(forward: -7_200_000)
        harness.advance(by: Cluster.housekeepingInterval)
        #expect(harness.cluster.nextTimer == first + Cluster.housekeepingInterval)
    }

    @Test("a tick takes what was due when it began: a timer that is due again at once does not hold it")
    func tickEnds() {
        var timers = TimerQueue()
        timers.schedule(.parked(sequence: 1), at: 10)
        timers.schedule(.parked(sequence: 2), at: 10)
        let mark = timers.mark
        var count = 0
        while timers.popDue(10, before: mark) != nil {
            count += 1
            timers.schedule(.parked(sequence: 3), at: 10)
        }
        #expect(count == 2)
        #expect(timers.nextDeadline == 10)
    }
}
