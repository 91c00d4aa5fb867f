import ClusterCore
import KafkaClient
import KafkaProtocol
import LogStorage

extension LinkEngine {
    /// Creates a mirror topic: asks the source what the topic is like, then creates its image and begins to copy.
    package func createMirror(_ mirror: NewMirror, completion: @escaping (Result<Void, LinkFailure>) -> Void) {
        let probe: SourceProbe
        do throws(LinkFailure) {
            let (link, _) = try host.tryCluster { (cluster, _) throws(LinkFailure) in
                try cluster.validateMirror(mirror)
            }
            probe = SourceProbe(link.settings, transport: host.transport)
        } catch {
            return completion(.failure(error))
        }
        keep(probe)
        probe.describe(mirror.sourceTopicName) { [weak self, weak probe] result in
            guard let self, let probe else {
                return
            }
            self.release(probe)
            switch result {
            case .success(let source): self.finishMirror(mirror, source, completion)
            case .failure(let error): completion(.failure(error))
            }
        }
    }

    private func finishMirror(
        _ mirror: NewMirror, _ source: SourceTopic, _ completion: @escaping (Result<Void, LinkFailure>) -> Void
    ) {
        let transport = host.transport
        do throws(LinkFailure) {
            try host.tryCluster { (cluster, now) throws(LinkFailure) in
                try cluster.createMirrorTopic(mirror, source: source, now: now) { [weak self] failure in
                    // Not at once: the cluster is in the middle of a step.
                    _ = transport.schedule(afterMs: 0) {
                        completion(failure.map { .failure($0) } ?? self?.begin(mirror) ?? .success(()))
                    }
                }
            }
        } catch {
            completion(.failure(error))
        }
    }

    /// Lets a mirror that was made begin to copy.
    private func begin(_ mirror: NewMirror) -> Result<Void, LinkFailure> {
        do throws(LinkFailure) {
            try runner(mirror.linkName).reconcile()
        } catch {
            return .failure(error)
        }
        return .success(())
    }

    /// Pauses or resumes one mirror topic of a link.
    package func setPaused(_ isPaused: Bool, topic name: String, link: String) throws(LinkFailure) {
        let runner = try runner(link)
        try host.tryCluster { (cluster, now) throws(LinkFailure) in
            guard let topic = cluster.topics[name], topic.mirror?.linkID == runner.linkID else {
                throw .mirrorNotFound(name, link: link)
            }
            try cluster.setMirrorState(
                topic, isPaused ? .paused : .active, sourceEnds: isPaused ? runner.sourceEnds(of: topic) : [], now: now)
        }
        runner.reconcile()
    }

    // MARK: Reading

    /// All links, ordered by name.
    package func links() -> [LinkSnapshot] {
        host.withCluster { cluster, now in
            cluster.links.sorted.map { snapshot($0, cluster, now: now) }
        }
    }

    package func link(_ name: String) throws(LinkFailure) -> LinkSnapshot {
        try host.tryCluster { (cluster, now) throws(LinkFailure) in
            snapshot(try cluster.link(name), cluster, now: now)
        }
    }

    private func snapshot(_ link: ClusterLink, _ cluster: Cluster, now: Int64) -> LinkSnapshot {
        let (health, error, message) = runners[link.id]?.health() ?? (.unknown, .noError, nil)
        let topics = cluster.mirrorTopics(of: link.id)
        var counts: [MirrorPartitionCategory: Int] = [:]
        for topic in topics {
            guard let mirror = snapshot(topic, link, now: now) else {
                continue
            }
            for partition in mirror.partitions {
                counts[MirrorPartitionCategory(mirror.state, hasError: partition.problem != nil), default: 0] += 1
            }
        }
        return LinkSnapshot(
            link: link, health: health, error: error, errorMessage: message, topicNames: topics.map(\.name),
            partitionCounts: counts)
    }

    /// Mirror topics of one link, or of all when `link` is nil, ordered by name; with those that have stopped.
    package func mirrors(link name: String?) throws(LinkFailure) -> [MirrorSnapshot] {
        try host.tryCluster { (cluster, now) throws(LinkFailure) in
            let links = if let name { [try cluster.link(name)] } else { cluster.links.sorted }
            return links.flatMap { link in
                cluster.mirrorTopics(of: link.id).compactMap { snapshot($0, link, now: now) }
            }.sorted { $0.mirrorTopicName < $1.mirrorTopicName }
        }
    }

    package func mirror(_ topic: String, link: String) throws(LinkFailure) -> MirrorSnapshot {
        guard let mirror = try mirrors(link: link).first(where: { $0.mirrorTopicName == topic }) else {
            throw .mirrorNotFound(topic, link: link)
        }
        return mirror
    }

    /// How each link fares, ordered by name.
    package func healths() -> [(name: String, health: LinkHealth)] {
        host.withCluster { cluster, _ in
            cluster.links.sorted.map { ($0.name, runners[$0.id]?.health().0 ?? .unknown) }
        }
    }

    /// A mirror topic by its name alone; nil when no such topic is, or was, a mirror.
    package func mirror(topic name: String) -> MirrorSnapshot? {
        host.withCluster { cluster, now in
            guard let topic = cluster.topics[name], let mirror = topic.mirror, let link = cluster.links[mirror.linkID]
            else {
                return nil
            }
            return snapshot(topic, link, now: now)
        }
    }

    private func snapshot(_ topic: Topic, _ link: ClusterLink, now: Int64) -> MirrorSnapshot? {
        guard let mirror = topic.mirror else {
            return nil
        }
        let runner = runners[link.id]
        let (state, error, since) =
            runner?.shown(mirror, of: link) ?? (mirror.state, mirror.error, mirror.stateTimeMs)
        let message = state == .active ? topic.partitions.compactMap { hindrance($0, mirror, runner) }.first : nil
        return MirrorSnapshot(
            linkName: link.name, mirrorTopicName: topic.name, sourceTopicName: mirror.sourceTopicName,
            sourceTopicID: mirror.sourceTopicID, state: state, error: error, errorMessage: message, stateTimeMs: since,
            partitions: topic.partitions.map { snapshot($0, mirror, link, runner) })
    }

    private func snapshot(
        _ partition: Partition, _ mirror: MirrorTopic, _ link: ClusterLink, _ runner: LinkRunner?
    ) -> MirrorPartitionSnapshot {
        let known = known(partition, mirror, runner)
        let end = partition.log?.logEndOffset ?? 0
        var highWatermark = known?.sourceHighWatermark ?? -1
        var lag = known?.lag(logEndOffset: end, position: known.flatMap { runner?.consumer.position($0.source) }) ?? -1
        // What is copied soon tells by itself.
        let isHalted = !mirror.state.isMirroring || link.settings.isPaused
        if highWatermark < 0, isHalted, let last = mirror.sourceEnd(of: partition.index) {
            highWatermark = last
            lag = max(0, last -| end)
        }
        return MirrorPartitionSnapshot(
            partition: partition.index, logEndOffset: end, sourceHighWatermark: highWatermark, lag: lag,
            lastFetchMs: known?.lastFetchMs ?? -1, problem: known?.problem)
    }

    private func known(_ partition: Partition, _ mirror: MirrorTopic, _ runner: LinkRunner?) -> MirrorPartition? {
        runner?.partitions[TopicPartition(mirror.sourceTopicName, partition.index)]
            .flatMap { $0.topicID == partition.topicID ? $0 : nil }
    }

    /// Why a partition does not get on although the source answers.
    private func hindrance(_ partition: Partition, _ mirror: MirrorTopic, _ runner: LinkRunner?) -> String? {
        guard partition.log != nil else {
            return "the log of \(partition.topicName)-\(partition.index) is offline"
        }
        return known(partition, mirror, runner)?.refusal
    }
}
