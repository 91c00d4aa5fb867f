import KafkaProtocol

extension APIKey {
    /// Whether an answer can be much longer than its request, and is made in memory as a whole: such a request waits
    /// while memory is short. Records of a Fetch are not: they leave piece by piece.
    package var mayHaveLongAnswer: Bool {
        switch self {
        case .metadata, .offsetFetch, .listOffsets, .describeGroups, .listGroups, .describeConfigs,
            .describeTopicPartitions, .describeCluster:
            true
        default: false
        }
    }

    /// Whether the request in `frame` may have an answer of which memory has to be found first.
    package static func mayHaveLongAnswer(_ frame: UnsafeRawBufferPointer) -> Bool {
        APIKey(startOf: frame)?.mayHaveLongAnswer ?? false
    }
}
