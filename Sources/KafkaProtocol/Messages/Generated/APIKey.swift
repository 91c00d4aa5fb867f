// Generated from Protocol/api-keys.table and Protocol/apis by `make generate`. Do not edit.

/// The number that says which API a request is for.
package struct APIKey: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package var rawValue: Int16

    package init(rawValue: Int16) { self.rawValue = rawValue }

    package static var produce: APIKey { APIKey(rawValue: 0) }
    package static var fetch: APIKey { APIKey(rawValue: 1) }
    package static var listOffsets: APIKey { APIKey(rawValue: 2) }
    package static var metadata: APIKey { APIKey(rawValue: 3) }
    package static var leaderAndIsr: APIKey { APIKey(rawValue: 4) }
    package static var stopReplica: APIKey { APIKey(rawValue: 5) }
    package static var updateMetadata: APIKey { APIKey(rawValue: 6) }
    package static var controlledShutdown: APIKey { APIKey(rawValue: 7) }
    package static var offsetCommit: APIKey { APIKey(rawValue: 8) }
    package static var offsetFetch: APIKey { APIKey(rawValue: 9) }
    package static var findCoordinator: APIKey { APIKey(rawValue: 10) }
    package static var joinGroup: APIKey { APIKey(rawValue: 11) }
    package static var heartbeat: APIKey { APIKey(rawValue: 12) }
    package static var leaveGroup: APIKey { APIKey(rawValue: 13) }
    package static var syncGroup: APIKey { APIKey(rawValue: 14) }
    package static var describeGroups: APIKey { APIKey(rawValue: 15) }
    package static var listGroups: APIKey { APIKey(rawValue: 16) }
    package static var saslHandshake: APIKey { APIKey(rawValue: 17) }
    package static var apiVersions: APIKey { APIKey(rawValue: 18) }
    package static var createTopics: APIKey { APIKey(rawValue: 19) }
    package static var deleteTopics: APIKey { APIKey(rawValue: 20) }
    package static var deleteRecords: APIKey { APIKey(rawValue: 21) }
    package static var initProducerID: APIKey { APIKey(rawValue: 22) }
    package static var offsetForLeaderEpoch: APIKey { APIKey(rawValue: 23) }
    package static var addPartitionsToTxn: APIKey { APIKey(rawValue: 24) }
    package static var addOffsetsToTxn: APIKey { APIKey(rawValue: 25) }
    package static var endTxn: APIKey { APIKey(rawValue: 26) }
    package static var writeTxnMarkers: APIKey { APIKey(rawValue: 27) }
    package static var txnOffsetCommit: APIKey { APIKey(rawValue: 28) }
    package static var describeAcls: APIKey { APIKey(rawValue: 29) }
    package static var createAcls: APIKey { APIKey(rawValue: 30) }
    package static var deleteAcls: APIKey { APIKey(rawValue: 31) }
    package static var describeConfigs: APIKey { APIKey(rawValue: 32) }
    package static var alterConfigs: APIKey { APIKey(rawValue: 33) }
    package static var alterReplicaLogDirs: APIKey { APIKey(rawValue: 34) }
    package static var describeLogDirs: APIKey { APIKey(rawValue: 35) }
    package static var saslAuthenticate: APIKey { APIKey(rawValue: 36) }
    package static var createPartitions: APIKey { APIKey(rawValue: 37) }
    package static var createDelegationToken: APIKey { APIKey(rawValue: 38) }
    package static var renewDelegationToken: APIKey { APIKey(rawValue: 39) }
    package static var expireDelegationToken: APIKey { APIKey(rawValue: 40) }
    package static var describeDelegationToken: APIKey { APIKey(rawValue: 41) }
    package static var deleteGroups: APIKey { APIKey(rawValue: 42) }
    package static var electLeaders: APIKey { APIKey(rawValue: 43) }
    package static var incrementalAlterConfigs: APIKey { APIKey(rawValue: 44) }
    package static var alterPartitionReassignments: APIKey { APIKey(rawValue: 45) }
    package static var listPartitionReassignments: APIKey { APIKey(rawValue: 46) }
    package static var offsetDelete: APIKey { APIKey(rawValue: 47) }
    package static var describeClientQuotas: APIKey { APIKey(rawValue: 48) }
    package static var alterClientQuotas: APIKey { APIKey(rawValue: 49) }
    package static var describeUserScramCredentials: APIKey { APIKey(rawValue: 50) }
    package static var alterUserScramCredentials: APIKey { APIKey(rawValue: 51) }
    package static var vote: APIKey { APIKey(rawValue: 52) }
    package static var beginQuorumEpoch: APIKey { APIKey(rawValue: 53) }
    package static var endQuorumEpoch: APIKey { APIKey(rawValue: 54) }
    package static var describeQuorum: APIKey { APIKey(rawValue: 55) }
    package static var alterPartition: APIKey { APIKey(rawValue: 56) }
    package static var updateFeatures: APIKey { APIKey(rawValue: 57) }
    package static var envelope: APIKey { APIKey(rawValue: 58) }
    package static var fetchSnapshot: APIKey { APIKey(rawValue: 59) }
    package static var describeCluster: APIKey { APIKey(rawValue: 60) }
    package static var describeProducers: APIKey { APIKey(rawValue: 61) }
    package static var brokerRegistration: APIKey { APIKey(rawValue: 62) }
    package static var brokerHeartbeat: APIKey { APIKey(rawValue: 63) }
    package static var unregisterBroker: APIKey { APIKey(rawValue: 64) }
    package static var describeTransactions: APIKey { APIKey(rawValue: 65) }
    package static var listTransactions: APIKey { APIKey(rawValue: 66) }
    package static var allocateProducerIDs: APIKey { APIKey(rawValue: 67) }
    package static var consumerGroupHeartbeat: APIKey { APIKey(rawValue: 68) }
    package static var consumerGroupDescribe: APIKey { APIKey(rawValue: 69) }
    package static var controllerRegistration: APIKey { APIKey(rawValue: 70) }
    package static var getTelemetrySubscriptions: APIKey { APIKey(rawValue: 71) }
    package static var pushTelemetry: APIKey { APIKey(rawValue: 72) }
    package static var assignReplicasToDirs: APIKey { APIKey(rawValue: 73) }
    package static var listConfigResources: APIKey { APIKey(rawValue: 74) }
    package static var describeTopicPartitions: APIKey { APIKey(rawValue: 75) }
    package static var shareGroupHeartbeat: APIKey { APIKey(rawValue: 76) }
    package static var shareGroupDescribe: APIKey { APIKey(rawValue: 77) }
    package static var shareFetch: APIKey { APIKey(rawValue: 78) }
    package static var shareAcknowledge: APIKey { APIKey(rawValue: 79) }
    package static var addRaftVoter: APIKey { APIKey(rawValue: 80) }
    package static var removeRaftVoter: APIKey { APIKey(rawValue: 81) }
    package static var updateRaftVoter: APIKey { APIKey(rawValue: 82) }
    package static var initializeShareGroupState: APIKey { APIKey(rawValue: 83) }
    package static var readShareGroupState: APIKey { APIKey(rawValue: 84) }
    package static var writeShareGroupState: APIKey { APIKey(rawValue: 85) }
    package static var deleteShareGroupState: APIKey { APIKey(rawValue: 86) }
    package static var readShareGroupStateSummary: APIKey { APIKey(rawValue: 87) }
    package static var streamsGroupHeartbeat: APIKey { APIKey(rawValue: 88) }
    package static var streamsGroupDescribe: APIKey { APIKey(rawValue: 89) }
    package static var describeShareGroupOffsets: APIKey { APIKey(rawValue: 90) }
    package static var alterShareGroupOffsets: APIKey { APIKey(rawValue: 91) }
    package static var deleteShareGroupOffsets: APIKey { APIKey(rawValue: 92) }

    /// Kafka's name; `Unknown(n)` for a number without one.
    package var description: String {
        switch rawValue {
            case 0: "Produce"
            case 1: "Fetch"
            case 2: "ListOffsets"
            case 3: "Metadata"
            case 4: "LeaderAndIsr"
            case 5: "StopReplica"
            case 6: "UpdateMetadata"
            case 7: "ControlledShutdown"
            case 8: "OffsetCommit"
            case 9: "OffsetFetch"
            case 10: "FindCoordinator"
            case 11: "JoinGroup"
            case 12: "Heartbeat"
            case 13: "LeaveGroup"
            case 14: "SyncGroup"
            case 15: "DescribeGroups"
            case 16: "ListGroups"
            case 17: "SaslHandshake"
            case 18: "ApiVersions"
            case 19: "CreateTopics"
            case 20: "DeleteTopics"
            case 21: "DeleteRecords"
            case 22: "InitProducerId"
            case 23: "OffsetForLeaderEpoch"
            case 24: "AddPartitionsToTxn"
            case 25: "AddOffsetsToTxn"
            case 26: "EndTxn"
            case 27: "WriteTxnMarkers"
            case 28: "TxnOffsetCommit"
            case 29: "DescribeAcls"
            case 30: "CreateAcls"
            case 31: "DeleteAcls"
            case 32: "DescribeConfigs"
            case 33: "AlterConfigs"
            case 34: "AlterReplicaLogDirs"
            case 35: "DescribeLogDirs"
            case 36: "SaslAuthenticate"
            case 37: "CreatePartitions"
            case 38: "CreateDelegationToken"
            case 39: "RenewDelegationToken"
            case 40: "ExpireDelegationToken"
            case 41: "DescribeDelegationToken"
            case 42: "DeleteGroups"
            case 43: "ElectLeaders"
            case 44: "IncrementalAlterConfigs"
            case 45: "AlterPartitionReassignments"
            case 46: "ListPartitionReassignments"
            case 47: "OffsetDelete"
            case 48: "DescribeClientQuotas"
            case 49: "AlterClientQuotas"
            case 50: "DescribeUserScramCredentials"
            case 51: "AlterUserScramCredentials"
            case 52: "Vote"
            case 53: "BeginQuorumEpoch"
            case 54: "EndQuorumEpoch"
            case 55: "DescribeQuorum"
            case 56: "AlterPartition"
            case 57: "UpdateFeatures"
            case 58: "Envelope"
            case 59: "FetchSnapshot"
            case 60: "DescribeCluster"
            case 61: "DescribeProducers"
            case 62: "BrokerRegistration"
            case 63: "BrokerHeartbeat"
            case 64: "UnregisterBroker"
            case 65: "DescribeTransactions"
            case 66: "ListTransactions"
            case 67: "AllocateProducerIds"
            case 68: "ConsumerGroupHeartbeat"
            case 69: "ConsumerGroupDescribe"
            case 70: "ControllerRegistration"
            case 71: "GetTelemetrySubscriptions"
            case 72: "PushTelemetry"
            case 73: "AssignReplicasToDirs"
            case 74: "ListConfigResources"
            case 75: "DescribeTopicPartitions"
            case 76: "ShareGroupHeartbeat"
            case 77: "ShareGroupDescribe"
            case 78: "ShareFetch"
            case 79: "ShareAcknowledge"
            case 80: "AddRaftVoter"
            case 81: "RemoveRaftVoter"
            case 82: "UpdateRaftVoter"
            case 83: "InitializeShareGroupState"
            case 84: "ReadShareGroupState"
            case 85: "WriteShareGroupState"
            case 86: "DeleteShareGroupState"
            case 87: "ReadShareGroupStateSummary"
            case 88: "StreamsGroupHeartbeat"
            case 89: "StreamsGroupDescribe"
            case 90: "DescribeShareGroupOffsets"
            case 91: "AlterShareGroupOffsets"
            case 92: "DeleteShareGroupOffsets"
            default: "Unknown(\(rawValue))"
        }
    }

    /// The first flexible version; nil when there is none or the API has no definition here.
    package var flexibleFrom: Int16? {
        switch rawValue {
            case 0: 9
            case 1: 12
            case 2: 6
            case 3: 9
            case 8: 8
            case 9: 6
            case 10: 3
            case 11: 6
            case 12: 4
            case 13: 4
            case 14: 4
            case 15: 5
            case 16: 3
            case 18: 3
            case 19: 5
            case 20: 4
            case 21: 2
            case 22: 2
            case 23: 4
            case 24: 3
            case 25: 3
            case 26: 3
            case 27: 1
            case 28: 3
            case 29: 2
            case 30: 2
            case 31: 2
            case 32: 4
            case 33: 2
            case 34: 2
            case 35: 2
            case 36: 2
            case 37: 2
            case 42: 2
            case 43: 2
            case 44: 1
            case 45: 0
            case 46: 0
            case 48: 1
            case 49: 1
            case 50: 0
            case 51: 0
            case 55: 0
            case 57: 0
            case 60: 0
            case 61: 0
            case 64: 0
            case 65: 0
            case 66: 0
            case 68: 0
            case 69: 0
            case 71: 0
            case 72: 0
            case 74: 0
            case 75: 0
            default: nil
        }
    }

    /// What is known about the API; nil when it has no definition here.
    package var details: APIDescription? {
        APIDescription.all.first { $0.key == self }
    }
}

extension APIDescription {
    /// Every API with a definition, ordered by key.
    package static let all: [APIDescription] = [
        APIDescription(
            key: .produce, served: 3...13, advertised: 0...13, flexibleFrom: 9,
            access: [(.topic, .write), (.transactionalID, .write), (.cluster, .idempotentWrite)],
            errors: [
                .corruptMessage,
                .unknownTopicOrPartition,
                .notLeaderOrFollower,
                .requestTimedOut,
                .messageTooLarge,
                .recordListTooLarge,
                .invalidTopicException,
                .notEnoughReplicas,
                .notEnoughReplicasAfterAppend,
                .invalidRequiredAcks,
                .topicAuthorizationFailed,
                .clusterAuthorizationFailed,
                .transactionalIDAuthorizationFailed,
                .invalidTimestamp,
                .unsupportedForMessageFormat,
                .invalidRequest,
                .policyViolation,
                .outOfOrderSequenceNumber,
                .duplicateSequenceNumber,
                .invalidProducerEpoch,
                .invalidTxnState,
                .invalidProducerIDMapping,
                .concurrentTransactions,
                .kafkaStorageError,
                .unknownProducerID,
                .unsupportedCompressionType,
                .invalidRecord,
                .unknownTopicID,
                .transactionAbortable,
            ]),
        APIDescription(
            key: .fetch, served: 4...18, advertised: 4...18, flexibleFrom: 12,
            access: [(.topic, .read)],
            errors: [
                .offsetOutOfRange,
                .unknownTopicOrPartition,
                .notLeaderOrFollower,
                .replicaNotAvailable,
                .corruptMessage,
                .topicAuthorizationFailed,
                .kafkaStorageError,
                .unsupportedCompressionType,
                .fencedLeaderEpoch,
                .unknownLeaderEpoch,
                .offsetNotAvailable,
                .fetchSessionIDNotFound,
                .invalidFetchSessionEpoch,
                .unknownTopicID,
                .inconsistentTopicID,
                .fetchSessionTopicIDError,
                .offsetMovedToTieredStorage,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .listOffsets, served: 1...11, advertised: 1...11, flexibleFrom: 6,
            access: [(.topic, .describe)],
            errors: [
                .unknownTopicOrPartition,
                .leaderNotAvailable,
                .notLeaderOrFollower,
                .topicAuthorizationFailed,
                .unsupportedForMessageFormat,
                .invalidRequest,
                .kafkaStorageError,
                .fencedLeaderEpoch,
                .unknownLeaderEpoch,
                .offsetNotAvailable,
            ]),
        APIDescription(
            key: .metadata, served: 0...13, advertised: 0...13, flexibleFrom: 9,
            access: [(.topic, .describe), (.topic, .create), (.cluster, .create)],
            errors: [
                .unknownTopicOrPartition,
                .leaderNotAvailable,
                .invalidTopicException,
                .topicAuthorizationFailed,
                .listenerNotFound,
                .unknownTopicID,
                .invalidRequest,
                .rebootstrapRequired,
            ]),
        APIDescription(
            key: .offsetCommit, served: 2...10, advertised: 2...10, flexibleFrom: 8,
            access: [(.group, .read), (.topic, .read)],
            errors: [
                .groupAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidGroupID,
                .illegalGeneration,
                .unknownMemberID,
                .rebalanceInProgress,
                .fencedInstanceID,
                .staleMemberEpoch,
                .groupIDNotFound,
                .offsetMetadataTooLarge,
                .invalidCommitOffsetSize,
                .unknownTopicOrPartition,
                .unknownTopicID,
                .topicAuthorizationFailed,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .offsetFetch, served: 1...10, advertised: 1...10, flexibleFrom: 6,
            access: [(.group, .describe), (.topic, .describe)],
            errors: [
                .groupAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .groupIDNotFound,
                .unstableOffsetCommit,
                .unknownMemberID,
                .staleMemberEpoch,
                .unknownTopicOrPartition,
                .unknownTopicID,
                .topicAuthorizationFailed,
            ]),
        APIDescription(
            key: .findCoordinator, served: 0...6, advertised: 0...6, flexibleFrom: 3,
            access: [(.group, .describe), (.transactionalID, .describe)],
            errors: [
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidRequest,
                .invalidGroupID,
                .groupAuthorizationFailed,
                .transactionalIDAuthorizationFailed,
            ]),
        APIDescription(
            key: .joinGroup, served: 0...9, advertised: 0...9, flexibleFrom: 6,
            access: [(.group, .read)],
            errors: [
                .groupAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidGroupID,
                .illegalGeneration,
                .inconsistentGroupProtocol,
                .unknownMemberID,
                .invalidSessionTimeout,
                .rebalanceInProgress,
                .memberIDRequired,
                .groupMaxSizeReached,
                .fencedInstanceID,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .heartbeat, served: 0...4, advertised: 0...4, flexibleFrom: 4,
            access: [(.group, .read)],
            errors: [
                .groupAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidGroupID,
                .illegalGeneration,
                .unknownMemberID,
                .rebalanceInProgress,
                .fencedInstanceID,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .leaveGroup, served: 0...5, advertised: 0...5, flexibleFrom: 4,
            access: [(.group, .read)],
            errors: [
                .groupAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidGroupID,
                .unknownMemberID,
                .fencedInstanceID,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .syncGroup, served: 0...5, advertised: 0...5, flexibleFrom: 4,
            access: [(.group, .read)],
            errors: [
                .groupAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidGroupID,
                .illegalGeneration,
                .unknownMemberID,
                .rebalanceInProgress,
                .inconsistentGroupProtocol,
                .fencedInstanceID,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .describeGroups, served: 0...6, advertised: 0...6, flexibleFrom: 5,
            access: [(.group, .describe)],
            errors: [
                .groupAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .groupIDNotFound,
            ]),
        APIDescription(
            key: .listGroups, served: 0...5, advertised: 0...5, flexibleFrom: 3,
            access: [(.group, .describe), (.cluster, .describe)],
            errors: [
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .clusterAuthorizationFailed,
            ]),
        APIDescription(
            key: .saslHandshake, served: 0...1, advertised: 0...1, flexibleFrom: nil,
            access: [],
            errors: [
                .unsupportedSaslMechanism,
                .illegalSaslState,
            ]),
        APIDescription(
            key: .apiVersions, served: 0...4, advertised: 0...4, flexibleFrom: 3,
            access: [],
            errors: [
                .unsupportedVersion,
                .invalidRequest,
            ]),
        APIDescription(
            key: .createTopics, served: 2...7, advertised: 2...7, flexibleFrom: 5,
            access: [(.cluster, .create), (.topic, .create)],
            errors: [
                .notController,
                .requestTimedOut,
                .invalidTopicException,
                .topicAlreadyExists,
                .invalidPartitions,
                .invalidReplicationFactor,
                .invalidReplicaAssignment,
                .invalidConfig,
                .invalidRequest,
                .policyViolation,
                .clusterAuthorizationFailed,
                .topicAuthorizationFailed,
                .throttlingQuotaExceeded,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .deleteTopics, served: 1...6, advertised: 1...6, flexibleFrom: 4,
            access: [(.topic, .delete)],
            errors: [
                .notController,
                .requestTimedOut,
                .unknownTopicOrPartition,
                .unknownTopicID,
                .invalidTopicException,
                .topicAuthorizationFailed,
                .topicDeletionDisabled,
                .throttlingQuotaExceeded,
                .invalidRequest,
            ]),
        APIDescription(
            key: .deleteRecords, served: 0...2, advertised: 0...2, flexibleFrom: 2,
            access: [(.topic, .delete)],
            errors: [
                .offsetOutOfRange,
                .unknownTopicOrPartition,
                .notLeaderOrFollower,
                .requestTimedOut,
                .topicAuthorizationFailed,
                .policyViolation,
                .invalidTopicException,
                .kafkaStorageError,
            ]),
        APIDescription(
            key: .initProducerID, served: 0...5, advertised: 0...5, flexibleFrom: 2,
            access: [(.transactionalID, .write), (.cluster, .idempotentWrite)],
            errors: [
                .transactionalIDAuthorizationFailed,
                .clusterAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidRequest,
                .invalidTransactionTimeout,
                .invalidProducerEpoch,
                .producerFenced,
                .invalidProducerIDMapping,
                .concurrentTransactions,
                .transactionAbortable,
                .requestTimedOut,
            ]),
        APIDescription(
            key: .offsetForLeaderEpoch, served: 2...4, advertised: 2...4, flexibleFrom: 4,
            access: [(.topic, .describe), (.cluster, .clusterAction)],
            errors: [
                .unknownTopicOrPartition,
                .notLeaderOrFollower,
                .fencedLeaderEpoch,
                .unknownLeaderEpoch,
                .topicAuthorizationFailed,
                .clusterAuthorizationFailed,
                .kafkaStorageError,
            ]),
        APIDescription(
            key: .addPartitionsToTxn, served: 0...5, advertised: 0...5, flexibleFrom: 3,
            access: [(.transactionalID, .write), (.topic, .write)],
            errors: [
                .transactionalIDAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidProducerIDMapping,
                .invalidProducerEpoch,
                .producerFenced,
                .invalidTxnState,
                .concurrentTransactions,
                .transactionAbortable,
                .invalidRequest,
                .topicAuthorizationFailed,
                .unknownTopicOrPartition,
                .operationNotAttempted,
                .clusterAuthorizationFailed,
            ]),
        APIDescription(
            key: .addOffsetsToTxn, served: 0...4, advertised: 0...4, flexibleFrom: 3,
            access: [(.transactionalID, .write), (.group, .read)],
            errors: [
                .transactionalIDAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidProducerIDMapping,
                .invalidProducerEpoch,
                .producerFenced,
                .invalidTxnState,
                .concurrentTransactions,
                .transactionAbortable,
                .invalidRequest,
                .groupAuthorizationFailed,
                .invalidGroupID,
            ]),
        APIDescription(
            key: .endTxn, served: 0...5, advertised: 0...5, flexibleFrom: 3,
            access: [(.transactionalID, .write)],
            errors: [
                .transactionalIDAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidProducerIDMapping,
                .invalidProducerEpoch,
                .producerFenced,
                .invalidTxnState,
                .concurrentTransactions,
                .transactionAbortable,
                .invalidRequest,
            ]),
        APIDescription(
            key: .writeTxnMarkers, served: 1...2, advertised: 1...2, flexibleFrom: 1,
            access: [(.cluster, .clusterAction), (.cluster, .alter)],
            errors: [
                .corruptMessage,
                .unknownTopicOrPartition,
                .notLeaderOrFollower,
                .invalidProducerEpoch,
                .transactionCoordinatorFenced,
                .clusterAuthorizationFailed,
                .requestTimedOut,
                .kafkaStorageError,
                .invalidTxnState,
            ]),
        APIDescription(
            key: .txnOffsetCommit, served: 0...5, advertised: 0...5, flexibleFrom: 3,
            access: [(.transactionalID, .write), (.group, .read), (.topic, .read)],
            errors: [
                .transactionalIDAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidProducerIDMapping,
                .invalidProducerEpoch,
                .producerFenced,
                .invalidTxnState,
                .concurrentTransactions,
                .transactionAbortable,
                .invalidRequest,
                .groupAuthorizationFailed,
                .topicAuthorizationFailed,
                .unknownTopicOrPartition,
                .invalidGroupID,
                .illegalGeneration,
                .unknownMemberID,
                .fencedInstanceID,
                .staleMemberEpoch,
                .offsetMetadataTooLarge,
                .invalidCommitOffsetSize,
                .rebalanceInProgress,
            ]),
        APIDescription(
            key: .describeAcls, served: 1...3, advertised: 1...3, flexibleFrom: 2,
            access: [(.cluster, .describe)],
            errors: [
                .clusterAuthorizationFailed,
                .securityDisabled,
                .invalidRequest,
            ]),
        APIDescription(
            key: .createAcls, served: 1...3, advertised: 1...3, flexibleFrom: 2,
            access: [(.cluster, .alter)],
            errors: [
                .clusterAuthorizationFailed,
                .securityDisabled,
                .invalidRequest,
                .notController,
                .requestTimedOut,
                .policyViolation,
            ]),
        APIDescription(
            key: .deleteAcls, served: 1...3, advertised: 1...3, flexibleFrom: 2,
            access: [(.cluster, .alter)],
            errors: [
                .clusterAuthorizationFailed,
                .securityDisabled,
                .invalidRequest,
                .notController,
                .requestTimedOut,
            ]),
        APIDescription(
            key: .describeConfigs, served: 1...4, advertised: 1...4, flexibleFrom: 4,
            access: [(.topic, .describeConfigs), (.cluster, .describeConfigs), (.group, .describeConfigs)],
            errors: [
                .topicAuthorizationFailed,
                .clusterAuthorizationFailed,
                .groupAuthorizationFailed,
                .unknownTopicOrPartition,
                .invalidTopicException,
                .invalidRequest,
                .invalidGroupID,
            ]),
        APIDescription(
            key: .alterConfigs, served: 0...2, advertised: 0...2, flexibleFrom: 2,
            access: [(.topic, .alterConfigs), (.cluster, .alterConfigs), (.group, .alterConfigs)],
            errors: [
                .topicAuthorizationFailed,
                .clusterAuthorizationFailed,
                .groupAuthorizationFailed,
                .unknownTopicOrPartition,
                .invalidTopicException,
                .invalidRequest,
                .invalidConfig,
                .policyViolation,
                .notController,
                .requestTimedOut,
            ]),
        APIDescription(
            key: .alterReplicaLogDirs, served: 1...2, advertised: 1...2, flexibleFrom: 2,
            access: [(.cluster, .alter)],
            errors: [
                .clusterAuthorizationFailed,
                .logDirNotFound,
                .kafkaStorageError,
                .unknownTopicOrPartition,
                .replicaNotAvailable,
                .invalidTopicException,
            ]),
        APIDescription(
            key: .describeLogDirs, served: 1...4, advertised: 1...4, flexibleFrom: 2,
            access: [(.cluster, .describe)],
            errors: [
                .clusterAuthorizationFailed,
                .kafkaStorageError,
            ]),
        APIDescription(
            key: .saslAuthenticate, served: 0...2, advertised: 0...2, flexibleFrom: 2,
            access: [],
            errors: [
                .saslAuthenticationFailed,
                .illegalSaslState,
                .unsupportedSaslMechanism,
            ]),
        APIDescription(
            key: .createPartitions, served: 0...3, advertised: 0...3, flexibleFrom: 2,
            access: [(.topic, .alter)],
            errors: [
                .topicAuthorizationFailed,
                .unknownTopicOrPartition,
                .invalidTopicException,
                .invalidPartitions,
                .invalidReplicaAssignment,
                .invalidRequest,
                .reassignmentInProgress,
                .notController,
                .requestTimedOut,
                .policyViolation,
                .throttlingQuotaExceeded,
            ]),
        APIDescription(
            key: .deleteGroups, served: 0...2, advertised: 0...2, flexibleFrom: 2,
            access: [(.group, .delete)],
            errors: [
                .groupAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidGroupID,
                .nonEmptyGroup,
                .groupIDNotFound,
            ]),
        APIDescription(
            key: .electLeaders, served: 0...2, advertised: 0...2, flexibleFrom: 2,
            access: [(.cluster, .alter)],
            errors: [
                .clusterAuthorizationFailed,
                .notController,
                .requestTimedOut,
                .unknownTopicOrPartition,
                .preferredLeaderNotAvailable,
                .eligibleLeadersNotAvailable,
                .electionNotNeeded,
                .invalidRequest,
            ]),
        APIDescription(
            key: .incrementalAlterConfigs, served: 0...1, advertised: 0...1, flexibleFrom: 1,
            access: [(.topic, .alterConfigs), (.cluster, .alterConfigs), (.group, .alterConfigs)],
            errors: [
                .topicAuthorizationFailed,
                .clusterAuthorizationFailed,
                .groupAuthorizationFailed,
                .unknownTopicOrPartition,
                .invalidTopicException,
                .invalidRequest,
                .invalidConfig,
                .policyViolation,
                .notController,
                .requestTimedOut,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .alterPartitionReassignments, served: 0...1, advertised: 0...1, flexibleFrom: 0,
            access: [(.cluster, .alter)],
            errors: [
                .clusterAuthorizationFailed,
                .notController,
                .requestTimedOut,
                .unknownTopicOrPartition,
                .invalidReplicaAssignment,
                .invalidReplicationFactor,
                .noReassignmentInProgress,
            ]),
        APIDescription(
            key: .listPartitionReassignments, served: 0...0, advertised: 0...0, flexibleFrom: 0,
            access: [(.cluster, .describe)],
            errors: [
                .clusterAuthorizationFailed,
                .notController,
                .requestTimedOut,
            ]),
        APIDescription(
            key: .offsetDelete, served: 0...0, advertised: 0...0, flexibleFrom: nil,
            access: [(.group, .delete), (.topic, .read)],
            errors: [
                .groupAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidGroupID,
                .groupIDNotFound,
                .nonEmptyGroup,
                .groupSubscribedToTopic,
                .unknownTopicOrPartition,
                .topicAuthorizationFailed,
            ]),
        APIDescription(
            key: .describeClientQuotas, served: 0...1, advertised: 0...1, flexibleFrom: 1,
            access: [(.cluster, .describeConfigs)],
            errors: [
                .clusterAuthorizationFailed,
                .invalidRequest,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .alterClientQuotas, served: 0...1, advertised: 0...1, flexibleFrom: 1,
            access: [(.cluster, .alterConfigs)],
            errors: [
                .clusterAuthorizationFailed,
                .invalidRequest,
                .notController,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .describeUserScramCredentials, served: 0...0, advertised: 0...0, flexibleFrom: 0,
            access: [(.cluster, .describe)],
            errors: [
                .clusterAuthorizationFailed,
                .resourceNotFound,
                .duplicateResource,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .alterUserScramCredentials, served: 0...0, advertised: 0...0, flexibleFrom: 0,
            access: [(.cluster, .alter)],
            errors: [
                .clusterAuthorizationFailed,
                .notController,
                .requestTimedOut,
                .resourceNotFound,
                .duplicateResource,
                .unacceptableCredential,
                .unsupportedSaslMechanism,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .describeQuorum, served: 0...2, advertised: 0...2, flexibleFrom: 0,
            access: [(.cluster, .describe)],
            errors: [
                .clusterAuthorizationFailed,
                .unknownTopicOrPartition,
                .notLeaderOrFollower,
                .brokerNotAvailable,
                .invalidTopicException,
            ]),
        APIDescription(
            key: .updateFeatures, served: 0...2, advertised: 0...2, flexibleFrom: 0,
            access: [(.cluster, .alter)],
            errors: [
                .clusterAuthorizationFailed,
                .notController,
                .invalidRequest,
                .featureUpdateFailed,
                .invalidUpdateVersion,
            ]),
        APIDescription(
            key: .describeCluster, served: 0...2, advertised: 0...2, flexibleFrom: 0,
            access: [(.cluster, .describe)],
            errors: [
                .clusterAuthorizationFailed,
                .mismatchedEndpointType,
                .unsupportedEndpointType,
            ]),
        APIDescription(
            key: .describeProducers, served: 0...0, advertised: 0...0, flexibleFrom: 0,
            access: [(.topic, .read)],
            errors: [
                .notLeaderOrFollower,
                .unknownTopicOrPartition,
                .invalidTopicException,
                .topicAuthorizationFailed,
            ]),
        APIDescription(
            key: .unregisterBroker, served: 0...0, advertised: 0...0, flexibleFrom: 0,
            access: [(.cluster, .alter)],
            errors: [
                .clusterAuthorizationFailed,
                .notController,
                .requestTimedOut,
                .brokerIDNotRegistered,
            ]),
        APIDescription(
            key: .describeTransactions, served: 0...0, advertised: 0...0, flexibleFrom: 0,
            access: [(.transactionalID, .describe), (.topic, .describe)],
            errors: [
                .transactionalIDAuthorizationFailed,
                .transactionalIDNotFound,
                .coordinatorLoadInProgress,
                .coordinatorNotAvailable,
                .notCoordinator,
                .invalidRequest,
            ]),
        APIDescription(
            key: .listTransactions, served: 0...2, advertised: 0...2, flexibleFrom: 0,
            access: [(.transactionalID, .describe)],
            errors: [
                .coordinatorLoadInProgress,
                .coordinatorNotAvailable,
                .notCoordinator,
                .invalidRegularExpression,
            ]),
        APIDescription(
            key: .consumerGroupHeartbeat, served: 0...1, advertised: 0...1, flexibleFrom: 0,
            access: [(.group, .read), (.topic, .describe)],
            errors: [
                .groupAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidRequest,
                .unknownMemberID,
                .groupIDNotFound,
                .fencedMemberEpoch,
                .unreleasedInstanceID,
                .fencedInstanceID,
                .unsupportedAssignor,
                .groupMaxSizeReached,
                .invalidRegularExpression,
                .topicAuthorizationFailed,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .consumerGroupDescribe, served: 0...1, advertised: 0...1, flexibleFrom: 0,
            access: [(.group, .describe), (.topic, .describe)],
            errors: [
                .groupAuthorizationFailed,
                .notCoordinator,
                .coordinatorNotAvailable,
                .coordinatorLoadInProgress,
                .invalidGroupID,
                .groupIDNotFound,
                .topicAuthorizationFailed,
            ]),
        APIDescription(
            key: .getTelemetrySubscriptions, served: 0...0, advertised: 0...0, flexibleFrom: 0,
            access: [],
            errors: [
                .invalidRequest,
                .throttlingQuotaExceeded,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .pushTelemetry, served: 0...0, advertised: 0...0, flexibleFrom: 0,
            access: [],
            errors: [
                .invalidRequest,
                .invalidRecord,
                .throttlingQuotaExceeded,
                .unknownSubscriptionID,
                .telemetryTooLarge,
                .unsupportedCompressionType,
                .unsupportedVersion,
            ]),
        APIDescription(
            key: .listConfigResources, served: 0...1, advertised: 0...1, flexibleFrom: 0,
            access: [(.cluster, .describeConfigs)],
            errors: [
                .clusterAuthorizationFailed,
                .unsupportedVersion,
                .invalidRequest,
            ]),
        APIDescription(
            key: .describeTopicPartitions, served: 0...0, advertised: 0...0, flexibleFrom: 0,
            access: [(.topic, .describe)],
            errors: [
                .unknownTopicOrPartition,
                .topicAuthorizationFailed,
                .invalidTopicException,
                .invalidRequest,
            ]),
    ]
}
