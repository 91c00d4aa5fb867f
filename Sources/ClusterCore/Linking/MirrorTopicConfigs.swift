import KafkaProtocol

/// Which configs of a mirror topic follow its source.
package enum MirrorTopicConfigs {
    /// Always the source's; nobody can set them on a mirror.
    package static let always: Set<String> = [
        "cleanup.policy", "max.message.bytes", "message.timestamp.type", "message.timestamp.difference.max.ms",
    ]

    /// Follow the source when `topic.config.sync.include` says so.
    package static let configurable: Set<String> = [
        "compression.type", "compression.gzip.level", "compression.lz4.level", "compression.zstd.level",
        "retention.ms", "retention.bytes", "delete.retention.ms", "min.insync.replicas", "min.compaction.lag.ms",
        "max.compaction.lag.ms", "min.cleanable.dirty.ratio", "segment.bytes", "segment.ms", "segment.jitter.ms",
        "segment.index.bytes", "index.interval.bytes", "flush.messages", "flush.ms", "file.delete.delay.ms",
        "preallocate", "unclean.leader.election.enable", "message.downconversion.enable",
        "message.timestamp.before.max.ms", "message.timestamp.after.max.ms",
    ]

    /// What `topic.config.sync.include` holds by default: what decides how long records live and what is accepted.
    /// Sizes of segments and demands on replicas are this cluster's own business.
    package static let includedByDefault = [
        "compression.type", "delete.retention.ms", "max.compaction.lag.ms", "message.timestamp.after.max.ms",
        "message.timestamp.before.max.ms", "min.cleanable.dirty.ratio", "min.compaction.lag.ms", "retention.bytes",
        "retention.ms",
    ]

    static func includeProblem(_ names: [String]) -> String? {
        let wrong = names.filter { !configurable.contains($0) && !always.contains($0) }
        return wrong.isEmpty
            ? nil : "topic.config.sync.include holds configs that cannot be synced: \(wrong.joined(separator: ", "))"
    }

    /// Those that follow the source under these settings.
    package static func synced(_ settings: LinkSettings) -> Set<String> {
        always.union(settings.list("topic.config.sync.include"))
    }

    /// The configs that a mirror gets: of the source's effective values all that always follow, and of the others those
    /// that were set on the source or that differ from what would hold here.
    ///
    /// - Parameter local: what would hold on this cluster without a setting on the topic.
    static func taken(
        from source: [SourceConfig], settings: LinkSettings, local: (String) -> String?
    ) -> [String: String] {
        let names = synced(settings)
        var taken: [String: String] = [:]
        for config in source where names.contains(config.name) {
            guard let value = config.value, let definition = ConfigDefinitions.topicByName[config.name],
                ConfigValue.problem(value, definition) == nil
            else {
                continue
            }
            if always.contains(config.name) || config.isSetOnTopic || local(config.name) != value {
                taken[config.name] = value
            }
        }
        return taken
    }
}

/// A config of the source topic, as DescribeConfigs tells it.
package struct SourceConfig: Sendable, Equatable {
    package var name: String
    package var value: String?
    /// Set on the topic itself, not inherited from broker or default.
    package var isSetOnTopic: Bool

    package init(name: String, value: String?, isSetOnTopic: Bool) {
        self.name = name
        self.value = value
        self.isSetOnTopic = isSetOnTopic
    }
}
