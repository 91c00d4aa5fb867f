import KafkaClient
import KafkaProtocol

/// A network and a clock that stand still until a test moves them. Nothing runs on its own.
package final class ManualTransport: Transport {
    /// The clock that timers go by. The wall clock shows the same until somebody sets it.
    package private(set) var monotonicMs: Int64
    private var wallStep: Int64 = 0
    package var nowMs: Int64 { monotonicMs + wallStep }
    /// Addresses in the order in which they were dialled.
    package private(set) var dialled: [HostPort] = []

    private var servers: [HostPort: any FakeServer] = [:]
    private var unresolvable: Set<String> = []
    private var peers: [FakePeer] = []
    private var timers: [ManualTimer] = []
    private var order = 0
    /// What happens before time passes, in order.
    private var events: [() -> Void] = []

    package init(nowMs: Int64 = 1_700_000_000_000) {
        monotonicMs = nowMs
    }

    // MARK: The test's side

    /// Accepts connections at `address`.
    package func serve(_ address: HostPort, _ server: any FakeServer) {
        servers[address] = server
    }

    /// Refuses connections from now on and drops those that are open.
    package func stopServing(_ address: HostPort) {
        servers[address] = nil
        for peer in peers where peer.address == address {
            peer.hangUp()
        }
    }

    /// Somebody sets the wall clock; no time passes.
    package func setWallClock(forward milliseconds: Int64) {
        wallStep += milliseconds
    }

    package func makeUnresolvable(_ host: String) {
        unresolvable.insert(host)
    }

    /// Runs everything that is due now, and what follows from it at the same time.
    package func run(limit: Int = 1_000_000) {
        var steps = 0
        while let event = nextEvent() {
            event()
            steps += 1
            precondition(steps < limit, "events at one moment never end")
        }
    }

    private func nextEvent() -> (() -> Void)? {
        if !events.isEmpty {
            return events.removeFirst()
        }
        let due = timers.filter { $0.due <= monotonicMs }.min { ($0.due, $0.order) < ($1.due, $1.order) }
        guard let due else {
            return nil
        }
        timers.removeAll { $0 === due }
        return due.body
    }

    /// Lets time pass, firing every timer at its moment.
    package func advance(_ milliseconds: Int64) {
        let end = monotonicMs + milliseconds
        run()
        while let next = timers.map(\.due).min(), next <= end {
            monotonicMs = max(monotonicMs, next)
            run()
        }
        monotonicMs = end
        run()
    }

    /// Lets time pass in small steps until `condition` holds; false when it never does.
    package func advance(until condition: () -> Bool, atMost milliseconds: Int64 = 60_000, step: Int64 = 10) -> Bool {
        run()
        var passed: Int64 = 0
        while !condition() {
            guard passed < milliseconds else {
                return false
            }
            advance(step)
            passed += step
        }
        return true
    }

    package var openConnections: Int { peers.count }

    // MARK: Transport

    package func connect(
        to address: HostPort, tls: TLSOptions?, timeoutMs: Int64, delegate: any TransportDelegate
    ) -> any TransportConnection {
        dialled.append(address)
        let peer = FakePeer(address, delegate, self)
        later { [self] in
            guard peer.isOpen else {
                return
            }
            if unresolvable.contains(address.host) {
                return peer.end(.unresolvable(address.host))
            }
            guard let server = servers[address] else {
                return peer.end(.connectFailed("refused"))
            }
            peers.append(peer)
            peer.accept(server)
        }
        return peer
    }

    @discardableResult
    package func schedule(afterMs: Int64, _ body: @escaping () -> Void) -> any Cancellable {
        order += 1
        let timer = ManualTimer(due: monotonicMs +| max(0, afterMs), order: order, body: body, owner: self)
        timers.append(timer)
        return timer
    }

    fileprivate func later(_ event: @escaping () -> Void) {
        events.append(event)
    }

    fileprivate func forget(_ timer: ManualTimer) {
        timers.removeAll { $0 === timer }
    }

    fileprivate func forget(_ peer: FakePeer) {
        peers.removeAll { $0 === peer }
    }
}

private final class ManualTimer: Cancellable {
    let due: Int64
    let order: Int
    let body: () -> Void
    private weak var owner: ManualTransport?

    init(due: Int64, order: Int, body: @escaping () -> Void, owner: ManualTransport) {
        self.due = due
        self.order = order
        self.body = body
        self.owner = owner
    }

    func cancel() {
        owner?.forget(self)
    }
}

/// Something that answers at an address.
package protocol FakeServer: AnyObject {
    func connected(_ peer: FakePeer)
    func received(_ frame: [UInt8], from peer: FakePeer)
    func disconnected(_ peer: FakePeer)
}

extension FakeServer {
    package func connected(_ peer: FakePeer) {}
    package func disconnected(_ peer: FakePeer) {}
}

/// One connection, seen from both ends.
package final class FakePeer: TransportConnection {
    package let address: HostPort
    package private(set) var isOpen = true
    private var delegate: (any TransportDelegate)?
    private weak var network: ManualTransport?
    private var server: (any FakeServer)?

    fileprivate init(_ address: HostPort, _ delegate: any TransportDelegate, _ network: ManualTransport) {
        self.address = address
        self.delegate = delegate
        self.network = network
    }

    fileprivate func accept(_ server: any FakeServer) {
        self.server = server
        server.connected(self)
        delegate?.transportDidConnect()
    }

    fileprivate func end(_ failure: TransportFailure) {
        guard isOpen else {
            return
        }
        isOpen = false
        network?.forget(self)
        server?.disconnected(self)
        let delegate = delegate
        self.delegate = nil
        delegate?.transportDidClose(failure)
    }

    /// The server sends a frame.
    package func answer(_ frame: [UInt8]) {
        network?.later { [self] in
            guard isOpen else {
                return
            }
            frame.withUnsafeBytes { delegate?.transportDidReceive(frame: $0) }
        }
    }

    /// The server hangs up.
    package func hangUp() {
        network?.later { [self] in end(.closedByPeer) }
    }

    // MARK: The client's side

    package func send(_ frame: UnsafeRawBufferPointer) {
        let copy = [UInt8](frame)
        network?.later { [self] in
            guard isOpen else {
                return
            }
            server?.received(copy, from: self)
        }
    }

    package func close() {
        guard isOpen else {
            return
        }
        isOpen = false
        delegate = nil
        network?.forget(self)
        server?.disconnected(self)
    }
}
