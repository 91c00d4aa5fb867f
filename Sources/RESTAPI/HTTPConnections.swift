import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// The HTTP listener and its open connections, by which they are ended.
///
/// Neither cancelling the task that runs the server nor closing its listener is a way to do it: a connection that was
/// accepted but is not served yet is then dropped by the library in a way that ends the process. So the listener first
/// stops accepting, and closes once everything that it accepted is served.
package final class HTTPConnections: Sendable {
    private struct State {
        var isEnding = false
        var listener: (any Channel)?
        var open: [ObjectIdentifier: any Channel] = [:]
        /// Connections that were set up and are not served yet.
        var waiting = 0
    }

    private let state = Mutex(State())
    /// The answers on them that are written piece by piece.
    let streams = HTTPStreams()

    /// Milliseconds that the server gets to take over what was accepted.
    private static let patienceMs = 1_000

    package init() {}

    func listens(_ channel: any Channel) {
        state.withLock { $0.listener = channel }
    }

    func opened(_ channel: any Channel) {
        let isEnding = state.withLock { state in
            state.open[ObjectIdentifier(channel)] = channel
            state.waiting += 1
            return state.isEnding
        }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { _ = $0.open.removeValue(forKey: ObjectIdentifier(channel)) }
        }
        if isEnding {
            endInput(of: channel)
        }
    }

    func served() {
        state.withLock { $0.waiting -= 1 }
    }

    /// Reads nothing more from a connection, once it is set up: the library does not take it well before.
    private func endInput(of channel: any Channel) {
        channel.eventLoop.execute { [self] in
            if channel.isActive {
                channel.close(mode: .input, promise: nil)
            } else if state.withLock({ $0.open[ObjectIdentifier(channel)] != nil }) {
                channel.eventLoop.scheduleTask(in: .milliseconds(1)) { [self] in endInput(of: channel) }
            }
        }
    }

    /// Accepts and reads nothing more, and ends streams: requests under way are answered, then their connections close.
    /// Takes a bounded time.
    package func finish() async {
        let listener = state.withLock { state in
            state.isEnding = true
            return state.listener
        }
        streams.endAll()
        if let listener {
            await close(listener)
        }
        for channel in state.withLock({ Array($0.open.values) }) {
            endInput(of: channel)
        }
    }

    private func close(_ listener: any Channel) async {
        try? await listener.setOption(.autoRead, value: false).get()
        // What is being accepted at this moment is set up within two turns of the loop.
        for _ in 0..<2 {
            try? await listener.eventLoop.submit {}.get()
        }
        for _ in 0..<Self.patienceMs where state.withLock({ $0.waiting > 0 }) {
            try? await Task.sleep(for: .milliseconds(1))
        }
        // Otherwise it stays open without accepting until the process ends.
        if state.withLock({ $0.waiting == 0 }) {
            try? await listener.close()
        }
    }

    /// Closes what is still open.
    package func closeAll() {
        for channel in state.withLock({ Array($0.open.values) }) {
            channel.close(promise: nil)
        }
    }
}

/// HTTP/1 connections that are entered in a list while they are open.
struct TrackedHTTPChannel: ServerChildChannel {
    let base: HTTP1Channel
    let connections: HTTPConnections

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        connections.opened(channel)
        return base.setup(channel: channel, logger: logger)
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        connections.served()
        await base.handle(value: value, logger: logger)
    }
}
