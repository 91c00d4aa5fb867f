/// Why a listener could not be opened.
package enum TransportError: Error, Equatable, Sendable, CustomStringConvertible {
    case addressInUse(host: String, port: Int)
    case cannotListen(host: String, port: Int, reason: String)

    package var isInUse: Bool {
        if case .addressInUse = self { true } else { false }
    }

    package var description: String {
        switch self {
        case .addressInUse(let host, let port): "cannot listen on \(host):\(port): the port is in use"
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host):\(port): \(reason)"
        }
    }
}
