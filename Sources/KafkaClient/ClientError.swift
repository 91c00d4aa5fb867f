import KafkaProtocol

/// Why a request has no answer, or what the answer's error was.
package enum ClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The connection could not be made, or ended before the answer came.
    case disconnected(TransportFailure)
    /// The answer did not come in time; the connection was closed because its order of answers is lost.
    case timedOut(APIKey)
    /// The owner closed the client or connection.
    case closed
    /// Both sides have no version of this API in common.
    case unsupportedVersion(APIKey)
    /// The other side sent what no Kafka broker sends.
    case protocolViolation(String)
    /// No bootstrap server could be used; the first failure of the last round.
    case bootstrapFailed(HostPort, TransportFailure)
    /// The broker is not (or no longer) part of the cluster.
    case unknownBroker(Int32)
    /// No leader is known for the partition.
    case leaderUnknown(topic: String, partition: Int32)
    /// The broker answered with an error.
    case broker(ErrorCode, message: String?)

    /// Whether the broker does not let this client in.
    package var refusesLogin: Bool {
        switch self {
        case .broker(.saslAuthenticationFailed, _), .broker(.unsupportedSaslMechanism, _),
            .broker(.illegalSaslState, _):
            true
        default: false
        }
    }

    /// Whether the same request may succeed later.
    package var isRetriable: Bool {
        switch self {
        case .disconnected, .timedOut, .bootstrapFailed, .unknownBroker, .leaderUnknown: true
        case .broker(let code, _): code.isRetriable
        case .closed, .unsupportedVersion, .protocolViolation: false
        }
    }

    package var description: String {
        switch self {
        case .disconnected(let failure): "\(failure)"
        case .timedOut(let api): "\(api) was not answered in time"
        case .closed: "the client was closed"
        case .unsupportedVersion(let api): "the broker serves no version of \(api) that this client knows"
        case .protocolViolation(let what): "protocol violation: \(what)"
        case .bootstrapFailed(let server, let failure): "\(server): \(failure)"
        case .unknownBroker(let id): "broker \(id) is unknown"
        case .leaderUnknown(let topic, let partition): "\(topic)-\(partition) has no known leader"
        case .broker(let code, let message): message ?? "\(code.name)"
        }
    }
}

extension ErrorCode {
    /// Throws the error that a response carries; `none` passes.
    package static func check(_ raw: Int16, _ message: String? = nil) throws(ClientError) {
        let code = ErrorCode(rawValue: raw)
        if code != .none {
            throw .broker(code, message: message)
        }
    }

    /// Whether the answer says that the client's view of the cluster is old: fetch metadata before trying again.
    package var asksForMetadata: Bool {
        switch self {
        case .notLeaderOrFollower, .leaderNotAvailable, .unknownTopicOrPartition, .unknownTopicID, .inconsistentTopicID,
            .fencedLeaderEpoch, .unknownLeaderEpoch, .replicaNotAvailable, .kafkaStorageError, .listenerNotFound:
            true
        default: false
        }
    }
}
