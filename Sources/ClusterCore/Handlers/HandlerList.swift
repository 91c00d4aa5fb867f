import KafkaProtocol

/// Every API that clusters serve. Dispatch, ApiVersions and the compatibility page derive from this list alone.
package enum HandlerList {
    static let all: [ServedAPI] = [
        ServedAPI(ProduceHandler.self),
        ServedAPI(FetchHandler.self),
        ServedAPI(ListOffsetsHandler.self),
        ServedAPI(MetadataHandler.self),
        ServedAPI(OffsetCommitHandler.self),
        ServedAPI(OffsetFetchHandler.self),
        ServedAPI(FindCoordinatorHandler.self),
        ServedAPI(JoinGroupHandler.self),
        ServedAPI(HeartbeatHandler.self),
        ServedAPI(LeaveGroupHandler.self),
        ServedAPI(SyncGroupHandler.self),
        ServedAPI(DescribeGroupsHandler.self),
        ServedAPI(ListGroupsHandler.self),
        ServedAPI(SaslHandshakeHandler.self),
        ServedAPI(ApiVersionsHandler.self),
        ServedAPI(CreateTopicsHandler.self),
        ServedAPI(DeleteTopicsHandler.self),
        ServedAPI(DeleteRecordsHandler.self),
        ServedAPI(InitProducerIDHandler.self),
        ServedAPI(OffsetForLeaderEpochHandler.self),
        ServedAPI(DescribeConfigsHandler.self),
        ServedAPI(AlterConfigsHandler.self),
        ServedAPI(SaslAuthenticateHandler.self),
        ServedAPI(CreatePartitionsHandler.self),
        ServedAPI(DeleteGroupsHandler.self),
        ServedAPI(IncrementalAlterConfigsHandler.self),
        ServedAPI(OffsetDeleteHandler.self),
        ServedAPI(DescribeClusterHandler.self),
        ServedAPI(ConsumerGroupHeartbeatHandler.self),
        ServedAPI(DescribeTopicPartitionsHandler.self),
    ]

    private static let byKey: [ServedAPI?] = {
        var table = [ServedAPI?](repeating: nil, count: Int(all.map(\.key.rawValue).max() ?? 0) + 1)
        for api in all {
            table[Int(api.key.rawValue)] = api
        }
        return table
    }()

    static func served(_ key: Int16) -> ServedAPI? {
        guard key >= 0, Int(key) < byKey.count else {
            return nil
        }
        return byKey[Int(key)]
    }
}
