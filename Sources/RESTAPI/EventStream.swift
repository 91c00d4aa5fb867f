import NIOCore
import Synchronization

/// A body that is written piece by piece while its client listens: server-sent events (WHATWG HTML, section 9.2).
///
/// The route's work runs in a task of its own, which is cancelled as soon as the client goes away or the server stops.
/// It must end soon after that; sleeping and ``EventWriter/send(_:_:)`` do.
package struct EventStream: Sendable {
    /// Writes events until there are no more. What it throws is told to the client as an event `error`.
    package let run: @Sendable (EventWriter) async throws -> Void

    package init(_ run: @escaping @Sendable (EventWriter) async throws -> Void) {
        self.run = run
    }
}

/// Where a route writes events. May be used from any task, also by several at once: events never mix.
package struct EventWriter: Sendable {
    /// Takes bytes; returns once there is room for more.
    private let write: @Sendable ([UInt8]) async throws -> Void

    package init(_ write: @escaping @Sendable ([UInt8]) async throws -> Void) {
        self.write = write
    }

    /// Writes one event. Waits while the client reads more slowly than events come, so that nothing is piled up.
    ///
    /// - Parameters:
    ///   - name: without line breaks.
    ///   - data: written on one line.
    /// - Throws: when nobody listens any more.
    package func send(_ name: String, _ data: JSON) async throws {
        try await send(name, encoded: data.encoded())
    }

    /// The same for data that is encoded already, without line breaks.
    package func send(_ name: String, encoded data: [UInt8]) async throws {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count + name.utf8.count + 16)
        bytes += "event: \(name)\ndata: ".utf8
        bytes += data
        bytes += "\n\n".utf8
        try await write(bytes)
    }

    /// Writes a comment, which clients skip: a sign of life.
    func heartbeat() async throws {
        try await write(Array(": \n\n".utf8))
    }
}

extension RESTResponse {
    /// An answer of server-sent events.
    static func events(_ run: @escaping @Sendable (EventWriter) async throws -> Void) -> RESTResponse {
        var response = RESTResponse(status: 200, contentType: "text/event-stream")
        response.stream = EventStream(run)
        return response
    }
}

/// The streams that are being written: how many, to whom, and how they are ended.
final class HTTPStreams: Sendable {
    /// Streams at once; more are refused with 503.
    static let limit = 64
    /// Seconds between two signs of life.
    static let heartbeatSeconds = 10
    /// Seconds after which a client that takes nothing counts as gone.
    static let patienceSeconds = 60

    private struct Entry {
        let channel: (any Channel)?
        var end: (@Sendable () -> Void)?
        var hasEnded = false
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var lastID: UInt64 = 0
        var isEnding = false
    }

    private let state = Mutex(State())

    /// A place for one more stream, which it has until the place is let go of.
    /// - Parameter channel: where it will be written; nil without a connection.
    func take(_ channel: (any Channel)?) throws(RESTError) -> HTTPStreamPlace {
        let id = state.withLock { state -> UInt64? in
            guard !state.isEnding, state.entries.count < Self.limit else {
                return nil
            }
            state.lastID += 1
            state.entries[state.lastID] = Entry(channel: channel)
            return state.lastID
        }
        guard let id else {
            throw RESTError(
                status: 503, code: 503,
                message: "\(Self.limit) event streams are open, as many as there may be: close one or try again later.")
        }
        return HTTPStreamPlace(self, id)
    }

    func release(_ id: UInt64) {
        state.withLock { _ = $0.entries.removeValue(forKey: id) }
    }

    /// Says how a stream is ended; one that should have ended already is ended at once.
    func begins(_ id: UInt64, end: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            state.entries[id]?.end = end
            return state.isEnding || state.entries[id]?.hasEnded != false
        }
        if isOver {
            end()
        }
    }

    /// Connections that bear a stream.
    var channels: Set<ObjectIdentifier> {
        state.withLock { Set($0.entries.values.compactMap { $0.channel.map { ObjectIdentifier($0) } }) }
    }

    /// Nothing will come from a client any more. Unless that is because the server stops, nobody listens either.
    func inputEnded(_ channel: any Channel) {
        let (ends, isEnding) = state.withLock { state in
            let wanted = ObjectIdentifier(channel)
            let ids = state.entries.filter { $0.value.channel.map { ObjectIdentifier($0) } == wanted }.keys
            for id in ids {
                state.entries[id]?.hasEnded = true
            }
            return (ids.map { state.entries[$0]?.end }, state.isEnding)
        }
        guard !ends.isEmpty else {
            return
        }
        for end in ends {
            end?()
        }
        if !isEnding {
            channel.close(promise: nil)
        }
    }

    /// A client that takes nothing any more.
    func giveUp(_ id: UInt64) {
        state.withLock { $0.entries[id]?.channel }?.close(promise: nil)
    }

    /// Ends all streams, and takes no others.
    func endAll() {
        let entries = state.withLock { state in
            state.isEnding = true
            return Array(state.entries.values)
        }
        for entry in entries {
            entry.end?()
            // What its client does not take would keep the end from being written.
            if let channel = entry.channel, !channel.isWritable {
                channel.close(promise: nil)
            }
        }
    }
}

/// A stream's right to be written. Whoever has it last gives it back.
final class HTTPStreamPlace: Sendable {
    private let streams: HTTPStreams
    private let id: UInt64

    init(_ streams: HTTPStreams, _ id: UInt64) {
        self.streams = streams
        self.id = id
    }

    deinit { streams.release(id) }

    /// Runs the stream until it ends or is ended, with signs of life meanwhile.
    /// - Parameters:
    ///   - write: takes bytes; returns once there is room for more.
    ///   - report: told of failures that are ours.
    func run(
        _ stream: EventStream, report: @escaping @Sendable (any Error) -> Void,
        _ write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async {
        let events = EventWriter(write)
        let work = Task {
            do {
                try await stream.run(events)
            } catch is CancellationError {
                // Nobody is left to be told.
            } catch {
                guard !Task.isCancelled, !(error is ChannelError) else {
                    return
                }
                try? await events.send("error", ErrorStyle.kafka.body(RESTError.describing(error, report)))
            }
        }
        let heart = Task { [streams, id] in
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(HTTPStreams.heartbeatSeconds))
                let watch = Task {
                    try await Task.sleep(for: .seconds(HTTPStreams.patienceSeconds))
                    streams.giveUp(id)
                }
                defer { watch.cancel() }
                try await events.heartbeat()
            }
        }
        streams.begins(id) { work.cancel() }
        await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
        heart.cancel()
        _ = await heart.result
    }
}
