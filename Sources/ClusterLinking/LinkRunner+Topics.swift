import ClusterCore
import KafkaClient
import KafkaProtocol

/// What becomes of mirrors when their topics change at the source.
extension LinkRunner {
    /// Compares each mirror with what the source says about its topic now.
    func followTopics(_ metadata: ClusterMetadata) {
        let topics = host.withCluster { cluster, _ in cluster.mirrorTopics(of: linkID) }
        let sources = Set(topics.compactMap { $0.mirror?.sourceTopicName })
        missingSince = missingSince.filter { sources.contains($0.key) }
        foundAgain = foundAgain.filter { sources.contains($0.key) }
        for topic in topics {
            guard let mirror = topic.mirror, mirror.state.isMirroring,
                let source = metadata.topics[mirror.sourceTopicName]
            else {
                continue
            }
            follow(topic, mirror, source)
        }
        reconcile()
    }

    private func follow(_ topic: Topic, _ mirror: MirrorTopic, _ source: ClusterMetadata.TopicInfo) {
        guard source.error != .unknownTopicOrPartition, source.error != .unknownTopicID else {
            let since = missingSince[source.name] ?? now
            if missingSince[source.name] == nil {
                host.log(
                    .warning, "mirror topic \(topic.name) of link \(name): the source has no topic '\(source.name)'")
            }
            missingSince[source.name] = since
            if now.monotonicMs -| since.monotonicMs >= settings.number("cluster.link.retry.timeout.ms") {
                fail(topic, .sourceTopicMayBeDeleted, "the source has no topic '\(source.name)'")
            }
            return
        }
        if missingSince.removeValue(forKey: source.name) != nil {
            foundAgain[source.name] = now.wallMs
        }
        guard source.error == .none, !source.partitions.isEmpty else {
            return
        }
        guard source.isNumberedWithoutGaps else {
            return host.log(
                .error, "mirror topic \(topic.name): the source numbers the partitions of '\(source.name)' with gaps")
        }
        if source.id != .zero, mirror.sourceTopicID != .zero, source.id != mirror.sourceTopicID {
            return fail(
                topic, .sourceTopicIDChanged,
                "'\(source.name)' had id \(mirror.sourceTopicID.base64), now \(source.id.base64)")
        }
        if source.partitions.count < topic.partitions.count {
            return fail(
                topic, .sourcePartitionsDecreased,
                "'\(source.name)' has \(source.partitions.count) partitions, the mirror \(topic.partitions.count)")
        }
        let transport = host.transport
        do throws(LinkFailure) {
            try host.tryCluster { (cluster, now) throws(LinkFailure) in
                try cluster.noteSourceTopicID(source.id, of: topic, now: now)
                try cluster.addMirrorPartitions(
                    topic, leaderEpochs: source.partitions.map(\.leaderEpoch), now: now
                ) { [weak self] failure in
                    // Not at once: the cluster is in the middle of a step.
                    _ = transport.schedule(afterMs: 0) { self?.grown(topic, failure) }
                }
            }
        } catch {
            grown(topic, error)
        }
    }

    /// Begins to copy partitions that a mirror has got.
    private func grown(_ topic: Topic, _ failure: LinkFailure?) {
        if let failure {
            return host.log(
                .error, "mirror topic \(topic.name) cannot follow its source's partitions: \(failure)")
        }
        reconcile()
    }
}
