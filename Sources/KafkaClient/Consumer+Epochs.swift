import KafkaProtocol

/// What a consumer knows about the broker's history (KIP-320): whether the records before its position are still those
/// that it has read.
extension Consumer {
    /// The broker to ask where the epoch of the last record ended; nil when that is known or cannot be asked.
    ///
    /// Fetch from version 12 on asks by itself; older brokers, and leaders that are new, are asked once.
    func leaderToAsk(_ partition: TopicPartition, _ entry: Entry) -> Int32? {
        let epoch = entry.item.currentLeaderEpoch
        guard entry.item.lastFetchedEpoch >= 0, epoch > entry.item.lastFetchedEpoch, epoch != entry.checkedEpoch else {
            return nil
        }
        return try? client.leader(of: partition)
    }

    func checkEpoch(_ partition: TopicPartition, _ entry: Entry, leader: Int32) {
        let leaderEpoch = entry.item.currentLeaderEpoch
        let position = (offset: entry.item.nextOffset, epoch: entry.item.lastFetchedEpoch)
        entry.isChecking = true
        entry.item.isPaused = true
        let request = Consumer.epochRequest(partition, position.epoch, currentLeaderEpoch: leaderEpoch)
        client.send(request, to: .broker(leader)) { [weak self, weak entry] result in
            guard let self, let entry, self.entries[partition] === entry else {
                return
            }
            entry.isChecking = false
            guard entry.item.nextOffset == position.offset, entry.item.lastFetchedEpoch == position.epoch else {
                return self.resume(partition, entry)
            }
            switch Consumer.epochEnd(of: partition, result) {
            case .success(let end?):
                entry.checkedEpoch = leaderEpoch
                self.judge(end, partition, entry)
            // A broker without this request has no epochs to compare with.
            case .success(nil):
                entry.checkedEpoch = leaderEpoch
                self.resume(partition, entry)
            case .failure(let error): self.fail(partition, entry, error)
            }
        }
    }

    private static func epochRequest(
        _ partition: TopicPartition, _ epoch: Int32, currentLeaderEpoch: Int32
    ) -> OffsetForLeaderEpochRequest {
        var item = OffsetForLeaderEpochRequest.OffsetForLeaderPartition()
        item.partition = partition.partition
        item.currentLeaderEpoch = currentLeaderEpoch
        item.leaderEpoch = epoch
        var topic = OffsetForLeaderEpochRequest.OffsetForLeaderTopic()
        topic.topic = partition.topic
        topic.partitions = [item]
        var request = OffsetForLeaderEpochRequest()
        request.replicaID = -1
        request.topics = [topic]
        return request
    }

    /// nil when the broker does not serve the request.
    private static func epochEnd(
        of partition: TopicPartition, _ result: Result<OffsetForLeaderEpochResponse, ClientError>
    ) -> Result<(epoch: Int32, endOffset: Int64)?, ClientError> {
        switch result {
        case .failure(.unsupportedVersion): return .success(nil)
        case .failure(let error): return .failure(error)
        case .success(let response):
            let items = response.topics.filter { $0.topic == partition.topic }.flatMap(\.partitions)
            guard let item = items.first(where: { $0.partition == partition.partition }) else {
                return .failure(.protocolViolation("OffsetForLeaderEpoch left \(partition) out"))
            }
            let code = ErrorCode(rawValue: item.errorCode)
            guard code == .none else {
                return .failure(.broker(code, message: nil))
            }
            return .success((item.leaderEpoch, item.endOffset))
        }
    }

    private func judge(_ end: (epoch: Int32, endOffset: Int64), _ partition: TopicPartition, _ entry: Entry) {
        guard end.epoch >= 0, end.endOffset >= 0 else {
            return tellEpochUnknown(partition, entry)
        }
        guard end.epoch < entry.item.lastFetchedEpoch || end.endOffset < entry.item.nextOffset else {
            return resume(partition, entry)
        }
        entry.isHeld = true
        delegate?.consumer(
            self, fetched: FetchedPartition(diverging: partition, at: entry.item.nextOffset, end.epoch, end.endOffset))
    }

    func tellEpochUnknown(_ partition: TopicPartition, _ entry: Entry) {
        entry.isHeld = true
        entry.unknownEpochs = 0
        delegate?.consumer(self, epochUnknownOf: partition, leaderEpoch: entry.item.currentLeaderEpoch)
    }
}

extension FetchedPartition {
    /// The answer of a broker whose history parts from ours, without records.
    fileprivate init(diverging partition: TopicPartition, at offset: Int64, _ epoch: Int32, _ endOffset: Int64) {
        self.partition = partition
        fetchOffset = offset
        error = .none
        highWatermark = -1
        lastStableOffset = -1
        logStartOffset = -1
        divergence = (epoch, endOffset)
        abortedTransactions = []
        batches = FetchedBatches(UnsafeRawBufferPointer(start: nil, count: 0), from: offset)
    }
}
