import KafkaProtocol

/// Special timestamps of ListOffsets.
package enum OffsetQuery: Hashable, Sendable {
    case earliest
    case latest
    /// The first record at or after this time, in milliseconds since the epoch.
    case timestamp(Int64)

    var rawValue: Int64 {
        switch self {
        case .latest: -1
        case .earliest: -2
        case .timestamp(let time): max(0, time)
        }
    }
}

/// What ListOffsets tells of one partition.
package struct ListedOffset: Hashable, Sendable {
    /// -1 when no record is that young.
    package var offset: Int64
    package var timestamp: Int64
    package var leaderEpoch: Int32
}

extension ClusterClient {
    /// Asks the leaders of several partitions for one offset each. Every partition gets an answer or an error;
    /// `completion` is called once, when all are known.
    package func listOffsets(
        _ queries: [TopicPartition: OffsetQuery],
        completion: @escaping ([TopicPartition: Result<ListedOffset, ClientError>]) -> Void
    ) {
        let collector = OffsetCollector(completion)
        var byLeader: [Int32: [TopicPartition]] = [:]
        for partition in queries.keys.sorted() {
            do throws(ClientError) {
                byLeader[try leader(of: partition), default: []].append(partition)
            } catch {
                collector.results[partition] = .failure(error)
            }
        }
        collector.outstanding = byLeader.count
        guard !byLeader.isEmpty else {
            return completion(collector.results)
        }
        for (leader, partitions) in byLeader {
            var request = ClusterClient.listOffsetsRequest(partitions, queries)
            request.timeoutMs = Int32(clamping: settings.connection.requestTimeoutMs)
            send(request, to: .broker(leader)) { result in
                collector.take(result, for: partitions)
            }
        }
    }

    private static func listOffsetsRequest(
        _ partitions: [TopicPartition], _ queries: [TopicPartition: OffsetQuery]
    ) -> ListOffsetsRequest {
        var request = ListOffsetsRequest()
        request.replicaID = -1
        for partition in partitions {
            var item = ListOffsetsRequest.ListOffsetsPartition()
            item.partitionIndex = partition.partition
            item.timestamp = queries[partition]?.rawValue ?? OffsetQuery.latest.rawValue
            if request.topics.last?.name != partition.topic {
                var topic = ListOffsetsRequest.ListOffsetsTopic()
                topic.name = partition.topic
                request.topics.append(topic)
            }
            request.topics[request.topics.count - 1].partitions.append(item)
        }
        return request
    }

    /// First offset and high watermark of one partition.
    package func offsetRange(
        of partition: TopicPartition, completion: @escaping (Result<OffsetRange, ClientError>) -> Void
    ) {
        listOffsets([partition: .earliest]) { [weak self] earliest in
            guard let self else {
                return completion(.failure(.closed))
            }
            switch earliest[partition] {
            case .success(let start)?:
                self.listOffsets([partition: .latest]) { latest in
                    let end = latest[partition] ?? .failure(.closed)
                    completion(end.map { OffsetRange(start: start.offset, end: $0.offset) })
                }
            case .failure(let error)?: completion(.failure(error))
            case nil: completion(.failure(.closed))
            }
        }
    }
}

/// Gathers the answers of several leaders.
private final class OffsetCollector {
    var results: [TopicPartition: Result<ListedOffset, ClientError>] = [:]
    var outstanding = 0
    private let completion: ([TopicPartition: Result<ListedOffset, ClientError>]) -> Void

    init(_ completion: @escaping ([TopicPartition: Result<ListedOffset, ClientError>]) -> Void) {
        self.completion = completion
    }

    func take(_ result: Result<ListOffsetsResponse, ClientError>, for partitions: [TopicPartition]) {
        switch result {
        case .failure(let error):
            for partition in partitions {
                results[partition] = .failure(error)
            }
        case .success(let response):
            for topic in response.topics {
                for item in topic.partitions {
                    take(item, TopicPartition(topic.name, item.partitionIndex))
                }
            }
            for partition in partitions where results[partition] == nil {
                results[partition] = .failure(.protocolViolation("ListOffsets left \(partition) out"))
            }
        }
        outstanding -= 1
        if outstanding == 0 {
            completion(results)
        }
    }

    private func take(_ item: ListOffsetsResponse.ListOffsetsPartitionResponse, _ partition: TopicPartition) {
        let code = ErrorCode(rawValue: item.errorCode)
        results[partition] =
            code == .none
            ? .success(ListedOffset(offset: item.offset, timestamp: item.timestamp, leaderEpoch: item.leaderEpoch))
            : .failure(.broker(code, message: nil))
    }
}
