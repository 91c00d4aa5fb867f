import ClusterCore
import NIOCore

/// An open connection, for people to look at.
package struct ConnectionDescription: Sendable {
    package let id: UInt64
    package let info: ConnectionInfo
    /// `HOST:PORT`.
    package let address: String
    /// Milliseconds since the epoch at which it was opened.
    package let connectedMs: Int64
}

extension ClusterLoop {
    /// The connections that are open for longest, and how many there are. To be called on the loop.
    package func describeConnections(limit: Int) -> (listed: [ConnectionDescription], count: Int) {
        let handlers = openConnections.compactMap { handler in handler.id.map { ($0, handler) } }
            .sorted { $0.0.rawValue < $1.0.rawValue }
        let listed = handlers.prefix(limit).compactMap { id, handler -> ConnectionDescription? in
            guard let info = withLoopCluster({ $0.connection(id) }) ?? nil else {
                return nil
            }
            return ConnectionDescription(
                id: id.rawValue, info: info, address: handler.clientAddress, connectedMs: handler.connectedMs)
        }
        return (listed, handlers.count)
    }
}

extension KafkaConnectionHandler {
    /// `HOST:PORT` of the client.
    fileprivate var clientAddress: String {
        guard let address = context?.channel.remoteAddress, let host = address.ipAddress else {
            return "unknown"
        }
        return host.contains(":") ? "[\(host)]:\(address.port ?? 0)" : "\(host):\(address.port ?? 0)"
    }
}
