import ClusterCore
import KafkaClient
import KafkaProtocol

/// How a link fares (`link_state`).
package enum LinkHealth: String, Sendable, CaseIterable {
    case active = "ACTIVE"
    case failed = "FAILED"
    case unavailable = "UNAVAILABLE"
    case paused = "PAUSED"
    /// The source has not been heard of yet.
    case unknown = "UNKNOWN"
}

/// Why a link does not fare well (`link_error`).
package enum LinkError: String, Sendable, CaseIterable, CustomStringConvertible {
    case unknown = "UNKNOWN"
    case noError = "NO_ERROR"
    case authentication = "AUTHENTICATION_ERROR"
    case unresolvableBootstrap = "UNRESOLVABLE_BOOTSTRAP_ERROR"
    case invalidBootstrapInternalEndpoint = "INVALID_BOOTSTRAP_INTERNAL_ENDPOINT_ERROR"
    case bootstrapConnectionFailed = "BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR"
    case timeout = "TIMEOUT_ERROR"

    package var description: String { rawValue }

    init(_ error: ClientError) {
        switch error {
        case .bootstrapFailed(_, let failure), .disconnected(let failure):
            switch failure {
            case .unresolvable: self = .unresolvableBootstrap
            case .tlsFailed: self = .authentication
            case .connectFailed, .connectTimedOut, .closedByPeer, .frameTooLarge, .failed:
                self = .bootstrapConnectionFailed
            }
        case .timedOut: self = .timeout
        case _ where error.refusesLogin: self = .authentication
        default: self = .unknown
        }
    }
}

/// What the partitions of a link's mirrors do (`category_counts`).
package enum MirrorPartitionCategory: String, Sendable, CaseIterable {
    case active = "ACTIVE"
    case paused = "PAUSED"
    case inError = "IN_ERROR"
    case pending = "PENDING"
    case notApplicable = "NOT_APPLICABLE"

    init(_ state: MirrorState, hasError: Bool) {
        switch state {
        case .active: self = hasError ? .inError : .active
        case .paused, .linkPaused: self = .paused
        case .failed, .linkFailed, .sourceUnavailable: self = .inError
        case .pendingStopped, .pendingMirror, .pendingSynchronize, .pendingSetupForRestore, .pendingRestore:
            self = .pending
        case .stopped: self = .notApplicable
        }
    }
}

/// A link with how it fares at this moment.
package struct LinkSnapshot: Sendable {
    package var link: ClusterLink
    package var health: LinkHealth
    package var error: LinkError
    /// A sentence about `error`; nil when there is none.
    package var errorMessage: String?
    /// Mirror topics, ordered.
    package var topicNames: [String]
    package var partitionCounts: [MirrorPartitionCategory: Int]
}

/// A mirror topic with how far it is at this moment.
package struct MirrorSnapshot: Sendable {
    package var linkName: String
    package var mirrorTopicName: String
    package var sourceTopicName: String
    package var sourceTopicID: KafkaUUID
    /// With what follows from the link, such as `sourceUnavailable`.
    package var state: MirrorState
    package var error: MirrorError
    /// Why a mirror that is ACTIVE does not get on although its source answers, in words; nil while it does.
    package var errorMessage: String?
    /// Milliseconds since the epoch of the last change of `state`.
    package var stateTimeMs: Int64
    /// One per partition, ordered.
    package var partitions: [MirrorPartitionSnapshot]
}

/// How far one mirror partition is.
package struct MirrorPartitionSnapshot: Sendable, Equatable {
    package var partition: Int32
    package var logEndOffset: Int64
    /// The source's high watermark when it was last fetched; -1 before the first fetch. Of a mirror that has
    /// been paused, or whose link has, or that has failed, it outlives the process.
    package var sourceHighWatermark: Int64
    /// Offsets that are missing; -1 before the first fetch.
    package var lag: Int64
    /// Milliseconds since the epoch; -1 before the first fetch.
    package var lastFetchMs: Int64
    /// Why the last try failed; nil once one succeeds.
    package var problem: String?
}
