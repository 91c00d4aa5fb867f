import ClusterCore
import KafkaClient
import KafkaProtocol

/// Asks a source a few questions over connections of its own, and goes away.
final class SourceProbe: PendingWork {
    private let client: ClusterClient
    private let settings: LinkSettings

    init(_ settings: LinkSettings, transport: any Transport) {
        self.settings = settings
        client = LinkRunner.makeClient(settings, transport)
    }

    deinit {
        client.close()
    }

    func cancel() {
        client.close()
    }

    // MARK: Who are you?

    /// The id of the cluster that answers. It must be `expected`, if that is given, and not `own`.
    func identify(
        expected: String?, own: String, completion: @escaping (Result<String?, LinkFailure>) -> Void
    ) {
        client.refreshMetadata(.none) { [settings] result in
            let servers = settings.bootstrapServers.joined(separator: ",")
            switch result {
            case .failure(let error):
                let text = "Unable to validate the cluster link: the source at \(servers) cannot be reached: \(error)"
                completion(.failure(LinkFailure(.sourceUnavailable, text)))
            case .success(let metadata):
                if metadata.clusterID == own {
                    let text = "Unable to validate the cluster link: \(servers) is this cluster, '\(own)', itself."
                    return completion(.failure(LinkFailure(.invalidRequest, text)))
                }
                if let expected, let found = metadata.clusterID, found != expected {
                    let text =
                        "Unable to validate the cluster link: the source cluster id is '\(found)', "
                        + "expected '\(expected)'."
                    return completion(.failure(LinkFailure(.invalidRequest, text)))
                }
                completion(.success(metadata.clusterID))
            }
        }
    }

    // MARK: What is the topic like?

    func describe(_ topic: String, completion: @escaping (Result<SourceTopic, LinkFailure>) -> Void) {
        client.refreshMetadata(.named([topic])) { [weak self] result in
            guard let self else {
                return
            }
            switch result {
            case .failure(let error): completion(.failure(Self.unavailable(error)))
            case .success(let metadata):
                do throws(LinkFailure) {
                    let info = try Self.existing(topic, metadata)
                    self.describeConfigs(info, completion)
                } catch {
                    completion(.failure(error))
                }
            }
        }
    }

    private static func existing(
        _ topic: String, _ metadata: ClusterMetadata
    ) throws(LinkFailure) -> ClusterMetadata.TopicInfo {
        guard let info = metadata.topics[topic], info.error != .unknownTopicOrPartition else {
            throw LinkFailure(
                .sourceTopicNotFound,
                "The source cluster has no topic '\(topic)': This server does not host this topic-partition.")
        }
        guard info.error == .none, !info.partitions.isEmpty else {
            throw LinkFailure(.refused, "Source topic '\(topic)': \(info.error.message)", code: info.error)
        }
        guard info.isNumberedWithoutGaps else {
            throw LinkFailure(.refused, "Source topic '\(topic)': its partitions are numbered with gaps.")
        }
        return info
    }

    private func describeConfigs(
        _ info: ClusterMetadata.TopicInfo, _ completion: @escaping (Result<SourceTopic, LinkFailure>) -> Void
    ) {
        client.describeTopicConfigs(info.name) { [weak self] result in
            guard let self else {
                return
            }
            var source = SourceTopic(id: info.id, leaderEpochs: info.partitions.map(\.leaderEpoch), configs: [])
            switch result {
            case .success(let configs):
                source.configs = configs.map {
                    SourceConfig(name: $0.name, value: $0.value, isSetOnTopic: $0.isSetOnTopic)
                }
            // A source that keeps its configs to itself can be mirrored all the same.
            case .failure(.unsupportedVersion), .failure(.broker): break
            case .failure(let error): return completion(.failure(Self.unavailable(error)))
            }
            self.findStart(info, source, completion)
        }
    }

    private func findStart(
        _ info: ClusterMetadata.TopicInfo, _ source: SourceTopic,
        _ completion: @escaping (Result<SourceTopic, LinkFailure>) -> Void
    ) {
        let query: OffsetQuery
        switch settings.startOffset {
        // The mirror begins at 0 and jumps to the source's first offset with its first fetch.
        case .earliest: return completion(.success(source))
        case .latest: query = .latest
        case .timestamp(let time): query = .timestamp(time)
        }
        listOffsets(info, query) { [weak self] result in
            guard let self, query != .latest, case .success(let found) = result, found.contains(-1) else {
                return completion(result.map { Self.starting(source, $0) })
            }
            // Partitions without a record that young begin at their end.
            self.listOffsets(info, .latest) { latest in
                completion(
                    latest.map { ends in
                        Self.starting(source, zip(found, ends).map { $0 < 0 ? $1 : $0 })
                    })
            }
        }
    }

    private static func starting(_ source: SourceTopic, _ offsets: [Int64]) -> SourceTopic {
        var started = source
        started.startOffsets = offsets
        return started
    }

    /// One offset for each partition, in order.
    private func listOffsets(
        _ info: ClusterMetadata.TopicInfo, _ query: OffsetQuery,
        _ completion: @escaping (Result<[Int64], LinkFailure>) -> Void
    ) {
        let partitions = info.partitions.map { TopicPartition(info.name, $0.index) }
        let queries = Dictionary(partitions.map { ($0, query) }, uniquingKeysWith: { first, _ in first })
        client.listOffsets(queries) { results in
            do throws(ClientError) {
                var offsets: [Int64] = []
                for partition in partitions {
                    offsets.append(try (results[partition] ?? .failure(.closed)).get().offset)
                }
                completion(.success(offsets))
            } catch {
                completion(.failure(Self.unavailable(error)))
            }
        }
    }

    private static func unavailable(_ error: ClientError) -> LinkFailure {
        LinkFailure(.sourceUnavailable, "The source cluster cannot be asked: \(error)")
    }
}
