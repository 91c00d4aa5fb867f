import CPoller

/// What a load loop sends, and what it makes of the answers.
package protocol Workload: AnyObject {
    /// Requests in flight on each connection.
    var depth: Int { get }
    /// The next request of a connection as a whole frame; the bytes stay valid until the next call for it.
    func request(_ connection: Int) -> UnsafeRawBufferPointer
    /// A whole answer arrived. `head` holds its first bytes behind the length; `size` is the length.
    func answered(_ connection: Int, head: UnsafeRawBufferPointer, size: Int) throws
}

/// What one run of a load loop did.
package struct LoadResult: Sendable {
    package var requests = 0
    package var bytesSent = 0
    package var bytesReceived = 0
    package var seconds = 0.0
    /// Round-trip times in nanoseconds, sorted.
    package var latencies: [UInt32] = []

    /// A quantile of the round-trip times in microseconds.
    package func latency(_ quantile: Double) -> Double {
        guard !latencies.isEmpty else { return 0 }
        return Double(latencies[min(latencies.count - 1, Int(quantile * Double(latencies.count)))]) / 1000
    }
}

/// Many connections on one thread, each answering an answer with the next request: a closed loop.
///
/// The generator shares the machine with the server, so it does as little as it can: requests are built
/// beforehand, and of answers it looks at the first bytes only; the rest is received, as any client must, and dropped.
package final class LoadLoop {
    private struct Connection {
        let descriptor: Int32
        var request = UnsafeRawBufferPointer(start: nil, count: 0)
        var sent = 0
        var waitingToSend = 0
        var watchesWritable = false
        var sentAt: [UInt64] = []
        var oldest = 0
        var answer = AnswerReader()
    }

    private static let scratchSize = 1 << 20
    private static let maximalLatencies = 4_000_000

    private let poller: Int32
    private var connections: [Connection] = []
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: scratchSize, alignment: 16)
    private var result = LoadResult()
    private var inFlight = 0
    private var stopping = false

    package init(address: Address, connections count: Int) throws {
        poller = poller_create()
        guard poller >= 0 else { throw BenchmarkError.platform("epoll_create1") }
        for index in 0..<count {
            let descriptor = try Socket.connect(address, blocking: false)
            connections.append(Connection(descriptor: descriptor))
            guard poller_watch(poller, descriptor, UInt32(index), false, true) == 0 else {
                throw BenchmarkError.platform("epoll_ctl")
            }
        }
    }

    deinit {
        for connection in connections { Socket.close(connection.descriptor) }
        Socket.close(poller)
        scratch.deallocate()
    }

    /// Sends for `seconds`, then waits for what is still in flight.
    package func run(_ workload: some Workload, seconds: Double) throws -> LoadResult {
        try run(workload, until: { [deadline = Clock.now() + UInt64(seconds * 1e9)] in Clock.now() >= deadline })
    }

    /// Sends until `finished` holds, asked at every wake-up, then waits for what is still in flight.
    package func run(_ workload: some Workload, until finished: () -> Bool) throws -> LoadResult {
        result = LoadResult()
        result.latencies.reserveCapacity(100_000)
        stopping = false
        let start = Clock.now()
        for index in connections.indices {
            connections[index].sentAt = [UInt64](repeating: 0, count: workload.depth)
            connections[index].oldest = 0
            connections[index].waitingToSend = workload.depth
            inFlight += workload.depth
            try send(index, workload)
        }
        var events = [poller_event](repeating: poller_event(), count: 256)
        var quiet = 0
        while inFlight > 0 {
            let count = poller_wait(poller, &events, Int32(events.count), 100)
            guard count >= 0 else { throw BenchmarkError.platform("epoll_wait") }
            quiet = count == 0 ? quiet + 1 : 0
            guard quiet < 300 else { throw BenchmarkError("no answer for 30 s") }
            for event in events[..<Int(count)] {
                if event.writable { try send(Int(event.token), workload) }
                if event.readable { try receive(Int(event.token), workload) }
            }
            if !stopping, finished() { stopping = true }
        }
        result.seconds = Clock.seconds(since: start)
        result.latencies.sort()
        return result
    }

    private func send(_ index: Int, _ workload: some Workload) throws {
        while connections[index].waitingToSend > 0 {
            if connections[index].sent == 0 {
                connections[index].request = workload.request(index)
                let slot =
                    (connections[index].oldest + workload.depth - connections[index].waitingToSend) % workload.depth
                connections[index].sentAt[slot] = Clock.now()
            }
            let rest = UnsafeRawBufferPointer(rebasing: connections[index].request[connections[index].sent...])
            guard let count = try Socket.write(connections[index].descriptor, rest) else {
                return watch(index, writable: true)
            }
            connections[index].sent += count
            result.bytesSent += count
            if connections[index].sent == connections[index].request.count {
                connections[index].sent = 0
                connections[index].waitingToSend -= 1
            }
        }
        watch(index, writable: false)
    }

    private func watch(_ index: Int, writable: Bool) {
        guard connections[index].watchesWritable != writable else { return }
        connections[index].watchesWritable = writable
        _ = poller_watch(poller, connections[index].descriptor, UInt32(index), writable, false)
    }

    private func receive(_ index: Int, _ workload: some Workload) throws {
        guard let count = try Socket.read(connections[index].descriptor, into: scratch) else { return }
        guard count > 0 else { throw BenchmarkError("the server closed a connection") }
        result.bytesReceived += count
        var rest = UnsafeRawBufferPointer(rebasing: scratch[..<count])
        var answers = 0
        while !rest.isEmpty {
            guard let size = try connections[index].answer.take(&rest) else { continue }
            try connections[index].answer.withHead { try workload.answered(index, head: $0, size: size) }
            answers += 1
            note(index, depth: workload.depth)
        }
        guard answers > 0 else { return }
        inFlight -= answers
        result.requests += answers
        if !stopping {
            connections[index].waitingToSend += answers
            inFlight += answers
            try send(index, workload)
        }
    }

    private func note(_ index: Int, depth: Int) {
        let slot = connections[index].oldest
        connections[index].oldest = (slot + 1) % depth
        if result.latencies.count < Self.maximalLatencies {
            result.latencies.append(UInt32(clamping: Clock.now() - connections[index].sentAt[slot]))
        }
    }
}

/// Cuts a stream of bytes into answers and keeps the first bytes of each.
struct AnswerReader {
    private var head: [UInt8] = []
    private var lengthBytes = 0
    private var size = 0
    private var seen = 0

    /// Takes bytes from the front of `input`; the size of the answer that ends with them, if one does.
    mutating func take(_ input: inout UnsafeRawBufferPointer) throws -> Int? {
        while lengthBytes < 4 {
            guard let byte = input.first else { return nil }
            size = lengthBytes == 0 ? Int(byte) : size << 8 | Int(byte)
            lengthBytes += 1
            input = UnsafeRawBufferPointer(rebasing: input.dropFirst())
            if lengthBytes == 4 {
                guard size >= 4, size < 1 << 30 else { throw BenchmarkError("an answer of \(size) bytes") }
                head.removeAll(keepingCapacity: true)
                seen = 0
            }
        }
        let piece = min(input.count, size - seen)
        if head.count < Answer.headSize {
            head.append(contentsOf: input.prefix(min(piece, Answer.headSize - head.count)))
        }
        seen += piece
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(piece))
        guard seen == size else { return nil }
        lengthBytes = 0
        return size
    }

    func withHead<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try head.withUnsafeBytes(body)
    }
}
