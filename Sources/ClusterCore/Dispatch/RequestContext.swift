import KafkaProtocol

/// Names one client connection of one cluster for as long as the process lives. Never reused.
package struct ConnectionID: Hashable, Sendable, Comparable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What the cluster knows about a connection; given by the transport when it is accepted.
package struct ConnectionInfo: Sendable {
    /// The listener the client came in through: the one whose addresses Metadata answers with.
    package var listener: ListenerName
    /// The virtual broker whose port was dialled.
    package var nodeID: Int32
    /// Remote address as Kafka prints it in group descriptions, without the leading slash.
    package var clientHost: String
    /// Who the client is. Before a log-in, nobody.
    package var principal = Principal.anonymous
    /// Until when requests are served, on the monotonic clock; later (or before the log-in) only SASL is.
    package var admittedUntil = Int64.max
    /// A log-in failed: the connection is about to be closed.
    package var isRefused = false
    /// What the client tells of itself.
    package let client = ClientDescription()

    package init(listener: ListenerName, nodeID: Int32, clientHost: String) {
        self.listener = listener
        self.nodeID = nodeID
        self.clientHost = clientHost
    }
}

/// What a client tells of itself, and how much it asks. Belongs to the cluster's owner.
package final class ClientDescription: @unchecked Sendable {
    /// Longer names are cut: they are only shown.
    static let longestName = 255

    /// `client.id` of its first request that has one.
    package internal(set) var id: String?
    /// From ApiVersions (KIP-511).
    package internal(set) var softwareName: String?
    package internal(set) var softwareVersion: String?
    /// Requests so far.
    package internal(set) var requests: Int64 = 0

    init() {}

    @inline(__always)
    func noteRequest(_ clientID: String?) {
        requests &+= 1
        if id == nil, let clientID {
            id = Self.cut(clientID)
        }
    }

    func note(_ request: ApiVersionsRequest) {
        guard !request.clientSoftwareName.isEmpty else {
            // Before version 3 there is nothing of the kind.
            return
        }
        softwareName = Self.cut(request.clientSoftwareName)
        softwareVersion = Self.cut(request.clientSoftwareVersion)
    }

    /// A string of its own, that keeps no longer one alive.
    private static func cut(_ text: String) -> String {
        text.utf8.count <= longestName ? text : String(decoding: Array(text.utf8.prefix(longestName)), as: UTF8.self)
    }
}

/// Names one request in flight: where its answer goes, and how that answer is encoded.
package struct RequestToken: Hashable, Sendable {
    package let connection: ConnectionID
    /// Counts the requests of the cluster; answers that wait are ordered by it.
    package let sequence: UInt64
    package let correlationID: Int32
    package let apiKey: APIKey
    package let apiVersion: Int16
}

/// Everything a handler may know about a request besides its fields.
package struct RequestContext: Sendable {
    package let token: RequestToken
    package let clientID: String?
    package let connection: ConnectionInfo
    /// Milliseconds since the epoch at which the request is handled. What becomes due goes by
    /// ``Cluster/deadline(after:)`` instead.
    package let now: Int64
    /// Bytes of memory that the request takes once it is decoded, with the answer that grows meanwhile; 0 for callers
    /// inside the process.
    package var heldBytes = 0
    /// The kind of place that it takes while it is answered in slices; nil for short requests, and for those that need
    /// none.
    var place: SliceKind?
    /// It was so long that decoding it was a slice (``RequestElements/longFrameBytes``).
    var isLong = false

    package var version: Int16 { token.apiVersion }
    package var principal: Principal { connection.principal }
}
