import Datagen
import KafkaClient
import KafkaProtocol
import KafkaTransport
import NIOCore
import Synchronization

/// One connector's tasks at work, as a client of its cluster like any other.
///
/// Unchecked: everything but the snapshots is touched on `loop` only.
final class ConnectorWorker: @unchecked Sendable {
    /// Where records go, and as whom.
    struct Target: Sendable {
        var servers: [HostPort]
        var security: ClientSecurity
        var tls: ClientTLS
    }

    /// How a task stands.
    struct Snapshot: Sendable, Equatable {
        /// From where its next life goes on; only records that are in the topic count.
        var state: String?
        /// Why it ended; nil while it runs.
        var failure: String?
    }

    private let loop: any EventLoop
    private let connector: DatagenConnector
    private let target: Target
    private let resuming: [Snapshot]
    private let snapshots: Mutex<[Snapshot]>
    private var client: ClusterClient?
    private var tasks: [ConnectorTask] = []

    /// - Parameter resuming: how earlier lives of the tasks ended, by number; may be shorter than there are tasks.
    init(_ connector: DatagenConnector, target: Target, resuming: [Snapshot], loop: any EventLoop) {
        self.connector = connector
        self.target = target
        self.loop = loop
        self.resuming = (0..<connector.taskCount).map { index in
            Snapshot(state: index < resuming.count ? resuming[index].state : nil)
        }
        snapshots = Mutex(self.resuming)
    }

    /// May be asked from any thread.
    var current: [Snapshot] { snapshots.withLock { $0 } }

    func start() {
        loop.execute { [self] in
            var settings = ClientSettings(bootstrapServers: target.servers)
            settings.connection.clientID = "connector-\(connector.name)"
            settings.connection.security = target.security
            let client = ClusterClient(settings: settings, transport: NIOClientTransport(on: loop, tls: target.tls))
            self.client = client
            tasks = (0..<connector.taskCount).map { index in
                let state = resuming[index].state.flatMap { DatagenTaskState(text: $0) }
                let task = connector.task(index, resuming: state, entropy: UInt64.random(in: 0...UInt64.max))
                return ConnectorTask(task, topic: connector.topic, client: client) { [weak self] snapshot in
                    self?.snapshots.withLock { $0[index] = snapshot }
                }
            }
            for task in tasks {
                task.start()
            }
        }
    }

    /// Ends all work. What ``current`` says afterwards is final.
    func stop() async {
        try? await loop.submit { [self] in
            for task in tasks {
                task.stop()
            }
            tasks = []
            client?.close()
            client = nil
        }.get()
    }
}

/// One task: makes records at its pace and produces them. Confined to its client's loop.
final class ConnectorTask {
    private var task: DatagenTask
    private let topic: String
    private let client: ClusterClient
    private let producer: SimpleProducer
    private let report: (ConnectorWorker.Snapshot) -> Void
    private var timer: (any Cancellable)?
    private var partitions: [Int32] = []
    /// When the next record is due, ms since the epoch.
    private var due: Int64 = 0
    private var turn = 0
    private var isStopped = false
    private let giveUpAt: Int64

    /// Records of one round at most; the next round waits until they are in the topic.
    private static let roundSize = 500
    /// How long a topic may be missing before the task fails, ms.
    private static let patienceMs: Int64 = 20_000

    init(
        _ task: DatagenTask, topic: String, client: ClusterClient,
        report: @escaping (ConnectorWorker.Snapshot) -> Void
    ) {
        self.task = task
        self.topic = topic
        self.client = client
        self.report = report
        producer = SimpleProducer(
            client: client, settings: ProducerSettings(), random: { UInt64.random(in: 0...UInt64.max) })
        giveUpAt = client.transport.monotonicMs +| Self.patienceMs
    }

    func start() {
        report(ConnectorWorker.Snapshot(state: task.state.text))
        findTopic()
    }

    func stop() {
        isStopped = true
        timer?.cancel()
        producer.close()
    }

    private func fail(_ message: String) {
        guard !isStopped else {
            return
        }
        stop()
        report(ConnectorWorker.Snapshot(state: task.state.text, failure: message))
    }

    // MARK: The topic

    private func findTopic() {
        client.refreshMetadata(.named([topic])) { [weak self] result in
            guard let self, !self.isStopped else {
                return
            }
            switch result {
            case .success(let metadata): self.found(metadata.topics[self.topic])
            case .failure(let error): self.retry(error.isRetriable, "\(error)")
            }
        }
    }

    private func found(_ info: ClusterMetadata.TopicInfo?) {
        let error = info?.error ?? .unknownTopicOrPartition
        guard let info, error == .none, !info.partitions.isEmpty else {
            let isMissing = error == .unknownTopicOrPartition || error == .none
            return retry(
                isMissing || error.isRetriable,
                isMissing ? "topic \(topic) does not exist" : "topic \(topic): \(error.message)")
        }
        partitions = info.partitions.map(\.index).sorted()
        due = client.transport.monotonicMs +| task.delayMs()
        waitUntilDue()
    }

    private func retry(_ mayHelp: Bool, _ problem: String) {
        guard mayHelp, client.transport.monotonicMs < giveUpAt else {
            return fail(problem)
        }
        timer = client.transport.schedule(afterMs: 500) { [weak self] in self?.findTopic() }
    }

    // MARK: Records

    private func waitUntilDue() {
        let delay = max(0, due -| client.transport.monotonicMs)
        timer = client.transport.schedule(afterMs: delay) { [weak self] in self?.produceDue() }
    }

    private func produceDue() {
        let now = client.transport.monotonicMs
        let timestamp = client.transport.nowMs
        // After a pause of the machine nobody wants the records that were missed at once.
        due = max(due, now -| 1_000)
        var batches: [Int32: [ProducerRecord]] = [:]
        var count = 0
        var end: DatagenTask.Finished?
        while due <= now, count < Self.roundSize, end == nil {
            do throws(DatagenTask.Finished) {
                let record = try task.next()
                batches[partition(for: record.key), default: []].append(
                    ProducerRecord(
                        key: record.key, value: record.value,
                        headers: record.headers.map { RecordHeader(key: $0.key, value: $0.value) },
                        timestamp: timestamp))
                count += 1
                due = due +| task.delayMs()
            } catch {
                end = error
            }
        }
        turn += 1
        send(batches, then: end)
    }

    private func partition(for key: [UInt8]?) -> Int32 {
        let count = Int32(clamping: partitions.count)
        let index = key.map { KeyPartitioning.partition(for: $0, count: count) } ?? Int32(turn % partitions.count)
        return partitions[Int(index)]
    }

    private func send(_ batches: [Int32: [ProducerRecord]], then end: DatagenTask.Finished?) {
        guard !batches.isEmpty else {
            return finishRound(end)
        }
        var outstanding = batches.count
        for (partition, records) in batches {
            producer.send(records, to: TopicPartition(topic, partition)) { [weak self] result in
                guard let self, !self.isStopped else {
                    return
                }
                outstanding -= 1
                switch result {
                case .success:
                    if outstanding == 0 {
                        self.finishRound(end)
                    }
                case .failure(let error): self.fail("\(self.topic)-\(partition): \(error)")
                }
            }
        }
    }

    private func finishRound(_ end: DatagenTask.Finished?) {
        if let end {
            return fail("\(end)")
        }
        report(ConnectorWorker.Snapshot(state: task.state.text))
        waitUntilDue()
    }
}
