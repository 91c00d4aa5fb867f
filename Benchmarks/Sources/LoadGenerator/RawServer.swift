import CPoller
import Foundation

/// What loopback allows: a server that drops every frame it receives and answers with a frame of a fixed size, on one
/// thread.
///
/// A broker does the same work and its own on top, so its rate is given as a fraction of this one's.
package final class RawServer: @unchecked Sendable {
    private struct Peer {
        let descriptor: Int32
        var request = AnswerReader()
        var owed = 0
        var position = 0
        var watchesWritable = false
    }

    package let address: Address
    private let listener: Int32
    private let answer: FixedBytes
    // Touched by the server's thread only, apart from `stopped`, which is written once.
    private var peers: [Int32: Peer] = [:]
    private nonisolated(unsafe) var stopped = false

    /// `answerSize`: bytes of each answer, its length included.
    package init(answerSize: Int) throws {
        (listener, address) = try Socket.listen()
        var bytes = WireBytes()
        bytes.int(Int32(answerSize - 4))
        bytes.raw([UInt8](repeating: 0xAA, count: answerSize - 4))
        answer = FixedBytes(bytes.bytes)
        let thread = Thread { [self] in serve() }
        thread.start()
    }

    package func stop() { stopped = true }

    private func serve() {
        let poller = poller_create()
        let listenerToken = UInt32.max
        _ = poller_watch(poller, listener, listenerToken, false, true)
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        var events = [poller_event](repeating: poller_event(), count: 256)
        while !stopped {
            let count = poller_wait(poller, &events, Int32(events.count), 50)
            for event in events[..<Int(max(0, count))] {
                if event.token == listenerToken {
                    while let descriptor = Socket.accept(listener) {
                        peers[descriptor] = Peer(descriptor: descriptor)
                        _ = poller_watch(poller, descriptor, UInt32(descriptor), false, true)
                    }
                } else if (try? step(Int32(event.token), event, scratch, poller)) != true {
                    Socket.close(Int32(event.token))
                    peers[Int32(event.token)] = nil
                }
            }
        }
        for peer in peers.values { Socket.close(peer.descriptor) }
        Socket.close(listener)
        Socket.close(poller)
        scratch.deallocate()
    }

    /// False when the peer has gone.
    private func step(
        _ descriptor: Int32, _ event: poller_event, _ scratch: UnsafeMutableRawBufferPointer, _ poller: Int32
    ) throws -> Bool {
        guard var peer = peers[descriptor] else { return false }
        defer { peers[descriptor] = peer }
        if event.readable, let count = try Socket.read(descriptor, into: scratch) {
            guard count > 0 else { return false }
            var rest = UnsafeRawBufferPointer(rebasing: scratch[..<count])
            while !rest.isEmpty {
                if try peer.request.take(&rest) != nil { peer.owed += answer.bytes.count }
            }
        }
        while peer.owed > 0 {
            let piece = UnsafeRawBufferPointer(rebasing: answer.bytes[peer.position...].prefix(peer.owed))
            guard let count = try Socket.write(descriptor, piece) else { break }
            peer.owed -= count
            peer.position = (peer.position + count) % answer.bytes.count
        }
        if peer.watchesWritable != (peer.owed > 0) {
            peer.watchesWritable = peer.owed > 0
            _ = poller_watch(poller, descriptor, UInt32(descriptor), peer.watchesWritable, false)
        }
        return true
    }
}
