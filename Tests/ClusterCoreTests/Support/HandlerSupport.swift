import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// What a test batch is made of.
struct TestBatch {
    var values: [String] = ["a"]
    var key: String?
    /// Milliseconds since the epoch of each record; the last one repeats.
    var timestamps: [Int64] = [1_700_000_000_000]
    var compression = Compression.none
    var producerID: Int64 = -1
    var epoch: Int16 = -1
    var sequence: Int32 = -1
    var isTransactional = false
    var baseOffset: Int64 = 0
    var leaderEpoch: Int32 = -1

    func bytes() throws -> [UInt8] {
        var builder = RecordBatchBuilder(
            compression: compression, baseOffset: baseOffset, producerID: producerID, producerEpoch: epoch,
            baseSequence: sequence, isTransactional: isTransactional, leaderEpoch: leaderEpoch)
        for (index, value) in values.enumerated() {
            builder.append(
                key: key.map { Array($0.utf8) }, value: Array(value.utf8),
                timestamp: timestamps[min(index, timestamps.count - 1)])
        }
        return try builder.build()
    }
}

/// The batch with its header changed and its checksum made right again.
func resealed(_ batch: [UInt8], _ change: (inout RecordBatchHeader) -> Void) -> [UInt8] {
    var copy = batch
    copy.withUnsafeMutableBytes { memory in
        var header = RecordBatchHeader(parsing: UnsafeRawBufferPointer(memory))
        change(&header)
        let records = UnsafeRawBufferPointer(rebasing: memory[RecordBatchHeader.size...])
        header.writeSealed(
            into: UnsafeMutableRawBufferPointer(rebasing: memory[..<RecordBatchHeader.size]), records: records)
    }
    return copy
}

extension RecordBytes {
    /// Values of all records, in order.
    func values() throws -> [String] {
        try records().map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }

    func records() throws -> [Record] {
        let bytes = try #require(copy())
        return try bytes.withUnsafeBytes { memory in
            var records: [Record] = []
            var batches = RecordBatchIterator(memory)
            while let (_, batch) = try batches.next() {
                records += try decodeRecords(batch: batch)
            }
            return records
        }
    }

    func headers() throws -> [RecordBatchHeader] {
        let bytes = try #require(copy())
        return try bytes.withUnsafeBytes { memory in
            var headers: [RecordBatchHeader] = []
            var batches = RecordBatchIterator(memory)
            while let (header, _) = try batches.next() {
                headers.append(header)
            }
            return headers
        }
    }
}

extension ClusterHarness {
    /// A topic that only the cluster itself may create.
    func createInternalTopic(_ name: String) throws {
        try step { _ = try $0.createTopic(NewTopic(name: name), now: now) }
    }

    func partition(_ topic: String, _ index: Int32 = 0) throws -> Partition {
        try #require(cluster.topics[topic]?.partition(index))
    }

    func log(_ topic: String, _ index: Int32 = 0) throws -> PartitionLog {
        try #require(try partition(topic, index).log)
    }

    /// Produces one batch and gives the partition's answer, whatever it is.
    func produceResult(
        _ topic: String, partition: Int32 = 0, _ batch: TestBatch, acks: Int16 = -1, version: Int16? = nil,
        on connection: ConnectionID? = nil
    ) throws -> ProduceResponse.PartitionProduceResponse {
        try produceResult(
            topic, partition: partition, bytes: batch.bytes(), acks: acks, version: version, on: connection)
    }

    func produceResult(
        _ topic: String, partition: Int32 = 0, bytes: [UInt8], acks: Int16 = -1, version: Int16? = nil,
        on connection: ConnectionID? = nil
    ) throws -> ProduceResponse.PartitionProduceResponse {
        let request = produceRequest(topic, partition: partition, batch: bytes, acks: acks)
        let response = try call(request, version: version, on: connection)
        return try #require(response.responses.first?.partitionResponses.first)
    }

    /// Appends as a link does, without a client, and wakes who waits.
    func appendAsFollower(_ topic: String, partition: Int32 = 0, _ bytes: [UInt8]) throws {
        let target = try self.partition(topic, partition)
        let log = try log(topic, partition)
        _ = try bytes.withUnsafeBytes { try log.appendAsFollower($0, now: now) }
        step { cluster in
            cluster.parking.wake(.partition(target.handle))
            cluster.resumeWoken(now: now)
        }
    }

    /// Raises a partition's leader epoch, as a change of leadership to `node` does.
    func elect(_ node: Int32, _ topic: String, partition: Int32 = 0) throws {
        var record = PartitionChangeRecord()
        record.topicID = try self.partition(topic, partition).topicID
        record.partitionID = partition
        record.leader = node
        try step { try $0.commit([.partitionChange(record)], now: now) }
        step { $0.resumeWoken(now: now) }
    }

    /// A fetch of one partition.
    func fetchRequest(
        _ topic: String, partition: Int32 = 0, from offset: Int64 = 0, maxWaitMs: Int32 = 0, minBytes: Int32 = 1,
        _ change: (inout FetchRequest.FetchPartition) -> Void = { _ in }
    ) -> FetchRequest {
        var item = FetchRequest.FetchPartition()
        item.partition = partition
        item.fetchOffset = offset
        item.partitionMaxBytes = 1 << 20
        change(&item)
        var entry = FetchRequest.FetchTopic()
        entry.topic = topic
        entry.topicID = cluster.topics[topic]?.id ?? .zero
        entry.partitions = [item]
        var request = FetchRequest()
        request.maxWaitMs = maxWaitMs
        request.minBytes = minBytes
        request.topics = [entry]
        return request
    }

    func fetch(
        _ request: FetchRequest, version: Int16? = nil, on connection: ConnectionID? = nil
    ) throws -> FetchResponse.PartitionData {
        try #require(try call(request, version: version, on: connection).responses.first?.partitions.first)
    }
}

/// Versions of a request worth trying: the lowest, the highest and those in between where something changes.
func versions<R: KafkaRequest>(_ type: R.Type, _ between: Int16...) -> [Int16] {
    [R.servedVersions.lowerBound] + between + [R.servedVersions.upperBound]
}

extension Int16 {
    /// The name of this error code, for expectations that can be read.
    var code: ErrorCode { ErrorCode(rawValue: self) }
}
