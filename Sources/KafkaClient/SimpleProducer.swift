import KafkaProtocol

/// A record to be produced.
package struct ProducerRecord: Sendable {
    package var key: [UInt8]?
    package var value: [UInt8]?
    package var headers: [RecordHeader]
    /// Milliseconds since the epoch.
    package var timestamp: Int64

    package init(key: [UInt8]?, value: [UInt8]?, headers: [RecordHeader] = [], timestamp: Int64) {
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }
}

/// How a ``SimpleProducer`` behaves.
package struct ProducerSettings: Sendable {
    /// -1 all in-sync replicas, 1 the leader, 0 no answer.
    package var acks: Int16 = -1
    /// Numbers batches, so that a repeated one is stored once. Needs acks -1.
    package var isIdempotent = true
    package var compression = Compression.none
    /// How long a batch is tried, in milliseconds (`delivery.timeout.ms`).
    package var deliveryTimeoutMs: Int64 = 120_000
    package var retryBackoffMs: Int64 = 100
    package var retryBackoffMaxMs: Int64 = 1_000

    package init() {}
}

/// Produces batches: one at a time for each partition, in order, tried again while that may help.
package final class SimpleProducer {
    /// The first record's offset, -1 with acks 0.
    package typealias Completion = (Result<Int64, ClientError>) -> Void

    private let client: ClusterClient
    private let settings: ProducerSettings
    private let random: RandomBits
    private var lanes: [TopicPartition: Lane] = [:]
    private var identity: (id: Int64, epoch: Int16)?
    private var isClosed = false

    /// The batches of one partition.
    private final class Lane {
        var queue = Queue<Batch>()
        var current: Batch?
        var nextSequence: Int32 = 0
        /// The producer id that `nextSequence` counts for: each id begins at 0.
        var producerID: Int64 = -1
        var backoff: Backoff

        init(_ backoff: Backoff) {
            self.backoff = backoff
        }
    }

    private final class Batch {
        let records: [ProducerRecord]
        let deadline: Int64
        let completion: Completion
        /// Built once, so that every try sends the same sequence numbers.
        var bytes: [UInt8]?

        init(_ records: [ProducerRecord], deadline: Int64, completion: @escaping Completion) {
            self.records = records
            self.deadline = deadline
            self.completion = completion
        }
    }

    package init(client: ClusterClient, settings: ProducerSettings, random: @escaping RandomBits) {
        self.client = client
        self.settings = settings
        self.random = random
    }

    /// Ends all waiting with ``ClientError/closed``. The client stays open.
    package func close() {
        isClosed = true
        let waiting = lanes.values.flatMap { lane in (lane.current.map { [$0] } ?? []) + lane.queue.takeAll() }
        lanes = [:]
        for batch in waiting {
            batch.completion(.failure(.closed))
        }
    }

    /// Queues `records` (one at least) as one batch of a partition.
    package func send(_ records: [ProducerRecord], to partition: TopicPartition, completion: @escaping Completion) {
        guard !isClosed, !records.isEmpty else {
            return completion(.failure(isClosed ? .closed : .protocolViolation("a batch has records")))
        }
        let lane =
            lanes[partition]
            ?? Lane(Backoff(initialMs: settings.retryBackoffMs, maximumMs: settings.retryBackoffMaxMs))
        lanes[partition] = lane
        let deadline = client.transport.monotonicMs +| settings.deliveryTimeoutMs
        lane.queue.append(Batch(records, deadline: deadline, completion: completion))
        advance(partition, lane)
    }

    private func advance(_ partition: TopicPartition, _ lane: Lane) {
        guard lane.current == nil, let batch = lane.queue.popFirst() else {
            return
        }
        lane.current = batch
        attempt(partition, lane, batch)
    }

    private func attempt(_ partition: TopicPartition, _ lane: Lane, _ batch: Batch) {
        if settings.isIdempotent, identity == nil {
            return identify { [weak self] error in
                guard let self, lane.current === batch else {
                    return
                }
                if let error {
                    return self.failed(partition, lane, batch, error)
                }
                self.attempt(partition, lane, batch)
            }
        }
        do throws(ClientError) {
            let leader = try client.leader(of: partition)
            let bytes = try build(batch, lane)
            transmit(bytes, partition, to: leader) { [weak self] result in
                guard let self, lane.current === batch else {
                    return
                }
                switch result {
                case .success(let offset): self.finish(partition, lane, batch, .success(offset))
                case .failure(let error): self.failed(partition, lane, batch, error)
                }
            }
        } catch {
            failed(partition, lane, batch, error)
        }
    }

    private func build(_ batch: Batch, _ lane: Lane) throws(ClientError) -> [UInt8] {
        if let bytes = batch.bytes {
            return bytes
        }
        if let identity, identity.id != lane.producerID {
            lane.producerID = identity.id
            lane.nextSequence = 0
        }
        var builder = RecordBatchBuilder(
            compression: settings.compression, producerID: identity?.id ?? -1, producerEpoch: identity?.epoch ?? -1,
            baseSequence: identity == nil ? -1 : lane.nextSequence)
        for record in batch.records {
            builder.append(
                key: record.key, value: record.value, headers: record.headers, timestamp: record.timestamp)
        }
        do {
            let bytes = try builder.build()
            batch.bytes = bytes
            lane.nextSequence = RecordBatchHeader.sequence(
                lane.nextSequence, advancedBy: Int32(clamping: batch.records.count))
            return bytes
        } catch {
            throw .protocolViolation("the batch cannot be compressed: \(error)")
        }
    }

    private func transmit(
        _ bytes: [UInt8], _ partition: TopicPartition, to leader: Int32,
        _ completion: @escaping (Result<Int64, ClientError>) -> Void
    ) {
        var request = ProduceRequest()
        request.acks = settings.acks
        request.timeoutMs = Int32(clamping: client.settings.connection.requestTimeoutMs)
        var topic = ProduceRequest.TopicProduceData()
        topic.name = partition.topic
        topic.topicID = client.metadata.topics[partition.topic]?.id ?? .zero
        var data = ProduceRequest.PartitionProduceData()
        data.index = partition.partition
        data.records = .owned(bytes)
        topic.partitionData = [data]
        request.topicData = [topic]
        // From version 13 on topics go by id.
        let limit: Int16 = topic.topicID == .zero ? 12 : .max
        if settings.acks == 0 {
            do throws(ClientError) {
                try client.connection(to: leader).sendWithoutAnswer(request, maxVersion: limit)
                completion(.success(-1))
            } catch {
                completion(.failure(error))
            }
            return
        }
        client.send(request, to: .broker(leader), maxVersion: limit) { result in
            completion(result.flatMap(Self.outcome))
        }
    }

    private static func outcome(_ response: ProduceResponse) -> Result<Int64, ClientError> {
        guard let answer = response.responses.first?.partitionResponses.first else {
            return .failure(.protocolViolation("Produce without a result"))
        }
        do throws(ClientError) {
            try ErrorCode.check(answer.errorCode, answer.errorMessage)
            return .success(answer.baseOffset)
        } catch {
            return .failure(error)
        }
    }

    private func finish(
        _ partition: TopicPartition, _ lane: Lane, _ batch: Batch, _ result: Result<Int64, ClientError>
    ) {
        lane.current = nil
        if case .success = result {
            lane.backoff.reset()
        } else if settings.isIdempotent {
            // The broker may have stored the batch or not: later sequence numbers would not fit. A new id begins anew.
            identity = nil
        }
        batch.completion(result)
        advance(partition, lane)
    }

    private func failed(_ partition: TopicPartition, _ lane: Lane, _ batch: Batch, _ error: ClientError) {
        let delay = lane.backoff.next(random)
        guard error.isRetriable, client.transport.monotonicMs +| delay < batch.deadline else {
            return finish(partition, lane, batch, .failure(error))
        }
        client.transport.schedule(afterMs: delay) { [weak self] in
            guard let self, lane.current === batch else {
                return
            }
            self.client.refreshMetadata(.named([partition.topic])) { [weak self] _ in
                guard let self, lane.current === batch else {
                    return
                }
                self.attempt(partition, lane, batch)
            }
        }
    }

    /// Gets a producer id (KIP-98).
    private func identify(_ completion: @escaping (ClientError?) -> Void) {
        var request = InitProducerIdRequest()
        request.transactionTimeoutMs = Int32.max
        client.send(request) { [weak self] result in
            do throws(ClientError) {
                let response = try result.get()
                try ErrorCode.check(response.errorCode)
                self?.identity = (response.producerID, response.producerEpoch)
                completion(nil)
            } catch {
                completion(error)
            }
        }
    }
}
