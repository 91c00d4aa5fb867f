import Glibc

/// What went wrong in a measurement. The run ends with it.
package struct BenchmarkError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }

    /// An error that the platform reported just now.
    static func platform(_ call: String) -> BenchmarkError {
        BenchmarkError("\(call): \(String(cString: strerror(errno)))")
    }
}

package enum Clock {
    /// Nanoseconds of a clock that never goes back.
    package static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Milliseconds since 1970.
    package static func wall() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    package static func seconds(since start: UInt64) -> Double { Double(now() - start) / 1e9 }

    package static func pause(milliseconds: Double) {
        usleep(UInt32(milliseconds * 1000))
    }
}

/// `host:port` of a listener.
package struct Address: Sendable, CustomStringConvertible {
    package let host: String
    package let port: UInt16
    package var description: String { "\(host):\(port)" }

    package init(_ text: String) throws {
        let bare = text.hasPrefix("http://") ? text.dropFirst(7) : text[...]
        guard let colon = bare.lastIndex(of: ":"),
            let port = UInt16(bare[bare.index(after: colon)...].prefix { $0 != "/" })
        else { throw BenchmarkError("'\(text)' is not host:port") }
        host = String(bare[..<colon])
        self.port = port
    }

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

/// A TCP socket on loopback.
package enum Socket {
    static let stream = Int32(SOCK_STREAM.rawValue)

    private static func withAddress<R>(
        _ address: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> R
    ) throws -> R {
        var ipv4 = sockaddr_in()
        ipv4.sin_family = sa_family_t(AF_INET)
        ipv4.sin_port = address.port.bigEndian
        let host = address.host == "localhost" ? "127.0.0.1" : address.host
        guard inet_pton(AF_INET, host, &ipv4.sin_addr) == 1, host.hasPrefix("127.") else {
            throw BenchmarkError("\(address) is not a loopback address: benchmarks stay on this machine")
        }
        return try withUnsafePointer(to: &ipv4) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    package static func connect(_ address: Address, blocking: Bool) throws -> Int32 {
        let descriptor = socket(AF_INET, stream, 0)
        guard descriptor >= 0 else { throw BenchmarkError.platform("socket") }
        let result = try withAddress(address) { Glibc.connect(descriptor, $0, $1) }
        guard result == 0 else {
            let error = BenchmarkError.platform("connect to \(address)")
            close(descriptor)
            throw error
        }
        setOption(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        if !blocking { makeNonBlocking(descriptor) }
        return descriptor
    }

    /// A listener on a port that the system chooses.
    static func listen() throws -> (descriptor: Int32, address: Address) {
        let descriptor = socket(AF_INET, stream, 0)
        let any = Address(host: "127.0.0.1", port: 0)
        guard descriptor >= 0, try withAddress(any, { bind(descriptor, $0, $1) }) == 0,
            Glibc.listen(descriptor, 512) == 0
        else { throw BenchmarkError.platform("listen") }
        var bound = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &bound) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        makeNonBlocking(descriptor)
        return (descriptor, Address(host: "127.0.0.1", port: UInt16(bigEndian: bound.sin_port)))
    }

    /// A connection that waits at the listener, or nil.
    static func accept(_ listener: Int32) -> Int32? {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return nil }
        setOption(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        makeNonBlocking(descriptor)
        return descriptor
    }

    private static func setOption(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func makeNonBlocking(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// Bytes sent, or nil when the socket takes no more now.
    package static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws -> Int? {
        let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        if count >= 0 { return count }
        if errno == EAGAIN || errno == EINTR { return nil }
        throw BenchmarkError.platform("send")
    }

    /// Bytes received, 0 at the end, or nil when there are none now.
    static func read(_ descriptor: Int32, into memory: UnsafeMutableRawBufferPointer) throws -> Int? {
        let count = recv(descriptor, memory.baseAddress, memory.count, 0)
        if count >= 0 { return count }
        if errno == EAGAIN || errno == EINTR { return nil }
        throw BenchmarkError.platform("recv")
    }

    package static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }
}
