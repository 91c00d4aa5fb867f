import ClusterCore
import Crypto
import KafkaClient
import KafkaProtocol
import LogStorage

/// How far the comparison of one partition is.
package struct VerificationProgress: Sendable {
    package let partition: Int32
    /// Bytes and records of the mirror that were compared.
    package let comparedBytes: Int
    package let comparedRecords: Int
    /// Bytes of the mirror's log: what there is to compare, unless the source keeps less.
    package let totalBytes: Int
}

/// Compares a mirror topic with its source: reads the source over the network, the mirror from its log, batch by batch.
final class MirrorVerifier: PendingWork {
    typealias Completion = (Result<VerificationReport, LinkFailure>) -> Void

    private unowned let host: any LinkHost
    private let client: ClusterClient
    private let topicID: KafkaUUID
    private let sourceTopic: String
    private var report: VerificationReport
    private let completion: Completion
    /// Told how far it is; false ends it.
    private let progress: ((VerificationProgress) -> Bool)?
    private var partitions: [Int32] = []
    /// Another thread has a chunk.
    private var isComparing = false

    /// Compares everything that lies in both logs when the comparison of a partition begins.
    init(
        host: any LinkHost, settings: LinkSettings, link: String, topic: Topic, sourceTopic: String,
        progress: ((VerificationProgress) -> Bool)? = nil, completion: @escaping Completion
    ) {
        self.host = host
        self.progress = progress
        self.completion = completion
        self.sourceTopic = sourceTopic
        topicID = topic.id
        client = LinkRunner.makeClient(settings, host.transport)
        partitions = topic.partitions.map(\.index)
        report = VerificationReport(
            linkName: link, mirrorTopicName: topic.name, sourceTopicName: sourceTopic,
            mirrorPartitionCount: topic.partitions.count)
    }

    func cancel() {
        client.close()
        if isComparing {
            isComparing = false
            fail(.closed)
        }
    }

    func start() {
        client.refreshMetadata(.named([sourceTopic])) { [weak self] result in
            switch result {
            case .success(let metadata): self?.begin(metadata)
            case .failure(let error): self?.fail(error)
            }
        }
    }

    private func begin(_ metadata: ClusterMetadata) {
        let source = metadata.topics[sourceTopic]
        switch source?.error {
        case nil, .unknownTopicOrPartition?, .unknownTopicID?:
            let text = "There is nothing to compare with: the source cluster has no topic '\(sourceTopic)' (any more)."
            return completion(.failure(LinkFailure(.sourceTopicNotFound, text)))
        case ErrorCode.none?: break
        case let code?: return fail(.broker(code, message: nil))
        }
        report.sourcePartitionCount = source?.partitions.count ?? 0
        // Those that only the source has are named in the report; those that only the mirror has cannot be read there.
        partitions.removeAll { source?.partition($0) == nil }
        nextPartition()
    }

    private func fail(_ error: ClientError) {
        completion(.failure(LinkFailure(.sourceUnavailable, "The source cluster cannot be read: \(error)")))
    }

    private func nextPartition() {
        guard let index = partitions.first else {
            return completion(.success(report))
        }
        partitions.removeFirst()
        let partition = TopicPartition(sourceTopic, index)
        client.offsetRange(of: partition) { [weak self] result in
            guard let self else {
                return
            }
            switch result {
            case .failure(let error): self.fail(error)
            case .success(let range):
                guard let log = self.log(index) else {
                    let name = self.report.mirrorTopicName
                    return self.completion(.failure(LinkFailure(.storage, "Partition \(name)-\(index) is offline.")))
                }
                let local = OffsetRange(start: log.logStartOffset, end: log.highWatermark)
                self.compare(PartitionComparison(partition, source: range, mirror: local))
            }
        }
    }

    private func log(_ index: Int32) -> PartitionLog? {
        host.withCluster { cluster, _ in cluster.topics[topicID]?.partition(index)?.log }
    }

    /// Says how far it is.
    /// - Returns: whether anybody still wants to know.
    private func tell(_ comparison: PartitionComparison) -> Bool {
        guard let progress else {
            return true
        }
        let bytes = Int(clamping: log(comparison.partition.partition)?.size ?? 0)
        return progress(
            VerificationProgress(
                partition: comparison.partition.partition, comparedBytes: comparison.comparedBytes,
                comparedRecords: comparison.comparedRecords,
                totalBytes: comparison.isDone ? comparison.comparedBytes : max(bytes, comparison.comparedBytes)))
    }

    /// Compares one chunk after the other.
    private func compare(_ comparison: PartitionComparison) {
        guard tell(comparison) else {
            return fail(.closed)
        }
        guard !comparison.isDone else {
            report.partitions.append(comparison.result)
            return nextPartition()
        }
        let (offset, chunk) = (comparison.offset, comparison.chunkBytes)
        client.fetchOnce(comparison.partition, at: offset, maxBytes: chunk) { [weak self] result in
            guard let self else {
                return
            }
            switch result {
            case .failure(let error): self.fail(error)
            case .success(let fetched):
                if let fault = fetched.batches.fault, fetched.batches.count == 0 {
                    self.goOn(comparison.stopped("the source holds what is no batch: \(fault)"))
                } else {
                    self.compareChunk(fetched, comparison)
                }
            }
        }
    }

    private func compareChunk(_ fetched: FetchedPartition, _ comparison: PartitionComparison) {
        let batches = fetched.batches
        guard batches.count > 0 || batches.isCut || fetched.highWatermark >= comparison.end else {
            return goOn(comparison.stopped("the source now ends at offset \(fetched.highWatermark)"))
        }
        guard let log = log(comparison.partition.partition) else {
            return goOn(comparison.stopped("the mirror is gone"))
        }
        let mirror: [UInt8]
        do throws(ReadError) {
            let slice = try log.read(
                from: comparison.offset, upTo: comparison.end,
                maxBytes: max(batches.bytes.count, Int(comparison.chunkBytes)), atLeastOneBatch: true)
            guard let copy = slice.records.copy() else {
                return goOn(comparison.stopped("the mirror's log cannot be read"))
            }
            mirror = copy
        } catch {
            return goOn(comparison.stopped("the mirror's log cannot be read: \(error)"))
        }
        let (source, isCut) = (Array(batches.bytes), batches.isCut)
        isComparing = true
        // Long batches take long, and compressed ones may have to be decompressed.
        host.performElsewhere {
            var next = comparison
            source.withUnsafeBytes { theirs in
                mirror.withUnsafeBytes { next.take(source: theirs, isCut: isCut, mirror: $0) }
            }
            return next
        } then: { [weak self] next in
            guard let self, self.isComparing else {
                return
            }
            self.isComparing = false
            self.compare(next)
        }
    }

    /// Not from within a callback: a fast source would deepen the stack with every chunk.
    private func goOn(_ comparison: PartitionComparison) {
        host.transport.schedule(afterMs: 0) { [weak self] in self?.compare(comparison) }
    }
}

/// The comparison of one partition, fed with chunks of both sides that begin at ``offset``.
struct PartitionComparison: Sendable {
    let partition: TopicPartition
    /// Where both sides go on.
    private(set) var offset: Int64
    /// The first offset that is not compared.
    let end: Int64
    /// Bytes of one side to be held at a time; more once the source sends less than a batch for them.
    private(set) var chunkBytes: Int32 = 1 << 20
    /// The most that is asked for.
    static let largestChunkBytes: Int32 = 1 << 28
    private let start: Int64
    private var source: SideDigest
    private var mirror: SideDigest
    private var sourceHash = SHA256()
    private var mirrorHash = SHA256()
    private var difference: String?

    init(_ partition: TopicPartition, source: OffsetRange, mirror: OffsetRange) {
        self.partition = partition
        self.source = SideDigest(range: source)
        self.mirror = SideDigest(range: mirror)
        start = max(source.start, mirror.start)
        end = max(start, min(source.end, mirror.end))
        offset = start
    }

    var comparedBytes: Int { mirror.bytes }
    var comparedRecords: Int { mirror.records }
    var isDone: Bool { difference != nil || offset >= end }

    var result: PartitionVerification {
        var source = source
        var mirror = mirror
        source.hash = Self.hex(sourceHash.finalize())
        mirror.hash = Self.hex(mirrorHash.finalize())
        return PartitionVerification(
            partition: partition.partition, source: source, mirror: mirror,
            compared: OffsetRange(start: start, end: end), difference: difference)
    }

    private static func hex(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private mutating func stop(_ reason: String) {
        difference = difference ?? reason
    }

    func stopped(_ reason: String) -> PartitionComparison {
        var next = self
        next.stop(reason)
        return next
    }

    /// Compares batch by batch as far as both chunks go.
    /// - Parameter isCut: whether the source sent a part of a batch behind its whole ones.
    mutating func take(
        source sourceBytes: UnsafeRawBufferPointer, isCut: Bool = false, mirror mirrorBytes: UnsafeRawBufferPointer
    ) {
        let (theirs, theirRest) = batches(in: sourceBytes)
        let (ours, ourRest) = batches(in: mirrorBytes)
        if theirs.isEmpty, isCut || theirRest {
            guard chunkBytes < Self.largestChunkBytes else {
                return stop("the source sends no whole batch at offset \(offset)")
            }
            return chunkBytes = min(Self.largestChunkBytes, chunkBytes *| 4)
        }
        if ours.isEmpty, ourRest {
            return stop("the mirror holds what is no batch at offset \(offset)")
        }
        guard let firstTheirs = theirs.first, let firstOurs = ours.first else {
            if let lonely = theirs.first ?? ours.first {
                let side = theirs.isEmpty ? "source" : "mirror"
                return stop("the \(side) has no batch at offset \(lonely.header.baseOffset)")
            }
            // Neither has a batch before the end: compaction took them from both.
            offset = end
            return
        }
        if firstTheirs.header.baseOffset != firstOurs.header.baseOffset {
            let smaller = min(firstTheirs.header.baseOffset, firstOurs.header.baseOffset)
            let side = firstTheirs.header.baseOffset > smaller ? "source" : "mirror"
            return stop("the \(side) has no batch at offset \(smaller)")
        }
        for (their, our) in zip(theirs, ours) {
            count(their, our)
            if let found = Self.difference(their, our) {
                return stop(found)
            }
            offset = their.header.nextOffset
        }
    }

    private typealias Batch = (header: RecordBatchHeader, bytes: UnsafeRawBufferPointer)

    /// - Returns: batches from ``offset`` up to ``end``, and whether something follows them that is no whole batch.
    private func batches(in bytes: UnsafeRawBufferPointer) -> ([Batch], hasRest: Bool) {
        var found: [Batch] = []
        var iterator = RecordBatchIterator(bytes)
        while let batch = try? iterator.next() {
            if batch.header.nextOffset > end {
                return (found, false)
            }
            if batch.header.lastOffset >= offset {
                found.append(batch)
            }
        }
        return (found, iterator.remainder > 0)
    }

    private mutating func count(_ their: Batch, _ our: Batch) {
        Self.add(their, to: &source, from: start)
        Self.add(our, to: &mirror, from: start)
        sourceHash.update(bufferPointer: their.bytes)
        mirrorHash.update(bufferPointer: our.bytes)
    }

    /// - Parameter start: records below it are stored in the batch, but no reader sees them.
    private static func add(_ batch: Batch, to side: inout SideDigest, from start: Int64) {
        side.batches += 1
        side.bytes += batch.bytes.count
        side.records += max(0, Int(batch.header.recordCount)) - hidden(batch, below: start)
    }

    private static func hidden(_ batch: Batch, below start: Int64) -> Int {
        guard batch.header.baseOffset < start else {
            return 0
        }
        var count = 0
        do {
            try forEachRecord(in: batch.bytes) { record in
                if record.offset < start { count += 1 }
                return record.offset < start
            }
        } catch {
            // What cannot be read is compared byte by byte all the same.
        }
        return min(count, max(0, Int(batch.header.recordCount)))
    }

    private static func difference(_ their: Batch, _ our: Batch) -> String? {
        if their.bytes.count == our.bytes.count, their.bytes.elementsEqual(our.bytes) {
            return nil
        }
        if their.header.baseOffset != our.header.baseOffset {
            return "the source has a batch at offset \(their.header.baseOffset), the mirror at \(our.header.baseOffset)"
        }
        let position = zip(their.bytes, our.bytes).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        return "the batches at offset \(their.header.baseOffset) differ at byte "
            + "\(position ?? min(their.bytes.count, our.bytes.count))"
    }
}

extension LinkEngine {
    /// Compares a mirror topic with its source, byte by byte.
    /// - Parameter progress: told how far it is, on the loop, for every chunk; false ends it with a failure.
    package func verify(
        topic name: String, link: String, progress: ((VerificationProgress) -> Bool)? = nil,
        completion: @escaping (Result<VerificationReport, LinkFailure>) -> Void
    ) {
        do throws(LinkFailure) {
            let found = try host.tryCluster { (cluster, _) throws(LinkFailure) in
                let link = try cluster.link(link)
                guard let topic = cluster.topics[name], let mirror = topic.mirror, mirror.linkID == link.id else {
                    throw LinkFailure.mirrorNotFound(name, link: link.name)
                }
                return (link.settings, topic, mirror.sourceTopicName)
            }
            var finish: (() -> Void)?
            let verifier = MirrorVerifier(
                host: host, settings: found.0, link: link, topic: found.1, sourceTopic: found.2,
                progress: progress
            ) { result in
                finish?()
                finish = nil
                completion(result)
            }
            keep(verifier)
            finish = { [weak self, weak verifier] in
                if let verifier {
                    self?.release(verifier)
                    verifier.cancel()
                }
            }
            verifier.start()
        } catch {
            completion(.failure(error))
        }
    }
}
