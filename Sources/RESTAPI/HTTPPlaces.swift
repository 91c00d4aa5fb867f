import NIOCore
import Synchronization

/// Who is connected over HTTP. When there are too many, whoever was silent for longest makes room: half a request that
/// never goes on does not keep others out.
final class HTTPPlaces: Sendable {
    private struct Guest {
        let channel: any Channel
        /// Counts up with everything that is heard from or sent to anybody.
        var lastSign: UInt64
    }

    private struct State {
        var guests: [ObjectIdentifier: Guest] = [:]
        var signs: UInt64 = 0
    }

    private let limit: Int
    private let streams: HTTPStreams
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: connections that may be open at once.
    ///   - streams: those of them that say nothing for long and are not silent: they keep their places.
    init(limit: Int, streams: HTTPStreams) {
        self.limit = limit
        self.streams = streams
    }

    /// A connection is open, or was heard of again. Closes the most silent one when there are too many.
    func note(_ channel: any Channel) {
        let silent = state.withLock { state -> (any Channel)? in
            state.signs += 1
            state.guests[ObjectIdentifier(channel)] = Guest(channel: channel, lastSign: state.signs)
            guard state.guests.count > limit else {
                return nil
            }
            let held = streams.channels
            let others = state.guests.lazy.filter { !held.contains($0.key) }
            guard let silent = others.min(by: { $0.value.lastSign < $1.value.lastSign }) else {
                return nil
            }
            state.guests[silent.key] = nil
            return silent.value.channel
        }
        silent?.close(promise: nil)
    }

    func leave(_ channel: any Channel) {
        state.withLock { $0.guests[ObjectIdentifier(channel)] = nil }
        streams.inputEnded(channel)
    }

    /// Nothing more comes from a client.
    func inputEnded(_ channel: any Channel) {
        streams.inputEnded(channel)
    }
}

/// Tells ``HTTPPlaces`` of one connection. It sits behind the decoder: bytes that do not make a header are no sign of
/// life.
final class HTTPPlaceHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = Any
    typealias OutboundIn = Any

    private let places: HTTPPlaces

    init(_ places: HTTPPlaces) {
        self.places = places
    }

    func handlerAdded(context: ChannelHandlerContext) {
        places.note(context.channel)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            places.inputEnded(context.channel)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        places.leave(context.channel)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        places.leave(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        places.note(context.channel)
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        places.note(context.channel)
        context.write(data, promise: promise)
    }
}
