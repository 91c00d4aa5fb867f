import KafkaProtocol

/// Why something about a link or mirror was refused, in terms that REST, CLI and tests can tell apart.
package struct LinkFailure: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// The request makes no sense whatever the cluster's state: wrong name, wrong config.
        case invalidRequest
        /// Refused by the cluster's state, for instance since the topic exists (REST: 400, 40002).
        case refused
        /// The cluster does not offer this (REST: 400, 40035).
        case unsupported
        case linkNotFound
        case linkExists
        case mirrorNotFound
        /// The source has no such topic (REST: 404, 40403).
        case sourceTopicNotFound
        /// Not allowed while others depend on it (REST: 403).
        case forbidden
        /// The source could not be reached, or is not the cluster that was named.
        case sourceUnavailable
        /// This cluster could not store the change.
        case storage
    }

    package let kind: Kind
    /// The nearest Kafka error, for callers that speak the Kafka protocol.
    package let code: ErrorCode
    package let message: String

    package init(_ kind: Kind, _ message: String, code: ErrorCode? = nil) {
        self.kind = kind
        self.message = message
        self.code = code ?? LinkFailure.defaultCode(kind)
    }

    private static func defaultCode(_ kind: Kind) -> ErrorCode {
        switch kind {
        case .invalidRequest, .refused, .forbidden, .linkExists: .invalidRequest
        case .unsupported: .unsupportedVersion
        case .linkNotFound, .mirrorNotFound: .resourceNotFound
        case .sourceTopicNotFound: .unknownTopicOrPartition
        case .sourceUnavailable: .networkException
        case .storage: .kafkaStorageError
        }
    }

    package var description: String { message }

    package static func linkNotFound(_ name: String) -> LinkFailure {
        LinkFailure(.linkNotFound, "The cluster link doesn't exist.: Cluster link '\(name)' does not exist.")
    }

    package static func mirrorNotFound(_ topic: String, link: String) -> LinkFailure {
        LinkFailure(.mirrorNotFound, "Topic '\(topic)' is not a mirror topic of cluster link '\(link)'.")
    }

    package static func topicExists(_ name: String) -> LinkFailure {
        LinkFailure(.refused, "Topic '\(name)' already exists.", code: .topicAlreadyExists)
    }
}
