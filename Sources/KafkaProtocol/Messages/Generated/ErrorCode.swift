// Generated from Protocol/errors.table by `make generate`. Do not edit.

/// An error of the Kafka protocol; a code without a name is kept as it is.
package struct ErrorCode: RawRepresentable, Error, Hashable, Sendable, CustomStringConvertible {
    package var rawValue: Int16

    package init(rawValue: Int16) { self.rawValue = rawValue }

    /// Something went wrong on the server that has no code of its own.
    package static var unknownServerError: ErrorCode { ErrorCode(rawValue: -1) }
    /// No error.
    package static var none: ErrorCode { ErrorCode(rawValue: 0) }
    /// The offset lies before the start or after the end of the log.
    package static var offsetOutOfRange: ErrorCode { ErrorCode(rawValue: 1) }
    /// The records fail their checksum or are malformed.
    package static var corruptMessage: ErrorCode { ErrorCode(rawValue: 2) }
    /// The broker does not have this topic or partition.
    package static var unknownTopicOrPartition: ErrorCode { ErrorCode(rawValue: 3) }
    /// The fetch size is not valid.
    package static var invalidFetchSize: ErrorCode { ErrorCode(rawValue: 4) }
    /// The partition has no leader at the moment.
    package static var leaderNotAvailable: ErrorCode { ErrorCode(rawValue: 5) }
    /// The broker neither leads nor follows this partition.
    package static var notLeaderOrFollower: ErrorCode { ErrorCode(rawValue: 6) }
    /// The request was not completed in time.
    package static var requestTimedOut: ErrorCode { ErrorCode(rawValue: 7) }
    /// The broker is not available.
    package static var brokerNotAvailable: ErrorCode { ErrorCode(rawValue: 8) }
    /// The replica asked for is not available.
    package static var replicaNotAvailable: ErrorCode { ErrorCode(rawValue: 9) }
    /// A batch is larger than the topic or the broker accepts.
    package static var messageTooLarge: ErrorCode { ErrorCode(rawValue: 10) }
    /// The controller that sent this has been replaced.
    package static var staleControllerEpoch: ErrorCode { ErrorCode(rawValue: 11) }
    /// The text stored with an offset is too long.
    package static var offsetMetadataTooLarge: ErrorCode { ErrorCode(rawValue: 12) }
    /// The connection ended before the response arrived.
    package static var networkException: ErrorCode { ErrorCode(rawValue: 13) }
    /// The coordinator is still reading its log.
    package static var coordinatorLoadInProgress: ErrorCode { ErrorCode(rawValue: 14) }
    /// There is no coordinator at the moment.
    package static var coordinatorNotAvailable: ErrorCode { ErrorCode(rawValue: 15) }
    /// This broker is not the coordinator asked for.
    package static var notCoordinator: ErrorCode { ErrorCode(rawValue: 16) }
    /// The topic's name is not valid, or it is an internal topic.
    package static var invalidTopicException: ErrorCode { ErrorCode(rawValue: 17) }
    /// The batches together are larger than a segment of the log.
    package static var recordListTooLarge: ErrorCode { ErrorCode(rawValue: 18) }
    /// Fewer replicas are in sync than the topic demands.
    package static var notEnoughReplicas: ErrorCode { ErrorCode(rawValue: 19) }
    /// The records were written, but too few replicas are in sync.
    package static var notEnoughReplicasAfterAppend: ErrorCode { ErrorCode(rawValue: 20) }
    /// acks must be -1, 0 or 1.
    package static var invalidRequiredAcks: ErrorCode { ErrorCode(rawValue: 21) }
    /// The group has moved on to another generation.
    package static var illegalGeneration: ErrorCode { ErrorCode(rawValue: 22) }
    /// The member shares no protocol with the group.
    package static var inconsistentGroupProtocol: ErrorCode { ErrorCode(rawValue: 23) }
    /// The group's name is not valid.
    package static var invalidGroupID: ErrorCode { ErrorCode(rawValue: 24) }
    /// The group does not have this member.
    package static var unknownMemberID: ErrorCode { ErrorCode(rawValue: 25) }
    /// The session timeout lies outside what the broker accepts.
    package static var invalidSessionTimeout: ErrorCode { ErrorCode(rawValue: 26) }
    /// The group is rebalancing; the member should join again.
    package static var rebalanceInProgress: ErrorCode { ErrorCode(rawValue: 27) }
    /// The commit is too large to be stored.
    package static var invalidCommitOffsetSize: ErrorCode { ErrorCode(rawValue: 28) }
    /// Access to the topic is denied.
    package static var topicAuthorizationFailed: ErrorCode { ErrorCode(rawValue: 29) }
    /// Access to the group is denied.
    package static var groupAuthorizationFailed: ErrorCode { ErrorCode(rawValue: 30) }
    /// This operation on the cluster is denied.
    package static var clusterAuthorizationFailed: ErrorCode { ErrorCode(rawValue: 31) }
    /// A record's timestamp lies too far from the broker's time.
    package static var invalidTimestamp: ErrorCode { ErrorCode(rawValue: 32) }
    /// The listener does not offer this SASL mechanism.
    package static var unsupportedSaslMechanism: ErrorCode { ErrorCode(rawValue: 33) }
    /// The request does not fit the state of the authentication.
    package static var illegalSaslState: ErrorCode { ErrorCode(rawValue: 34) }
    /// This version of the API is not supported.
    package static var unsupportedVersion: ErrorCode { ErrorCode(rawValue: 35) }
    /// A topic of this name exists already.
    package static var topicAlreadyExists: ErrorCode { ErrorCode(rawValue: 36) }
    /// The number of partitions is not valid.
    package static var invalidPartitions: ErrorCode { ErrorCode(rawValue: 37) }
    /// The replication factor is not positive or exceeds the brokers.
    package static var invalidReplicationFactor: ErrorCode { ErrorCode(rawValue: 38) }
    /// The assignment of replicas is not valid.
    package static var invalidReplicaAssignment: ErrorCode { ErrorCode(rawValue: 39) }
    /// A configuration value is not valid.
    package static var invalidConfig: ErrorCode { ErrorCode(rawValue: 40) }
    /// This broker is not the controller.
    package static var notController: ErrorCode { ErrorCode(rawValue: 41) }
    /// The request makes no sense.
    package static var invalidRequest: ErrorCode { ErrorCode(rawValue: 42) }
    /// The log's record format does not support this.
    package static var unsupportedForMessageFormat: ErrorCode { ErrorCode(rawValue: 43) }
    /// A policy of the cluster forbids this.
    package static var policyViolation: ErrorCode { ErrorCode(rawValue: 44) }
    /// A batch of this producer is missing before this one.
    package static var outOfOrderSequenceNumber: ErrorCode { ErrorCode(rawValue: 45) }
    /// The log holds this batch already.
    package static var duplicateSequenceNumber: ErrorCode { ErrorCode(rawValue: 46) }
    /// A newer instance of the producer has taken over.
    package static var invalidProducerEpoch: ErrorCode { ErrorCode(rawValue: 47) }
    /// The transaction's state does not allow this.
    package static var invalidTxnState: ErrorCode { ErrorCode(rawValue: 48) }
    /// The producer id does not belong to this transactional id.
    package static var invalidProducerIDMapping: ErrorCode { ErrorCode(rawValue: 49) }
    /// The transaction timeout is longer than the broker allows.
    package static var invalidTransactionTimeout: ErrorCode { ErrorCode(rawValue: 50) }
    /// The previous operation on the transaction is not finished.
    package static var concurrentTransactions: ErrorCode { ErrorCode(rawValue: 51) }
    /// Another transaction coordinator has taken over.
    package static var transactionCoordinatorFenced: ErrorCode { ErrorCode(rawValue: 52) }
    /// Access to the transactional id is denied.
    package static var transactionalIDAuthorizationFailed: ErrorCode { ErrorCode(rawValue: 53) }
    /// The cluster has no authorizer.
    package static var securityDisabled: ErrorCode { ErrorCode(rawValue: 54) }
    /// Nothing was done, because another part of the request failed.
    package static var operationNotAttempted: ErrorCode { ErrorCode(rawValue: 55) }
    /// The broker cannot read or write its disk.
    package static var kafkaStorageError: ErrorCode { ErrorCode(rawValue: 56) }
    /// The broker has no such log directory.
    package static var logDirNotFound: ErrorCode { ErrorCode(rawValue: 57) }
    /// The credentials were refused.
    package static var saslAuthenticationFailed: ErrorCode { ErrorCode(rawValue: 58) }
    /// The log no longer holds anything of this producer.
    package static var unknownProducerID: ErrorCode { ErrorCode(rawValue: 59) }
    /// The partition is being reassigned.
    package static var reassignmentInProgress: ErrorCode { ErrorCode(rawValue: 60) }
    /// Delegation tokens are not enabled.
    package static var delegationTokenAuthDisabled: ErrorCode { ErrorCode(rawValue: 61) }
    /// There is no such delegation token.
    package static var delegationTokenNotFound: ErrorCode { ErrorCode(rawValue: 62) }
    /// The principal does not own this delegation token.
    package static var delegationTokenOwnerMismatch: ErrorCode { ErrorCode(rawValue: 63) }
    /// Delegation tokens may not be managed over this connection.
    package static var delegationTokenRequestNotAllowed: ErrorCode { ErrorCode(rawValue: 64) }
    /// Access to the delegation token is denied.
    package static var delegationTokenAuthorizationFailed: ErrorCode { ErrorCode(rawValue: 65) }
    /// The delegation token has expired.
    package static var delegationTokenExpired: ErrorCode { ErrorCode(rawValue: 66) }
    /// The type of principal is not supported.
    package static var invalidPrincipalType: ErrorCode { ErrorCode(rawValue: 67) }
    /// The group still has members.
    package static var nonEmptyGroup: ErrorCode { ErrorCode(rawValue: 68) }
    /// There is no group of this name.
    package static var groupIDNotFound: ErrorCode { ErrorCode(rawValue: 69) }
    /// The fetch session has ended.
    package static var fetchSessionIDNotFound: ErrorCode { ErrorCode(rawValue: 70) }
    /// The fetch session expected another epoch.
    package static var invalidFetchSessionEpoch: ErrorCode { ErrorCode(rawValue: 71) }
    /// The leader has no listener of the kind this request came in on.
    package static var listenerNotFound: ErrorCode { ErrorCode(rawValue: 72) }
    /// Topics may not be deleted in this cluster.
    package static var topicDeletionDisabled: ErrorCode { ErrorCode(rawValue: 73) }
    /// The client knows an older leader epoch than the broker.
    package static var fencedLeaderEpoch: ErrorCode { ErrorCode(rawValue: 74) }
    /// The client knows a newer leader epoch than the broker.
    package static var unknownLeaderEpoch: ErrorCode { ErrorCode(rawValue: 75) }
    /// The client does not support the compression of these records.
    package static var unsupportedCompressionType: ErrorCode { ErrorCode(rawValue: 76) }
    /// The broker has registered again since.
    package static var staleBrokerEpoch: ErrorCode { ErrorCode(rawValue: 77) }
    /// A new leader does not know its high watermark yet.
    package static var offsetNotAvailable: ErrorCode { ErrorCode(rawValue: 78) }
    /// The member should join again with the id given here.
    package static var memberIDRequired: ErrorCode { ErrorCode(rawValue: 79) }
    /// The preferred leader is not available.
    package static var preferredLeaderNotAvailable: ErrorCode { ErrorCode(rawValue: 80) }
    /// The group cannot take more members.
    package static var groupMaxSizeReached: ErrorCode { ErrorCode(rawValue: 81) }
    /// Another member uses the same group.instance.id now.
    package static var fencedInstanceID: ErrorCode { ErrorCode(rawValue: 82) }
    /// No replica that may lead is available.
    package static var eligibleLeadersNotAvailable: ErrorCode { ErrorCode(rawValue: 83) }
    /// The partition has the leader wanted already.
    package static var electionNotNeeded: ErrorCode { ErrorCode(rawValue: 84) }
    /// The partition is not being reassigned.
    package static var noReassignmentInProgress: ErrorCode { ErrorCode(rawValue: 85) }
    /// The group is subscribed to the topic, so its offsets stay.
    package static var groupSubscribedToTopic: ErrorCode { ErrorCode(rawValue: 86) }
    /// A record was refused; nothing of its batch was written.
    package static var invalidRecord: ErrorCode { ErrorCode(rawValue: 87) }
    /// A transaction with offsets of this partition is still open.
    package static var unstableOffsetCommit: ErrorCode { ErrorCode(rawValue: 88) }
    /// A quota is used up; try again later.
    package static var throttlingQuotaExceeded: ErrorCode { ErrorCode(rawValue: 89) }
    /// A newer producer with the same transactional id has taken over.
    package static var producerFenced: ErrorCode { ErrorCode(rawValue: 90) }
    /// What the request refers to does not exist.
    package static var resourceNotFound: ErrorCode { ErrorCode(rawValue: 91) }
    /// The request names the same thing twice.
    package static var duplicateResource: ErrorCode { ErrorCode(rawValue: 92) }
    /// The credential does not meet the demands.
    package static var unacceptableCredential: ErrorCode { ErrorCode(rawValue: 93) }
    /// The voters of the quorum differ from those expected.
    package static var inconsistentVoterSet: ErrorCode { ErrorCode(rawValue: 94) }
    /// The version given in the update is not valid.
    package static var invalidUpdateVersion: ErrorCode { ErrorCode(rawValue: 95) }
    /// The features could not be updated.
    package static var featureUpdateFailed: ErrorCode { ErrorCode(rawValue: 96) }
    /// A forwarded principal could not be read.
    package static var principalDeserializationFailure: ErrorCode { ErrorCode(rawValue: 97) }
    /// There is no such snapshot.
    package static var snapshotNotFound: ErrorCode { ErrorCode(rawValue: 98) }
    /// The position lies outside the snapshot.
    package static var positionOutOfRange: ErrorCode { ErrorCode(rawValue: 99) }
    /// The broker does not have a topic with this id.
    package static var unknownTopicID: ErrorCode { ErrorCode(rawValue: 100) }
    /// A broker with this id is registered and alive.
    package static var duplicateBrokerRegistration: ErrorCode { ErrorCode(rawValue: 101) }
    /// No broker with this id is registered.
    package static var brokerIDNotRegistered: ErrorCode { ErrorCode(rawValue: 102) }
    /// The topic has another id in the log than in the request.
    package static var inconsistentTopicID: ErrorCode { ErrorCode(rawValue: 103) }
    /// The request is meant for another cluster.
    package static var inconsistentClusterID: ErrorCode { ErrorCode(rawValue: 104) }
    /// There is no such transactional id.
    package static var transactionalIDNotFound: ErrorCode { ErrorCode(rawValue: 105) }
    /// The fetch session mixes topic names and topic ids.
    package static var fetchSessionTopicIDError: ErrorCode { ErrorCode(rawValue: 106) }
    /// A replica may not become part of the in-sync set.
    package static var ineligibleReplica: ErrorCode { ErrorCode(rawValue: 107) }
    /// The change of the partition made another replica the leader.
    package static var newLeaderElected: ErrorCode { ErrorCode(rawValue: 108) }
    /// The offset is no longer on the broker's own disk.
    package static var offsetMovedToTieredStorage: ErrorCode { ErrorCode(rawValue: 109) }
    /// The member was removed by the coordinator and should join again.
    package static var fencedMemberEpoch: ErrorCode { ErrorCode(rawValue: 110) }
    /// Another member still uses this group.instance.id.
    package static var unreleasedInstanceID: ErrorCode { ErrorCode(rawValue: 111) }
    /// The coordinator does not have the assignor asked for.
    package static var unsupportedAssignor: ErrorCode { ErrorCode(rawValue: 112) }
    /// The member should learn its new epoch and try again.
    package static var staleMemberEpoch: ErrorCode { ErrorCode(rawValue: 113) }
    /// The request was sent to the wrong kind of endpoint.
    package static var mismatchedEndpointType: ErrorCode { ErrorCode(rawValue: 114) }
    /// This kind of endpoint is not supported.
    package static var unsupportedEndpointType: ErrorCode { ErrorCode(rawValue: 115) }
    /// There is no controller with this id.
    package static var unknownControllerID: ErrorCode { ErrorCode(rawValue: 116) }
    /// The client pushes metrics for a subscription that has changed.
    package static var unknownSubscriptionID: ErrorCode { ErrorCode(rawValue: 117) }
    /// The metrics pushed are larger than the broker accepts.
    package static var telemetryTooLarge: ErrorCode { ErrorCode(rawValue: 118) }
    /// The controller refused the registration.
    package static var invalidRegistration: ErrorCode { ErrorCode(rawValue: 119) }
    /// The transaction failed; the client should abort it.
    package static var transactionAbortable: ErrorCode { ErrorCode(rawValue: 120) }
    /// The record's state does not allow this acknowledgement.
    package static var invalidRecordState: ErrorCode { ErrorCode(rawValue: 121) }
    /// The share session has ended.
    package static var shareSessionNotFound: ErrorCode { ErrorCode(rawValue: 122) }
    /// The share session expected another epoch.
    package static var invalidShareSessionEpoch: ErrorCode { ErrorCode(rawValue: 123) }
    /// The share coordinator knows a newer state epoch.
    package static var fencedStateEpoch: ErrorCode { ErrorCode(rawValue: 124) }
    /// The voter's key does not match the receiving replica.
    package static var invalidVoterKey: ErrorCode { ErrorCode(rawValue: 125) }
    /// The voter is part of the quorum already.
    package static var duplicateVoter: ErrorCode { ErrorCode(rawValue: 126) }
    /// The voter is not part of the quorum.
    package static var voterNotFound: ErrorCode { ErrorCode(rawValue: 127) }
    /// The regular expression is not valid.
    package static var invalidRegularExpression: ErrorCode { ErrorCode(rawValue: 128) }
    /// The client should start again from its bootstrap servers.
    package static var rebootstrapRequired: ErrorCode { ErrorCode(rawValue: 129) }
    /// The topology is not valid.
    package static var streamsInvalidTopology: ErrorCode { ErrorCode(rawValue: 130) }
    /// The topology's epoch is not valid.
    package static var streamsInvalidTopologyEpoch: ErrorCode { ErrorCode(rawValue: 131) }
    /// The topology's epoch is out of date.
    package static var streamsTopologyFenced: ErrorCode { ErrorCode(rawValue: 132) }
    /// The broker cannot take more share sessions.
    package static var shareSessionLimitReached: ErrorCode { ErrorCode(rawValue: 133) }

    /// Every error with a name, ordered by code.
    package static let all: [ErrorCode] = (-1...133).map(ErrorCode.init(rawValue:))

    /// Kafka's name; `UNKNOWN(n)` for a code without one.
    package var name: String {
        switch rawValue {
            case -1: "UNKNOWN_SERVER_ERROR"
            case 0: "NONE"
            case 1: "OFFSET_OUT_OF_RANGE"
            case 2: "CORRUPT_MESSAGE"
            case 3: "UNKNOWN_TOPIC_OR_PARTITION"
            case 4: "INVALID_FETCH_SIZE"
            case 5: "LEADER_NOT_AVAILABLE"
            case 6: "NOT_LEADER_OR_FOLLOWER"
            case 7: "REQUEST_TIMED_OUT"
            case 8: "BROKER_NOT_AVAILABLE"
            case 9: "REPLICA_NOT_AVAILABLE"
            case 10: "MESSAGE_TOO_LARGE"
            case 11: "STALE_CONTROLLER_EPOCH"
            case 12: "OFFSET_METADATA_TOO_LARGE"
            case 13: "NETWORK_EXCEPTION"
            case 14: "COORDINATOR_LOAD_IN_PROGRESS"
            case 15: "COORDINATOR_NOT_AVAILABLE"
            case 16: "NOT_COORDINATOR"
            case 17: "INVALID_TOPIC_EXCEPTION"
            case 18: "RECORD_LIST_TOO_LARGE"
            case 19: "NOT_ENOUGH_REPLICAS"
            case 20: "NOT_ENOUGH_REPLICAS_AFTER_APPEND"
            case 21: "INVALID_REQUIRED_ACKS"
            case 22: "ILLEGAL_GENERATION"
            case 23: "INCONSISTENT_GROUP_PROTOCOL"
            case 24: "INVALID_GROUP_ID"
            case 25: "UNKNOWN_MEMBER_ID"
            case 26: "INVALID_SESSION_TIMEOUT"
            case 27: "REBALANCE_IN_PROGRESS"
            case 28: "INVALID_COMMIT_OFFSET_SIZE"
            case 29: "TOPIC_AUTHORIZATION_FAILED"
            case 30: "GROUP_AUTHORIZATION_FAILED"
            case 31: "CLUSTER_AUTHORIZATION_FAILED"
            case 32: "INVALID_TIMESTAMP"
            case 33: "UNSUPPORTED_SASL_MECHANISM"
            case 34: "ILLEGAL_SASL_STATE"
            case 35: "UNSUPPORTED_VERSION"
            case 36: "TOPIC_ALREADY_EXISTS"
            case 37: "INVALID_PARTITIONS"
            case 38: "INVALID_REPLICATION_FACTOR"
            case 39: "INVALID_REPLICA_ASSIGNMENT"
            case 40: "INVALID_CONFIG"
            case 41: "NOT_CONTROLLER"
            case 42: "INVALID_REQUEST"
            case 43: "UNSUPPORTED_FOR_MESSAGE_FORMAT"
            case 44: "POLICY_VIOLATION"
            case 45: "OUT_OF_ORDER_SEQUENCE_NUMBER"
            case 46: "DUPLICATE_SEQUENCE_NUMBER"
            case 47: "INVALID_PRODUCER_EPOCH"
            case 48: "INVALID_TXN_STATE"
            case 49: "INVALID_PRODUCER_ID_MAPPING"
            case 50: "INVALID_TRANSACTION_TIMEOUT"
            case 51: "CONCURRENT_TRANSACTIONS"
            case 52: "TRANSACTION_COORDINATOR_FENCED"
            case 53: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"
            case 54: "SECURITY_DISABLED"
            case 55: "OPERATION_NOT_ATTEMPTED"
            case 56: "KAFKA_STORAGE_ERROR"
            case 57: "LOG_DIR_NOT_FOUND"
            case 58: "SASL_AUTHENTICATION_FAILED"
            case 59: "UNKNOWN_PRODUCER_ID"
            case 60: "REASSIGNMENT_IN_PROGRESS"
            case 61: "DELEGATION_TOKEN_AUTH_DISABLED"
            case 62: "DELEGATION_TOKEN_NOT_FOUND"
            case 63: "DELEGATION_TOKEN_OWNER_MISMATCH"
            case 64: "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED"
            case 65: "DELEGATION_TOKEN_AUTHORIZATION_FAILED"
            case 66: "DELEGATION_TOKEN_EXPIRED"
            case 67: "INVALID_PRINCIPAL_TYPE"
            case 68: "NON_EMPTY_GROUP"
            case 69: "GROUP_ID_NOT_FOUND"
            case 70: "FETCH_SESSION_ID_NOT_FOUND"
            case 71: "INVALID_FETCH_SESSION_EPOCH"
            case 72: "LISTENER_NOT_FOUND"
            case 73: "TOPIC_DELETION_DISABLED"
            case 74: "FENCED_LEADER_EPOCH"
            case 75: "UNKNOWN_LEADER_EPOCH"
            case 76: "UNSUPPORTED_COMPRESSION_TYPE"
            case 77: "STALE_BROKER_EPOCH"
            case 78: "OFFSET_NOT_AVAILABLE"
            case 79: "MEMBER_ID_REQUIRED"
            case 80: "PREFERRED_LEADER_NOT_AVAILABLE"
            case 81: "GROUP_MAX_SIZE_REACHED"
            case 82: "FENCED_INSTANCE_ID"
            case 83: "ELIGIBLE_LEADERS_NOT_AVAILABLE"
            case 84: "ELECTION_NOT_NEEDED"
            case 85: "NO_REASSIGNMENT_IN_PROGRESS"
            case 86: "GROUP_SUBSCRIBED_TO_TOPIC"
            case 87: "INVALID_RECORD"
            case 88: "UNSTABLE_OFFSET_COMMIT"
            case 89: "THROTTLING_QUOTA_EXCEEDED"
            case 90: "PRODUCER_FENCED"
            case 91: "RESOURCE_NOT_FOUND"
            case 92: "DUPLICATE_RESOURCE"
            case 93: "UNACCEPTABLE_CREDENTIAL"
            case 94: "INCONSISTENT_VOTER_SET"
            case 95: "INVALID_UPDATE_VERSION"
            case 96: "FEATURE_UPDATE_FAILED"
            case 97: "PRINCIPAL_DESERIALIZATION_FAILURE"
            case 98: "SNAPSHOT_NOT_FOUND"
            case 99: "POSITION_OUT_OF_RANGE"
            case 100: "UNKNOWN_TOPIC_ID"
            case 101: "DUPLICATE_BROKER_REGISTRATION"
            case 102: "BROKER_ID_NOT_REGISTERED"
            case 103: "INCONSISTENT_TOPIC_ID"
            case 104: "INCONSISTENT_CLUSTER_ID"
            case 105: "TRANSACTIONAL_ID_NOT_FOUND"
            case 106: "FETCH_SESSION_TOPIC_ID_ERROR"
            case 107: "INELIGIBLE_REPLICA"
            case 108: "NEW_LEADER_ELECTED"
            case 109: "OFFSET_MOVED_TO_TIERED_STORAGE"
            case 110: "FENCED_MEMBER_EPOCH"
            case 111: "UNRELEASED_INSTANCE_ID"
            case 112: "UNSUPPORTED_ASSIGNOR"
            case 113: "STALE_MEMBER_EPOCH"
            case 114: "MISMATCHED_ENDPOINT_TYPE"
            case 115: "UNSUPPORTED_ENDPOINT_TYPE"
            case 116: "UNKNOWN_CONTROLLER_ID"
            case 117: "UNKNOWN_SUBSCRIPTION_ID"
            case 118: "TELEMETRY_TOO_LARGE"
            case 119: "INVALID_REGISTRATION"
            case 120: "TRANSACTION_ABORTABLE"
            case 121: "INVALID_RECORD_STATE"
            case 122: "SHARE_SESSION_NOT_FOUND"
            case 123: "INVALID_SHARE_SESSION_EPOCH"
            case 124: "FENCED_STATE_EPOCH"
            case 125: "INVALID_VOTER_KEY"
            case 126: "DUPLICATE_VOTER"
            case 127: "VOTER_NOT_FOUND"
            case 128: "INVALID_REGULAR_EXPRESSION"
            case 129: "REBOOTSTRAP_REQUIRED"
            case 130: "STREAMS_INVALID_TOPOLOGY"
            case 131: "STREAMS_INVALID_TOPOLOGY_EPOCH"
            case 132: "STREAMS_TOPOLOGY_FENCED"
            case 133: "SHARE_SESSION_LIMIT_REACHED"
            default: "UNKNOWN(\(rawValue))"
        }
    }

    /// Whether a client may repeat the request unchanged and hope.
    package var isRetriable: Bool {
        switch rawValue {
            case 2, 3, 5, 6, 7, 9, 13, 14, 15, 16, 19, 20, 41, 51, 56, 70: true
            case 71, 72, 74, 75, 78, 80, 83, 84, 88, 89, 100, 103, 106, 122, 123, 133: true
            default: false
        }
    }

    /// One sentence for people.
    package var message: String {
        switch rawValue {
            case -1: "Something went wrong on the server that has no code of its own."
            case 0: "No error."
            case 1: "The offset lies before the start or after the end of the log."
            case 2: "The records fail their checksum or are malformed."
            case 3: "The broker does not have this topic or partition."
            case 4: "The fetch size is not valid."
            case 5: "The partition has no leader at the moment."
            case 6: "The broker neither leads nor follows this partition."
            case 7: "The request was not completed in time."
            case 8: "The broker is not available."
            case 9: "The replica asked for is not available."
            case 10: "A batch is larger than the topic or the broker accepts."
            case 11: "The controller that sent this has been replaced."
            case 12: "The text stored with an offset is too long."
            case 13: "The connection ended before the response arrived."
            case 14: "The coordinator is still reading its log."
            case 15: "There is no coordinator at the moment."
            case 16: "This broker is not the coordinator asked for."
            case 17: "The topic's name is not valid, or it is an internal topic."
            case 18: "The batches together are larger than a segment of the log."
            case 19: "Fewer replicas are in sync than the topic demands."
            case 20: "The records were written, but too few replicas are in sync."
            case 21: "acks must be -1, 0 or 1."
            case 22: "The group has moved on to another generation."
            case 23: "The member shares no protocol with the group."
            case 24: "The group's name is not valid."
            case 25: "The group does not have this member."
            case 26: "The session timeout lies outside what the broker accepts."
            case 27: "The group is rebalancing; the member should join again."
            case 28: "The commit is too large to be stored."
            case 29: "Access to the topic is denied."
            case 30: "Access to the group is denied."
            case 31: "This operation on the cluster is denied."
            case 32: "A record's timestamp lies too far from the broker's time."
            case 33: "The listener does not offer this SASL mechanism."
            case 34: "The request does not fit the state of the authentication."
            case 35: "This version of the API is not supported."
            case 36: "A topic of this name exists already."
            case 37: "The number of partitions is not valid."
            case 38: "The replication factor is not positive or exceeds the brokers."
            case 39: "The assignment of replicas is not valid."
            case 40: "A configuration value is not valid."
            case 41: "This broker is not the controller."
            case 42: "The request makes no sense."
            case 43: "The log's record format does not support this."
            case 44: "A policy of the cluster forbids this."
            case 45: "A batch of this producer is missing before this one."
            case 46: "The log holds this batch already."
            case 47: "A newer instance of the producer has taken over."
            case 48: "The transaction's state does not allow this."
            case 49: "The producer id does not belong to this transactional id."
            case 50: "The transaction timeout is longer than the broker allows."
            case 51: "The previous operation on the transaction is not finished."
            case 52: "Another transaction coordinator has taken over."
            case 53: "Access to the transactional id is denied."
            case 54: "The cluster has no authorizer."
            case 55: "Nothing was done, because another part of the request failed."
            case 56: "The broker cannot read or write its disk."
            case 57: "The broker has no such log directory."
            case 58: "The credentials were refused."
            case 59: "The log no longer holds anything of this producer."
            case 60: "The partition is being reassigned."
            case 61: "Delegation tokens are not enabled."
            case 62: "There is no such delegation token."
            case 63: "The principal does not own this delegation token."
            case 64: "Delegation tokens may not be managed over this connection."
            case 65: "Access to the delegation token is denied."
            case 66: "The delegation token has expired."
            case 67: "The type of principal is not supported."
            case 68: "The group still has members."
            case 69: "There is no group of this name."
            case 70: "The fetch session has ended."
            case 71: "The fetch session expected another epoch."
            case 72: "The leader has no listener of the kind this request came in on."
            case 73: "Topics may not be deleted in this cluster."
            case 74: "The client knows an older leader epoch than the broker."
            case 75: "The client knows a newer leader epoch than the broker."
            case 76: "The client does not support the compression of these records."
            case 77: "The broker has registered again since."
            case 78: "A new leader does not know its high watermark yet."
            case 79: "The member should join again with the id given here."
            case 80: "The preferred leader is not available."
            case 81: "The group cannot take more members."
            case 82: "Another member uses the same group.instance.id now."
            case 83: "No replica that may lead is available."
            case 84: "The partition has the leader wanted already."
            case 85: "The partition is not being reassigned."
            case 86: "The group is subscribed to the topic, so its offsets stay."
            case 87: "A record was refused; nothing of its batch was written."
            case 88: "A transaction with offsets of this partition is still open."
            case 89: "A quota is used up; try again later."
            case 90: "A newer producer with the same transactional id has taken over."
            case 91: "What the request refers to does not exist."
            case 92: "The request names the same thing twice."
            case 93: "The credential does not meet the demands."
            case 94: "The voters of the quorum differ from those expected."
            case 95: "The version given in the update is not valid."
            case 96: "The features could not be updated."
            case 97: "A forwarded principal could not be read."
            case 98: "There is no such snapshot."
            case 99: "The position lies outside the snapshot."
            case 100: "The broker does not have a topic with this id."
            case 101: "A broker with this id is registered and alive."
            case 102: "No broker with this id is registered."
            case 103: "The topic has another id in the log than in the request."
            case 104: "The request is meant for another cluster."
            case 105: "There is no such transactional id."
            case 106: "The fetch session mixes topic names and topic ids."
            case 107: "A replica may not become part of the in-sync set."
            case 108: "The change of the partition made another replica the leader."
            case 109: "The offset is no longer on the broker's own disk."
            case 110: "The member was removed by the coordinator and should join again."
            case 111: "Another member still uses this group.instance.id."
            case 112: "The coordinator does not have the assignor asked for."
            case 113: "The member should learn its new epoch and try again."
            case 114: "The request was sent to the wrong kind of endpoint."
            case 115: "This kind of endpoint is not supported."
            case 116: "There is no controller with this id."
            case 117: "The client pushes metrics for a subscription that has changed."
            case 118: "The metrics pushed are larger than the broker accepts."
            case 119: "The controller refused the registration."
            case 120: "The transaction failed; the client should abort it."
            case 121: "The record's state does not allow this acknowledgement."
            case 122: "The share session has ended."
            case 123: "The share session expected another epoch."
            case 124: "The share coordinator knows a newer state epoch."
            case 125: "The voter's key does not match the receiving replica."
            case 126: "The voter is part of the quorum already."
            case 127: "The voter is not part of the quorum."
            case 128: "The regular expression is not valid."
            case 129: "The client should start again from its bootstrap servers."
            case 130: "The topology is not valid."
            case 131: "The topology's epoch is not valid."
            case 132: "The topology's epoch is out of date."
            case 133: "The broker cannot take more share sessions."
            default: "An error without a name, code \(rawValue)."
        }
    }

    package var description: String { name }
}
