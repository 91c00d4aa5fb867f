import KafkaProtocol

/// A topic config as a broker describes it.
package struct DescribedTopicConfig: Sendable, Hashable {
    package var name: String
    /// nil when it is secret or not set.
    package var value: String?
    /// DescribeConfigs' source: 1 is a setting of the topic itself, 5 the default.
    package var source: Int8

    package var isSetOnTopic: Bool { source == 1 }
}

extension ClusterClient {
    /// All configs of a topic, with where their values come from.
    package func describeTopicConfigs(
        _ topic: String, completion: @escaping (Result<[DescribedTopicConfig], ClientError>) -> Void
    ) {
        var request = DescribeConfigsRequest()
        var resource = DescribeConfigsRequest.DescribeConfigsResource()
        resource.resourceType = 2
        resource.resourceName = topic
        resource.configurationKeys = nil
        request.resources = [resource]
        send(request) { result in
            completion(
                result.flatMap { response in
                    do throws(ClientError) {
                        guard let answer = response.results.first else {
                            throw .protocolViolation("DescribeConfigs without a result")
                        }
                        try ErrorCode.check(answer.errorCode, answer.errorMessage)
                        return .success(
                            answer.configs.map {
                                DescribedTopicConfig(name: $0.name, value: $0.value, source: $0.configSource)
                            })
                    } catch {
                        return .failure(error)
                    }
                })
        }
    }

    /// Creates one topic.
    ///
    /// - Parameters:
    ///   - partitions: -1 takes the broker's default (Kafka 2.4 and later), as does `replicationFactor`.
    package func createTopic(
        _ name: String, partitions: Int32, replicationFactor: Int16, configs: [String: String] = [:],
        completion: @escaping (Result<Void, ClientError>) -> Void
    ) {
        var topic = CreateTopicsRequest.CreatableTopic()
        topic.name = name
        topic.numPartitions = partitions
        topic.replicationFactor = replicationFactor
        topic.configs = configs.sorted { $0.key < $1.key }.map { entry in
            var config = CreateTopicsRequest.CreatableTopicConfig()
            config.name = entry.key
            config.value = entry.value
            return config
        }
        var request = CreateTopicsRequest()
        request.topics = [topic]
        request.timeoutMs = Int32(clamping: settings.connection.requestTimeoutMs)
        send(request, to: .controller) { result in
            completion(
                result.flatMap { response in
                    guard let answer = response.topics.first else {
                        return .failure(.protocolViolation("CreateTopics without a result"))
                    }
                    do throws(ClientError) {
                        try ErrorCode.check(answer.errorCode, answer.errorMessage)
                        return .success(())
                    } catch {
                        return .failure(error)
                    }
                })
        }
    }

    /// One fetch of one partition from its leader, answered at once. The bytes are valid during `completion` only.
    package func fetchOnce(
        _ partition: TopicPartition, at offset: Int64, maxBytes: Int32,
        completion: @escaping (Result<FetchedPartition, ClientError>) -> Void
    ) {
        let leader: Int32
        do throws(ClientError) {
            leader = try self.leader(of: partition)
        } catch {
            return completion(.failure(error))
        }
        var settings = FetchSettings()
        settings.maxWaitMs = 0
        settings.minBytes = 0
        settings.maxBytes = maxBytes
        settings.partitionMaxBytes = maxBytes
        let topicID = metadata.topics[partition.topic]?.id ?? .zero
        let target = FetchTarget(partition, topicID: topicID, offset: offset)
        let limit = FetchRequest.highestVersion(for: [target])
        send(FetchRequest([target], settings), to: .broker(leader), maxVersion: limit) { result in
            let response: FetchResponse
            do throws(ClientError) {
                response = try result.get()
                try ErrorCode.check(response.errorCode)
            } catch {
                return completion(.failure(error))
            }
            var isAnswered = false
            response.forEachPartition { _, _, index in
                index == partition.partition ? target : nil
            } _: { fetched in
                guard !isAnswered else {
                    return
                }
                isAnswered = true
                if fetched.error == .none {
                    completion(.success(fetched))
                } else {
                    completion(.failure(.broker(fetched.error, message: nil)))
                }
            }
            if !isAnswered {
                completion(.failure(.protocolViolation("Fetch left \(partition) out")))
            }
        }
    }
}
