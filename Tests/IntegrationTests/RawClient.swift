import KafkaProtocol

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A bare TCP connection that sends what a test tells it to, right or wrong. Every wait has a deadline.
final class RawClient: Sendable {
    struct Failure: Error {
        let text: String
    }

    static let deadlineMs: Int32 = 20_000
    private let descriptor: Int32

    /// - Parameter receiveBytes: size of the system's receive buffer, so that a slow reader fills it soon.
    init(port: Int, receiveBytes: Int32? = nil) throws {
        #if os(Linux)
        let kind = Int32(SOCK_STREAM.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, kind, 0)
        if var size = receiveBytes {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            throw Failure(text: "connect: \(String(cString: strerror(errno)))")
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    deinit { close(descriptor) }

    private func wait(for events: Int32, ms: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&entry, 1, ms) > 0
    }

    /// Sends everything.
    func send(_ bytes: [UInt8]) throws {
        guard try sendWhatFits(bytes, patienceMs: Self.deadlineMs) == bytes.count else {
            throw Failure(text: "the server does not read")
        }
    }

    /// Sends until everything is sent or the socket takes nothing for `patienceMs`; returns how much it took.
    func sendWhatFits(_ bytes: [UInt8], patienceMs: Int32) throws -> Int {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress! + done, bytes.count - done)
            }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                guard wait(for: Int32(POLLOUT), ms: patienceMs) else {
                    return done
                }
            } else if errno != EINTR {
                throw Failure(text: "write: \(String(cString: strerror(errno)))")
            }
        }
        return done
    }

    /// Sends no more, and can still receive.
    func endSending() {
        #if os(Linux)
        shutdown(descriptor, Int32(SHUT_WR))
        #else
        shutdown(descriptor, SHUT_WR)
        #endif
    }

    /// Exactly `count` bytes.
    func receive(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + done, count - done) }
            if got > 0 {
                done += got
            } else if got == 0 {
                throw Failure(text: "closed by the server")
            } else if errno == EAGAIN {
                guard wait(for: Int32(POLLIN), ms: Self.deadlineMs) else {
                    throw Failure(text: "nothing came")
                }
            } else if errno != EINTR {
                throw Failure(text: "read: \(String(cString: strerror(errno)))")
            }
        }
        return bytes
    }

    /// One frame without its length.
    func receiveFrame() throws -> [UInt8] {
        let head = try receive(4)
        return try receive(head.reduce(0) { $0 << 8 | Int($1) })
    }

    /// Whether something of the server is there, or its end.
    var hasBytes: Bool { wait(for: Int32(POLLIN), ms: 0) }

    /// Whether the server ends the connection before the deadline, without another byte.
    func isClosedByServer() -> Bool {
        guard wait(for: Int32(POLLIN), ms: Self.deadlineMs) else {
            return false
        }
        var byte: UInt8 = 0
        let count = read(descriptor, &byte, 1)
        return count == 0 || (count < 0 && errno == ECONNRESET)
    }
}

// MARK: - Messages

extension RawClient {
    /// A request as a frame with its length.
    static func frame<R: KafkaRequest>(_ request: R, version: Int16, correlationID: Int32) -> [UInt8] {
        var writer = WireWriter(capacity: 1024)
        RequestHeader(apiKey: R.apiKey, apiVersion: version, correlationID: correlationID, clientID: "test")
            .encode(into: &writer)
        request.encode(into: &writer, version: version)
        let body = writer.copyBytes()
        return (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (24 - 8 * $0)) } + body
    }

    /// The next answer, which must be the one to `correlationID`.
    func answer<R: KafkaRequest>(to type: R.Type, version: Int16, correlationID: Int32) throws -> R.Response {
        let frame = try receiveFrame()
        return try frame.withUnsafeBytes { bytes in
            var reader = WireReader(bytes)
            let header = try ResponseHeader(from: &reader, apiKey: R.apiKey, version: version)
            guard header.correlationID == correlationID else {
                throw Failure(text: "answer \(header.correlationID) came instead of \(correlationID)")
            }
            return try R.Response(from: &reader, version: version)
        }
    }

    func call<R: KafkaRequest>(_ request: R, version: Int16, correlationID: Int32 = 1) throws -> R.Response {
        try send(Self.frame(request, version: version, correlationID: correlationID))
        return try answer(to: R.self, version: version, correlationID: correlationID)
    }

    // MARK: Shorthands

    /// ApiVersions as clients send it since version 3, which wants names.
    static var introduction: ApiVersionsRequest {
        var request = ApiVersionsRequest()
        request.clientSoftwareName = "test"
        request.clientSoftwareVersion = "1"
        return request
    }

    func createTopic(_ name: String) throws {
        var topic = CreateTopicsRequest.CreatableTopic()
        topic.name = name
        topic.numPartitions = 1
        topic.replicationFactor = 1
        var request = CreateTopicsRequest()
        request.topics = [topic]
        request.timeoutMs = 10_000
        let response = try call(request, version: 4)
        guard response.topics.first?.errorCode == 0 else {
            throw Failure(text: "topic \(name): \(response)")
        }
    }

    static func produce(_ topic: String, _ batch: [UInt8], acks: Int16) -> ProduceRequest {
        var partition = ProduceRequest.PartitionProduceData()
        partition.index = 0
        partition.records = .owned(batch)
        var data = ProduceRequest.TopicProduceData()
        data.name = topic
        data.partitionData = [partition]
        var request = ProduceRequest()
        request.acks = acks
        request.timeoutMs = 10_000
        request.topicData = [data]
        return request
    }

    static func fetch(_ topic: String, from offset: Int64, maxWaitMs: Int32, minBytes: Int32 = 1) -> FetchRequest {
        var partition = FetchRequest.FetchPartition()
        partition.partition = 0
        partition.fetchOffset = offset
        partition.partitionMaxBytes = 1 << 20
        var wanted = FetchRequest.FetchTopic()
        wanted.topic = topic
        wanted.partitions = [partition]
        var request = FetchRequest()
        request.maxWaitMs = maxWaitMs
        request.minBytes = minBytes
        request.maxBytes = 1 << 20
        request.topics = [wanted]
        return request
    }

    static func batch(_ values: [[UInt8]]) throws -> [UInt8] {
        var builder = RecordBatchBuilder()
        for value in values {
            builder.append(key: nil, value: value, timestamp: 1_700_000_000_000)
        }
        return try builder.build()
    }
}
