extension FetchResponse {
    /// Bytes that a partition's entry takes beside its records, rounded up.
    private static let partitionOverhead = 128

    package var recordBytes: Int {
        responses.reduce(0) { sum, topic in
            topic.partitions.reduce(sum) { $0 + ($1.records?.count ?? 0) + Self.partitionOverhead }
        }
    }
}
