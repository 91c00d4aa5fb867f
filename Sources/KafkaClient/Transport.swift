/// A host name or address with a port.
package struct HostPort: Hashable, Sendable, CustomStringConvertible {
    package var host: String
    /// 1…65535.
    package var port: Int32

    package init(host: String, port: Int32) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`, `[v6-address]:port` and, as Kafka does, `PROTOCOL://host:port`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        if let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...]
        }
        guard let colon = rest.lastIndex(of: ":"), let port = Int32(rest[rest.index(after: colon)...]),
            (1...65_535).contains(port)
        else {
            return nil
        }
        var host = rest[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
        }
        guard !host.isEmpty, !host.contains(where: \.isWhitespace) else {
            return nil
        }
        self.init(host: String(host), port: port)
    }

    /// Reads a comma-separated `bootstrap.servers` list; nil when an element is wrong or there is none.
    package static func list(_ text: String) -> [HostPort]? {
        var servers: [HostPort] = []
        for part in text.split(separator: ",") {
            let trimmed = part.drop(while: \.isWhitespace)
            let end = trimmed.lastIndex { !$0.isWhitespace }
            guard let end, let server = HostPort(trimmed[...end]) else {
                return nil
            }
            servers.append(server)
        }
        return servers.isEmpty ? nil : servers
    }

    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// Dials brokers and tells the time. Single-threaded: every call is made on the owner's loop, every callback comes
/// there.
package protocol Transport: AnyObject {
    /// Milliseconds since the epoch: for timestamps of records and what is shown.
    var nowMs: Int64 { get }
    /// Milliseconds on a clock that never steps: for everything that becomes due.
    var monotonicMs: Int64 { get }

    /// Starts to connect and returns at once.
    ///
    /// The delegate is held weakly or until the connection is closed, and is not called before `connect` has returned.
    ///
    /// - Parameters:
    ///   - tls: how to encrypt; nil for not at all. The connection counts as made once the handshake is done.
    ///   - timeoutMs: how long resolving, connecting and the handshake may take together, in milliseconds.
    func connect(
        to address: HostPort, tls: TLSOptions?, timeoutMs: Int64, delegate: any TransportDelegate
    ) -> any TransportConnection

    /// Calls `body` once, `afterMs` milliseconds from now (0 or more), never before `schedule` has returned.
    @discardableResult
    func schedule(afterMs: Int64, _ body: @escaping () -> Void) -> any Cancellable
}

/// Something scheduled that may be called off. Cancelling twice, or after it has run, does nothing.
package protocol Cancellable: AnyObject {
    func cancel()
}

/// One connection as its user drives it.
package protocol TransportConnection: AnyObject {
    /// Queues one frame; the transport puts the four length bytes before it. `frame` is read during the call only.
    /// Frames sent before ``TransportDelegate/transportDidConnect()`` or after the end are dropped.
    func send(_ frame: UnsafeRawBufferPointer)

    /// Closes at once. The delegate hears nothing more.
    func close()
}

/// What a connection's user hears.
package protocol TransportDelegate: AnyObject {
    func transportDidConnect()

    /// One whole frame without its length field; the bytes are valid during the call only.
    func transportDidReceive(frame: UnsafeRawBufferPointer)

    /// The connection ended, or never came about. Called at most once, and last.
    func transportDidClose(_ failure: TransportFailure)
}

/// Why a connection ended without being asked to.
package enum TransportFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The host name has no address.
    case unresolvable(String)
    /// Nobody accepted the connection: refused, unreachable.
    case connectFailed(String)
    case connectTimedOut
    case closedByPeer
    /// No safe connection came about: the other side's certificate, ours, or no TLS there at all.
    case tlsFailed(String)
    /// A frame longer than the transport takes, in bytes.
    case frameTooLarge(Int)
    /// Any other failure of the socket, in the system's words.
    case failed(String)

    package var description: String {
        switch self {
        case .unresolvable(let host): "cannot resolve \(host)"
        case .connectFailed(let reason): "cannot connect: \(reason)"
        case .connectTimedOut: "connecting timed out"
        case .closedByPeer: "closed by the other side"
        case .tlsFailed(let reason): "TLS handshake failed: \(reason)"
        case .frameTooLarge(let size):
            ForeignProtocol(length: size)?.description ?? "frame of \(size) bytes is too large"
        case .failed(let reason): reason
        }
    }
}

/// What other protocols' first bytes look like where Kafka has the length of a frame.
enum ForeignProtocol: CustomStringConvertible {
    case tls
    case http

    /// - Parameter length: of the first frame, as Kafka would read it.
    init?(length: Int) {
        switch length >> 16 {
        // A record of an alert or of a handshake, version 3.x.
        case 0x1503, 0x1603: self = .tls
        // "HTTP"
        case 0x4854: self = .http
        default: return nil
        }
    }

    var description: String {
        switch self {
        case .tls: "the listener is encrypted: set security.protocol to SSL or SASL_SSL"
        case .http: "this is an HTTP address, not a Kafka listener"
        }
    }
}
