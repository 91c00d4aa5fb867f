import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("Parking")
struct ParkingTests {
    private func request(
        _ sequence: UInt64, connection: UInt64 = 1, keys: [ParkingKey]
    ) -> ParkedRequest {
        let token = RequestToken(
            connection: ConnectionID(rawValue: connection), sequence: sequence, correlationID: Int32(sequence),
            apiKey: .fetch, apiVersion: 18)
        return ParkedRequest(token: token, keys: keys) { _, _, _ in nil }
    }

    @Test("a key wakes who waits on it, in the order of arrival, and leaves them parked")
    func wake() {
        var lot = ParkingLot()
        for sequence in [UInt64(3), 1, 2] {
            lot.park(request(sequence, keys: [.partition(7)]))
        }
        lot.park(request(4, keys: [.partition(8)]))
        #expect(!lot.hasWoken)
        lot.wake(.partition(9))
        #expect(!lot.hasWoken)
        lot.wake(.partition(7))
        lot.wake(.partition(7))
        #expect(lot.takeWoken().map(\.token.sequence) == [1, 2, 3])
        #expect(!lot.hasWoken)
        #expect(lot.count == 4)
    }

    @Test("a request that waits on several keys wakes once and leaves all of them")
    func severalKeys() {
        var lot = ParkingLot()
        lot.park(request(1, keys: [.partition(1), .partition(2), .partition(3)]))
        lot.wake(.partition(1))
        lot.wake(.partition(3))
        #expect(lot.takeWoken().map(\.token.sequence) == [1])
        lot.remove(1)
        #expect(lot.count == 0)
        lot.wake(.partition(2))
        #expect(!lot.hasWoken)
    }

    @Test("a connection that goes takes its requests along, and only its own")
    func removeAll() {
        var lot = ParkingLot()
        lot.park(request(1, connection: 1, keys: [.partition(1)]))
        lot.park(request(2, connection: 2, keys: [.partition(1)]))
        lot.park(request(3, connection: 1, keys: [.partition(2)]))
        lot.wake(.partition(1))
        lot.removeAll(of: ConnectionID(rawValue: 1))
        #expect(lot.takeWoken().map(\.token.sequence) == [2])
        #expect(lot.count == 1)
        lot.removeAll(of: ConnectionID(rawValue: 9))
        #expect(lot.count == 1)
    }

    @Test("timers fire by deadline, and in the order of scheduling at the same one")
    func timers() {
        var timers = TimerQueue()
        for (sequence, deadline) in [(UInt64(1), Int64(30)), (2, 10), (3, 20), (4, 10)] {
            timers.schedule(.parked(sequence: sequence), at: deadline)
        }
        var fired: [UInt64] = []
        func fire(until now: Int64) {
            while let event = timers.popDue(now) {
                if case .parked(let sequence) = event {
                    fired.append(sequence)
                }
            }
        }
        #expect(timers.nextDeadline == 10)
        fire(until: 9)
        #expect(fired.isEmpty)
        fire(until: 20)
        #expect(fired == [2, 4, 3])
        #expect(timers.nextDeadline == 30)
        fire(until: 30)
        #expect(timers.nextDeadline == nil)
    }

    @Test("a client that leaves while it waits is forgotten, and nobody answers it")
    func disconnect() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        let (gone, stays) = (harness.connect(), harness.connect())
        let request = harness.fetchRequest("orders", maxWaitMs: 500)
        let (first, _) = harness.send(request, version: 18, on: gone)
        let (second, _) = harness.send(request, version: 18, on: stays)
        #expect(harness.cluster.parking.count == 2)
        harness.disconnect(gone)
        #expect(harness.cluster.parking.count == 1)
        try harness.produce("orders", "a")
        #expect(try harness.answer(to: first) == nil)
        #expect(try harness.answer(to: second) != nil)
        harness.advance(by: 1_000)
        #expect(try harness.answer(to: first) == nil)
    }

    @Test("the limit of parked requests holds")
    func limit() throws {
        var limits = ClusterLimits()
        limits.parkedRequests = 2
        let harness = try ClusterHarness(limits: limits)
        try harness.createTopic("orders")
        let request = harness.fetchRequest("orders", maxWaitMs: 500)
        for _ in 0..<2 {
            guard case .pending = harness.send(request, version: 18, on: harness.connect()).outcome else {
                Issue.record("not parked")
                return
            }
        }
        guard case .close = harness.send(request, version: 18, on: harness.connect()).outcome else {
            Issue.record("parked beyond the limit")
            return
        }
        harness.advance(by: 500)
        guard case .pending = harness.send(request, version: 18, on: harness.connect()).outcome else {
            Issue.record("room was not given back")
            return
        }
    }

    @Test("the longest wait is cut to five minutes")
    func longestWait() throws {
        let harness = try ClusterHarness()
        try harness.createTopic("orders")
        let (sent, _) = harness.send(
            harness.fetchRequest("orders", maxWaitMs: .max), version: 18, on: harness.connect())
        harness.advance(by: 299_999)
        #expect(try harness.answer(to: sent) == nil)
        harness.advance(by: 1)
        #expect(try harness.answer(to: sent) != nil)
    }
}
