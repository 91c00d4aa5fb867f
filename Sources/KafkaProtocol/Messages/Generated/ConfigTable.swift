// Generated from Protocol/configs.table by `make generate`. Do not edit.

/// The configuration keys that we know.
package enum ConfigDefinitions {
    /// Keys of a topic, ordered as in the table.
    package static let topic: [ConfigDefinition] = [
        ConfigDefinition(
            name: "cleanup.policy", scope: .topic, type: .list, defaultValue: "delete",
            constraint: .oneOf(["compact", "delete"]),
            update: .dynamic, synonyms: ["log.cleanup.policy"],
            documentation: "Whether old segments are deleted, or compacted to the last record of every key, or both."),
        ConfigDefinition(
            name: "compression.gzip.level", scope: .topic, type: .int, defaultValue: "-1",
            constraint: .range(lower: -1, upper: 9),
            update: .dynamic, synonyms: ["compression.gzip.level"],
            documentation: "Level for gzip when the broker compresses; -1 is the library's own default."),
        ConfigDefinition(
            name: "compression.lz4.level", scope: .topic, type: .int, defaultValue: "9",
            constraint: .range(lower: 1, upper: 17),
            update: .dynamic, synonyms: ["compression.lz4.level"],
            documentation: "Level for LZ4 when the broker compresses."),
        ConfigDefinition(
            name: "compression.type", scope: .topic, type: .string, defaultValue: "producer",
            constraint: .oneOf(["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"]),
            update: .dynamic, synonyms: ["compression.type"],
            documentation: "The codec batches are stored with; `producer` keeps the one they came with."),
        ConfigDefinition(
            name: "compression.zstd.level", scope: .topic, type: .int, defaultValue: "3",
            constraint: .range(lower: -131072, upper: 22),
            update: .dynamic, synonyms: ["compression.zstd.level"],
            documentation: "Level for Zstandard when the broker compresses."),
        ConfigDefinition(
            name: "delete.retention.ms", scope: .topic, type: .long, defaultValue: "86400000",
            constraint: .range(lower: 0, upper: nil),
            update: .dynamic, synonyms: ["log.cleaner.delete.retention.ms"],
            documentation: "How long a compacted topic keeps tombstones, in ms."),
        ConfigDefinition(
            name: "file.delete.delay.ms", scope: .topic, type: .long, defaultValue: "60000",
            constraint: .range(lower: 0, upper: nil),
            update: .dynamic, synonyms: ["log.segment.delete.delay.ms"],
            documentation: "How long a segment's files outlive its removal from the log, in ms."),
        ConfigDefinition(
            name: "flush.messages", scope: .topic, type: .long, defaultValue: "9223372036854775807",
            constraint: .range(lower: 1, upper: nil),
            update: .dynamic, synonyms: ["log.flush.interval.messages"],
            documentation: "After how many records the log is forced to disk."),
        ConfigDefinition(
            name: "flush.ms", scope: .topic, type: .long, defaultValue: "9223372036854775807",
            constraint: .range(lower: 0, upper: nil),
            update: .dynamic, synonyms: ["log.flush.interval.ms", "log.flush.scheduler.interval.ms"],
            documentation: "After how many ms the log is forced to disk."),
        ConfigDefinition(
            name: "follower.replication.throttled.replicas", scope: .topic, type: .list, defaultValue: "",
            constraint: .none,
            update: .dynamic, synonyms: [],
            documentation: "Replicas whose fetching is throttled, as partition:broker pairs, or `*`."),
        ConfigDefinition(
            name: "index.interval.bytes", scope: .topic, type: .int, defaultValue: "4096",
            constraint: .range(lower: 0, upper: nil),
            update: .dynamic, synonyms: ["log.index.interval.bytes"],
            documentation: "After how many bytes of records the offset index gets an entry."),
        ConfigDefinition(
            name: "leader.replication.throttled.replicas", scope: .topic, type: .list, defaultValue: "",
            constraint: .none,
            update: .dynamic, synonyms: [],
            documentation: "Replicas whose serving is throttled, as partition:broker pairs, or `*`."),
        ConfigDefinition(
            name: "local.retention.bytes", scope: .topic, type: .long, defaultValue: "-2",
            constraint: .range(lower: -2, upper: nil),
            update: .dynamic, synonyms: ["log.local.retention.bytes"],
            documentation: "Bytes a tiered partition keeps on its own disk; -2 follows retention.bytes."),
        ConfigDefinition(
            name: "local.retention.ms", scope: .topic, type: .long, defaultValue: "-2",
            constraint: .range(lower: -2, upper: nil),
            update: .dynamic, synonyms: ["log.local.retention.ms"],
            documentation: "How long a tiered partition keeps segments on its own disk, in ms; -2 follows retention.ms."),
        ConfigDefinition(
            name: "max.compaction.lag.ms", scope: .topic, type: .long, defaultValue: "9223372036854775807",
            constraint: .range(lower: 1, upper: nil),
            update: .dynamic, synonyms: ["log.cleaner.max.compaction.lag.ms"],
            documentation: "The longest a record may wait for compaction, in ms."),
        ConfigDefinition(
            name: "max.message.bytes", scope: .topic, type: .int, defaultValue: "1048588",
            constraint: .range(lower: 0, upper: nil),
            update: .dynamic, synonyms: ["message.max.bytes"],
            documentation: "The largest batch accepted, compressed, in bytes."),
        ConfigDefinition(
            name: "message.timestamp.after.max.ms", scope: .topic, type: .long, defaultValue: "3600000",
            constraint: .range(lower: 0, upper: nil),
            update: .dynamic, synonyms: ["log.message.timestamp.after.max.ms"],
            documentation: "How far a record's timestamp may lie in the broker's future, in ms."),
        ConfigDefinition(
            name: "message.timestamp.before.max.ms", scope: .topic, type: .long, defaultValue: "9223372036854775807",
            constraint: .range(lower: 0, upper: nil),
            update: .dynamic, synonyms: ["log.message.timestamp.before.max.ms"],
            documentation: "How far a record's timestamp may lie in the broker's past, in ms."),
        ConfigDefinition(
            name: "message.timestamp.type", scope: .topic, type: .string, defaultValue: "CreateTime",
            constraint: .oneOf(["CreateTime", "LogAppendTime"]),
            update: .dynamic, synonyms: ["log.message.timestamp.type"],
            documentation: "Whether records keep their own timestamp or get the time of the append."),
        ConfigDefinition(
            name: "min.cleanable.dirty.ratio", scope: .topic, type: .double, defaultValue: "0.5",
            constraint: .range(lower: 0, upper: 1),
            update: .dynamic, synonyms: ["log.cleaner.min.cleanable.ratio"],
            documentation: "The share of uncompacted bytes from which on a log is compacted."),
        ConfigDefinition(
            name: "min.compaction.lag.ms", scope: .topic, type: .long, defaultValue: "0",
            constraint: .range(lower: 0, upper: nil),
            update: .dynamic, synonyms: ["log.cleaner.min.compaction.lag.ms"],
            documentation: "How long a record stays out of reach of compaction, in ms."),
        ConfigDefinition(
            name: "min.insync.replicas", scope: .topic, type: .int, defaultValue: "1",
            constraint: .range(lower: 1, upper: nil),
            update: .dynamic, synonyms: ["min.insync.replicas"],
            documentation: "How many replicas must hold a write before acks=all is answered."),
        ConfigDefinition(
            name: "preallocate", scope: .topic, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .dynamic, synonyms: ["log.preallocate"],
            documentation: "Whether a new segment reserves its whole size on disk."),
        ConfigDefinition(
            name: "remote.log.copy.disable", scope: .topic, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .dynamic, synonyms: [],
            documentation: "Whether a tiered topic stops copying segments to remote storage."),
        ConfigDefinition(
            name: "remote.log.delete.on.disable", scope: .topic, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .dynamic, synonyms: [],
            documentation: "Whether remote segments are deleted once tiering is turned off."),
        ConfigDefinition(
            name: "remote.storage.enable", scope: .topic, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .dynamic, synonyms: [],
            documentation: "Whether the topic is tiered."),
        ConfigDefinition(
            name: "retention.bytes", scope: .topic, type: .long, defaultValue: "-1",
            constraint: .none,
            update: .dynamic, synonyms: ["log.retention.bytes"],
            documentation: "Bytes a partition keeps before old segments are deleted; -1 is no limit."),
        ConfigDefinition(
            name: "retention.ms", scope: .topic, type: .long, defaultValue: "604800000",
            constraint: .range(lower: -1, upper: nil),
            update: .dynamic, synonyms: ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
            documentation: "How long records are kept, in ms; -1 is for ever."),
        ConfigDefinition(
            name: "segment.bytes", scope: .topic, type: .int, defaultValue: "1073741824",
            constraint: .range(lower: 1048576, upper: nil),
            update: .dynamic, synonyms: ["log.segment.bytes"],
            documentation: "The size of a segment, in bytes."),
        ConfigDefinition(
            name: "segment.index.bytes", scope: .topic, type: .int, defaultValue: "10485760",
            constraint: .range(lower: 4, upper: nil),
            update: .dynamic, synonyms: ["log.index.size.max.bytes"],
            documentation: "The size of an offset index, in bytes."),
        ConfigDefinition(
            name: "segment.jitter.ms", scope: .topic, type: .long, defaultValue: "0",
            constraint: .range(lower: 0, upper: nil),
            update: .dynamic, synonyms: ["log.roll.jitter.ms", "log.roll.jitter.hours"],
            documentation: "How much of segment.ms is taken off at random, in ms, so that segments do not roll all at once."),
        ConfigDefinition(
            name: "segment.ms", scope: .topic, type: .long, defaultValue: "604800000",
            constraint: .range(lower: 1, upper: nil),
            update: .dynamic, synonyms: ["log.roll.ms", "log.roll.hours"],
            documentation: "After how many ms a segment is closed even when it is not full."),
        ConfigDefinition(
            name: "unclean.leader.election.enable", scope: .topic, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .dynamic, synonyms: ["unclean.leader.election.enable"],
            documentation: "Whether a replica out of sync may lead as a last resort, losing records."),
    ]

    /// Keys of a broker, ordered as in the table.
    package static let broker: [ConfigDefinition] = [
        ConfigDefinition(
            name: "advertised.listeners", scope: .broker, type: .list, defaultValue: nil,
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The addresses clients are told to connect to; null is those of listeners."),
        ConfigDefinition(
            name: "allow.everyone.if.no.acl.found", scope: .broker, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Whether a resource without any ACL is open to everyone."),
        ConfigDefinition(
            name: "alter.config.policy.class.name", scope: .broker, type: .class, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "A class that may refuse changes of configs."),
        ConfigDefinition(
            name: "authorizer.class.name", scope: .broker, type: .string, defaultValue: "",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The class that decides about access; empty lets everyone do everything."),
        ConfigDefinition(
            name: "auto.create.topics.enable", scope: .broker, type: .boolean, defaultValue: "true",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Whether asking for a topic that does not exist creates it."),
        ConfigDefinition(
            name: "auto.leader.rebalance.enable", scope: .broker, type: .boolean, defaultValue: "true",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Whether leadership moves back to preferred replicas by itself."),
        ConfigDefinition(
            name: "background.threads", scope: .broker, type: .int, defaultValue: "10",
            constraint: .range(lower: 1, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "Threads for background work."),
        ConfigDefinition(
            name: "broker.heartbeat.interval.ms", scope: .broker, type: .int, defaultValue: "2000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How often a broker reports to the controller, in ms."),
        ConfigDefinition(
            name: "broker.id", scope: .broker, type: .int, defaultValue: "-1",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The broker's id, where node.id is not set."),
        ConfigDefinition(
            name: "broker.rack", scope: .broker, type: .string, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The rack of the broker."),
        ConfigDefinition(
            name: "broker.session.timeout.ms", scope: .broker, type: .int, defaultValue: "9000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How long the controller waits for a broker's heartbeat, in ms."),
        ConfigDefinition(
            name: "client.quota.callback.class", scope: .broker, type: .class, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "A class that decides about quotas."),
        ConfigDefinition(
            name: "compression.gzip.level", scope: .broker, type: .int, defaultValue: "-1",
            constraint: .range(lower: -1, upper: 9),
            update: .clusterWide, synonyms: [],
            documentation: "Level for gzip when the broker compresses."),
        ConfigDefinition(
            name: "compression.lz4.level", scope: .broker, type: .int, defaultValue: "9",
            constraint: .range(lower: 1, upper: 17),
            update: .clusterWide, synonyms: [],
            documentation: "Level for LZ4 when the broker compresses."),
        ConfigDefinition(
            name: "compression.type", scope: .broker, type: .string, defaultValue: "producer",
            constraint: .oneOf(["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"]),
            update: .clusterWide, synonyms: [],
            documentation: "The codec batches are stored with; `producer` keeps the one they came with."),
        ConfigDefinition(
            name: "compression.zstd.level", scope: .broker, type: .int, defaultValue: "3",
            constraint: .range(lower: -131072, upper: 22),
            update: .clusterWide, synonyms: [],
            documentation: "Level for Zstandard when the broker compresses."),
        ConfigDefinition(
            name: "connection.failed.authentication.delay.ms", scope: .broker, type: .int, defaultValue: "100",
            constraint: .range(lower: 0, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How long the answer to a failed authentication is held back, in ms."),
        ConfigDefinition(
            name: "connections.max.idle.ms", scope: .broker, type: .long, defaultValue: "600000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "After how many idle ms a connection is closed."),
        ConfigDefinition(
            name: "connections.max.reauth.ms", scope: .broker, type: .long, defaultValue: "0",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How long a SASL session lasts before it must authenticate again, in ms; 0 is for ever."),
        ConfigDefinition(
            name: "controlled.shutdown.enable", scope: .broker, type: .boolean, defaultValue: "true",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Whether a broker moves leadership away before it stops."),
        ConfigDefinition(
            name: "controller.listener.names", scope: .broker, type: .string, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Names of the listeners that controllers use."),
        ConfigDefinition(
            name: "controller.quorum.bootstrap.servers", scope: .broker, type: .list, defaultValue: "",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Where the quorum of controllers can be found."),
        ConfigDefinition(
            name: "controller.quorum.voters", scope: .broker, type: .list, defaultValue: "",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The controllers as id@host:port."),
        ConfigDefinition(
            name: "create.topic.policy.class.name", scope: .broker, type: .class, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "A class that may refuse new topics."),
        ConfigDefinition(
            name: "default.replication.factor", scope: .broker, type: .int, defaultValue: "1",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Replicas of a topic that does not say."),
        ConfigDefinition(
            name: "delegation.token.expiry.time.ms", scope: .broker, type: .long, defaultValue: "86400000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How long a delegation token is valid before it must be renewed, in ms."),
        ConfigDefinition(
            name: "delegation.token.max.lifetime.ms", scope: .broker, type: .long, defaultValue: "604800000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How long a delegation token can be renewed, in ms."),
        ConfigDefinition(
            name: "delegation.token.secret.key", scope: .broker, type: .password, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The key that delegation tokens are signed with."),
        ConfigDefinition(
            name: "delete.records.purgatory.purge.interval.requests", scope: .broker, type: .int, defaultValue: "1",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How many waiting deletions of records pile up before they are tidied."),
        ConfigDefinition(
            name: "delete.topic.enable", scope: .broker, type: .boolean, defaultValue: "true",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Whether topics can be deleted."),
        ConfigDefinition(
            name: "early.start.listeners", scope: .broker, type: .string, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Listeners that open before the authorizer is ready."),
        ConfigDefinition(
            name: "fetch.max.bytes", scope: .broker, type: .int, defaultValue: "57671680",
            constraint: .range(lower: 1024, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The most bytes a fetch is answered with."),
        ConfigDefinition(
            name: "fetch.purgatory.purge.interval.requests", scope: .broker, type: .int, defaultValue: "1000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How many waiting fetches pile up before they are tidied."),
        ConfigDefinition(
            name: "group.consumer.assignors", scope: .broker, type: .list, defaultValue: "uniform,range",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Assignors of the consumer protocol, the default first."),
        ConfigDefinition(
            name: "group.consumer.heartbeat.interval.ms", scope: .broker, type: .int, defaultValue: "5000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How often members of the consumer protocol send heartbeats, in ms."),
        ConfigDefinition(
            name: "group.consumer.max.heartbeat.interval.ms", scope: .broker, type: .int, defaultValue: "15000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The longest heartbeat interval a group may ask for, in ms."),
        ConfigDefinition(
            name: "group.consumer.max.session.timeout.ms", scope: .broker, type: .int, defaultValue: "60000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The longest session timeout a group may ask for, in ms."),
        ConfigDefinition(
            name: "group.consumer.max.size", scope: .broker, type: .int, defaultValue: "2147483647",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The most members of a group of the consumer protocol."),
        ConfigDefinition(
            name: "group.consumer.migration.policy", scope: .broker, type: .string, defaultValue: "bidirectional",
            constraint: .oneOf(["disabled", "upgrade", "downgrade", "bidirectional"]),
            update: .readOnly, synonyms: [],
            documentation: "Whether groups may change between the classic and the consumer protocol."),
        ConfigDefinition(
            name: "group.consumer.min.heartbeat.interval.ms", scope: .broker, type: .int, defaultValue: "5000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The shortest heartbeat interval a group may ask for, in ms."),
        ConfigDefinition(
            name: "group.consumer.min.session.timeout.ms", scope: .broker, type: .int, defaultValue: "45000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The shortest session timeout a group may ask for, in ms."),
        ConfigDefinition(
            name: "group.consumer.session.timeout.ms", scope: .broker, type: .int, defaultValue: "45000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "After how many silent ms a member of the consumer protocol is removed."),
        ConfigDefinition(
            name: "group.coordinator.append.linger.ms", scope: .broker, type: .int, defaultValue: "5",
            constraint: .range(lower: 0, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How long the group coordinator collects records before it writes, in ms."),
        ConfigDefinition(
            name: "group.coordinator.rebalance.protocols", scope: .broker, type: .list, defaultValue: "classic,consumer,streams",
            constraint: .oneOf(["classic", "consumer", "share", "streams"]),
            update: .readOnly, synonyms: [],
            documentation: "Group protocols on offer."),
        ConfigDefinition(
            name: "group.coordinator.threads", scope: .broker, type: .int, defaultValue: "4",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Threads of the group coordinator."),
        ConfigDefinition(
            name: "group.initial.rebalance.delay.ms", scope: .broker, type: .int, defaultValue: "3000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How long an empty group waits for more members before its first rebalance, in ms."),
        ConfigDefinition(
            name: "group.max.session.timeout.ms", scope: .broker, type: .int, defaultValue: "1800000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The longest session timeout a classic member may ask for, in ms."),
        ConfigDefinition(
            name: "group.max.size", scope: .broker, type: .int, defaultValue: "2147483647",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The most members of a classic group."),
        ConfigDefinition(
            name: "group.min.session.timeout.ms", scope: .broker, type: .int, defaultValue: "6000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The shortest session timeout a classic member may ask for, in ms."),
        ConfigDefinition(
            name: "inter.broker.listener.name", scope: .broker, type: .string, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The listener that brokers use among themselves."),
        ConfigDefinition(
            name: "leader.imbalance.check.interval.seconds", scope: .broker, type: .long, defaultValue: "300",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How often the balance of leadership is looked at, in seconds."),
        ConfigDefinition(
            name: "leader.imbalance.per.broker.percentage", scope: .broker, type: .int, defaultValue: "10",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "From which share of misplaced leaders on leadership is moved."),
        ConfigDefinition(
            name: "listener.security.protocol.map", scope: .broker, type: .string, defaultValue: "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT",
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The security protocol of each listener name."),
        ConfigDefinition(
            name: "listeners", scope: .broker, type: .list, defaultValue: "PLAINTEXT://:9092",
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The addresses the broker listens on."),
        ConfigDefinition(
            name: "log.cleaner.backoff.ms", scope: .broker, type: .long, defaultValue: "15000",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "How long the cleaner sleeps when there is nothing to do, in ms."),
        ConfigDefinition(
            name: "log.cleaner.dedupe.buffer.size", scope: .broker, type: .long, defaultValue: "134217728",
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "Memory for finding duplicates, in bytes."),
        ConfigDefinition(
            name: "log.cleaner.delete.retention.ms", scope: .broker, type: .long, defaultValue: "86400000",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "How long a compacted log keeps tombstones, in ms."),
        ConfigDefinition(
            name: "log.cleaner.enable", scope: .broker, type: .boolean, defaultValue: "true",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Whether logs are compacted at all."),
        ConfigDefinition(
            name: "log.cleaner.io.buffer.load.factor", scope: .broker, type: .double, defaultValue: "0.9",
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "How full the memory for finding duplicates may get."),
        ConfigDefinition(
            name: "log.cleaner.io.buffer.size", scope: .broker, type: .int, defaultValue: "524288",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "Memory for reading and writing in the cleaner, in bytes."),
        ConfigDefinition(
            name: "log.cleaner.io.max.bytes.per.second", scope: .broker, type: .double, defaultValue: "1.7976931348623157E308",
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "The most bytes a second that the cleaner reads and writes."),
        ConfigDefinition(
            name: "log.cleaner.max.compaction.lag.ms", scope: .broker, type: .long, defaultValue: "9223372036854775807",
            constraint: .range(lower: 1, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "The longest a record may wait for compaction, in ms."),
        ConfigDefinition(
            name: "log.cleaner.min.cleanable.ratio", scope: .broker, type: .double, defaultValue: "0.5",
            constraint: .range(lower: 0, upper: 1),
            update: .clusterWide, synonyms: [],
            documentation: "The share of uncompacted bytes from which on a log is compacted."),
        ConfigDefinition(
            name: "log.cleaner.min.compaction.lag.ms", scope: .broker, type: .long, defaultValue: "0",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "How long a record stays out of reach of compaction, in ms."),
        ConfigDefinition(
            name: "log.cleaner.threads", scope: .broker, type: .int, defaultValue: "1",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "Threads that compact logs."),
        ConfigDefinition(
            name: "log.cleanup.policy", scope: .broker, type: .list, defaultValue: "delete",
            constraint: .oneOf(["compact", "delete"]),
            update: .clusterWide, synonyms: [],
            documentation: "Whether old segments are deleted, compacted, or both."),
        ConfigDefinition(
            name: "log.dir", scope: .broker, type: .string, defaultValue: "/tmp/kafka-logs",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The directory of the logs, where log.dirs is not set."),
        ConfigDefinition(
            name: "log.dirs", scope: .broker, type: .string, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The directories of the logs."),
        ConfigDefinition(
            name: "log.flush.interval.messages", scope: .broker, type: .long, defaultValue: "9223372036854775807",
            constraint: .range(lower: 1, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "After how many records a log is forced to disk."),
        ConfigDefinition(
            name: "log.flush.interval.ms", scope: .broker, type: .long, defaultValue: nil,
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "After how many ms a log is forced to disk."),
        ConfigDefinition(
            name: "log.flush.offset.checkpoint.interval.ms", scope: .broker, type: .int, defaultValue: "60000",
            constraint: .range(lower: 0, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How often recovery points are written down, in ms."),
        ConfigDefinition(
            name: "log.flush.scheduler.interval.ms", scope: .broker, type: .long, defaultValue: "9223372036854775807",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How often logs are looked at for forcing to disk, in ms."),
        ConfigDefinition(
            name: "log.flush.start.offset.checkpoint.interval.ms", scope: .broker, type: .int, defaultValue: "60000",
            constraint: .range(lower: 0, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How often log start offsets are written down, in ms."),
        ConfigDefinition(
            name: "log.index.interval.bytes", scope: .broker, type: .int, defaultValue: "4096",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "After how many bytes of records an offset index gets an entry."),
        ConfigDefinition(
            name: "log.index.size.max.bytes", scope: .broker, type: .int, defaultValue: "10485760",
            constraint: .range(lower: 4, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "The size of an offset index, in bytes."),
        ConfigDefinition(
            name: "log.initial.task.delay.ms", scope: .broker, type: .long, defaultValue: "500",
            constraint: .range(lower: 0, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How long periodic tasks of the logs wait after a start, in ms."),
        ConfigDefinition(
            name: "log.local.retention.bytes", scope: .broker, type: .long, defaultValue: "-2",
            constraint: .range(lower: -2, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "Bytes a tiered partition keeps on its own disk."),
        ConfigDefinition(
            name: "log.local.retention.ms", scope: .broker, type: .long, defaultValue: "-2",
            constraint: .range(lower: -2, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "How long a tiered partition keeps segments on its own disk, in ms."),
        ConfigDefinition(
            name: "log.message.timestamp.after.max.ms", scope: .broker, type: .long, defaultValue: "3600000",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "How far a record's timestamp may lie in the broker's future, in ms."),
        ConfigDefinition(
            name: "log.message.timestamp.before.max.ms", scope: .broker, type: .long, defaultValue: "9223372036854775807",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "How far a record's timestamp may lie in the broker's past, in ms."),
        ConfigDefinition(
            name: "log.message.timestamp.type", scope: .broker, type: .string, defaultValue: "CreateTime",
            constraint: .oneOf(["CreateTime", "LogAppendTime"]),
            update: .clusterWide, synonyms: [],
            documentation: "Whether records keep their own timestamp or get the time of the append."),
        ConfigDefinition(
            name: "log.preallocate", scope: .broker, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "Whether a new segment reserves its whole size on disk."),
        ConfigDefinition(
            name: "log.retention.bytes", scope: .broker, type: .long, defaultValue: "-1",
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "Bytes a partition keeps before old segments are deleted; -1 is no limit."),
        ConfigDefinition(
            name: "log.retention.check.interval.ms", scope: .broker, type: .long, defaultValue: "300000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How often logs are looked at for old segments, in ms."),
        ConfigDefinition(
            name: "log.retention.hours", scope: .broker, type: .int, defaultValue: "168",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How long records are kept, in hours."),
        ConfigDefinition(
            name: "log.retention.minutes", scope: .broker, type: .int, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How long records are kept, in minutes."),
        ConfigDefinition(
            name: "log.retention.ms", scope: .broker, type: .long, defaultValue: nil,
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "How long records are kept, in ms; -1 is for ever."),
        ConfigDefinition(
            name: "log.roll.hours", scope: .broker, type: .int, defaultValue: "168",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "After how many hours a segment is closed even when it is not full."),
        ConfigDefinition(
            name: "log.roll.jitter.hours", scope: .broker, type: .int, defaultValue: "0",
            constraint: .range(lower: 0, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How much of log.roll.hours is taken off at random, in hours."),
        ConfigDefinition(
            name: "log.roll.jitter.ms", scope: .broker, type: .long, defaultValue: nil,
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "How much of log.roll.ms is taken off at random, in ms."),
        ConfigDefinition(
            name: "log.roll.ms", scope: .broker, type: .long, defaultValue: nil,
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "After how many ms a segment is closed even when it is not full."),
        ConfigDefinition(
            name: "log.segment.bytes", scope: .broker, type: .int, defaultValue: "1073741824",
            constraint: .range(lower: 1048576, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "The size of a segment, in bytes."),
        ConfigDefinition(
            name: "log.segment.delete.delay.ms", scope: .broker, type: .long, defaultValue: "60000",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "How long a segment's files outlive its removal from the log, in ms."),
        ConfigDefinition(
            name: "max.connection.creation.rate", scope: .broker, type: .int, defaultValue: "2147483647",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "The most new connections a second."),
        ConfigDefinition(
            name: "max.connections", scope: .broker, type: .int, defaultValue: "2147483647",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "The most connections of a broker."),
        ConfigDefinition(
            name: "max.connections.per.ip", scope: .broker, type: .int, defaultValue: "2147483647",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "The most connections from one address."),
        ConfigDefinition(
            name: "max.connections.per.ip.overrides", scope: .broker, type: .string, defaultValue: "",
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "Exceptions from max.connections.per.ip, as address:number."),
        ConfigDefinition(
            name: "max.incremental.fetch.session.cache.slots", scope: .broker, type: .int, defaultValue: "1000",
            constraint: .range(lower: 0, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The most fetch sessions kept."),
        ConfigDefinition(
            name: "max.request.partition.size.limit", scope: .broker, type: .int, defaultValue: "2000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The most partitions one answer of DescribeTopicPartitions lists."),
        ConfigDefinition(
            name: "message.max.bytes", scope: .broker, type: .int, defaultValue: "1048588",
            constraint: .range(lower: 0, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "The largest batch accepted, compressed, in bytes."),
        ConfigDefinition(
            name: "metadata.log.dir", scope: .broker, type: .string, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The directory of the metadata log."),
        ConfigDefinition(
            name: "metadata.log.segment.bytes", scope: .broker, type: .int, defaultValue: "1073741824",
            constraint: .range(lower: 8388608, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The size of a segment of the metadata log, in bytes."),
        ConfigDefinition(
            name: "metadata.log.segment.ms", scope: .broker, type: .long, defaultValue: "604800000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "After how many ms a segment of the metadata log is closed."),
        ConfigDefinition(
            name: "metadata.max.retention.bytes", scope: .broker, type: .long, defaultValue: "104857600",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Bytes the metadata log keeps."),
        ConfigDefinition(
            name: "metadata.max.retention.ms", scope: .broker, type: .long, defaultValue: "604800000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How long the metadata log keeps records, in ms."),
        ConfigDefinition(
            name: "metric.reporters", scope: .broker, type: .list, defaultValue: "org.apache.kafka.common.metrics.JmxReporter",
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "Classes that metrics are reported to."),
        ConfigDefinition(
            name: "metrics.num.samples", scope: .broker, type: .int, defaultValue: "2",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Samples kept for each metric."),
        ConfigDefinition(
            name: "metrics.recording.level", scope: .broker, type: .string, defaultValue: "INFO",
            constraint: .oneOf(["INFO", "DEBUG", "TRACE"]),
            update: .readOnly, synonyms: [],
            documentation: "Which metrics are recorded."),
        ConfigDefinition(
            name: "metrics.sample.window.ms", scope: .broker, type: .long, defaultValue: "30000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How long a sample of a metric lasts, in ms."),
        ConfigDefinition(
            name: "min.insync.replicas", scope: .broker, type: .int, defaultValue: "1",
            constraint: .range(lower: 1, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "How many replicas must hold a write before acks=all is answered."),
        ConfigDefinition(
            name: "node.id", scope: .broker, type: .int, defaultValue: nil,
            constraint: .range(lower: 0, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The id of this node."),
        ConfigDefinition(
            name: "num.io.threads", scope: .broker, type: .int, defaultValue: "8",
            constraint: .range(lower: 1, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "Threads that handle requests."),
        ConfigDefinition(
            name: "num.network.threads", scope: .broker, type: .int, defaultValue: "3",
            constraint: .range(lower: 1, upper: nil),
            update: .perBroker, synonyms: [],
            documentation: "Threads that read and write sockets."),
        ConfigDefinition(
            name: "num.partitions", scope: .broker, type: .int, defaultValue: "1",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Partitions of a topic that does not say."),
        ConfigDefinition(
            name: "num.recovery.threads.per.data.dir", scope: .broker, type: .int, defaultValue: "2",
            constraint: .range(lower: 1, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "Threads per log directory for recovery and shutdown."),
        ConfigDefinition(
            name: "num.replica.alter.log.dirs.threads", scope: .broker, type: .int, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Threads that move replicas between log directories."),
        ConfigDefinition(
            name: "num.replica.fetchers", scope: .broker, type: .int, defaultValue: "1",
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "Threads that fetch from each leader."),
        ConfigDefinition(
            name: "offset.metadata.max.bytes", scope: .broker, type: .int, defaultValue: "4096",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The longest text stored with a committed offset, in bytes."),
        ConfigDefinition(
            name: "offsets.commit.timeout.ms", scope: .broker, type: .int, defaultValue: "5000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How long a commit waits for replicas, in ms."),
        ConfigDefinition(
            name: "offsets.load.buffer.size", scope: .broker, type: .int, defaultValue: "5242880",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Bytes read at once while offsets are loaded."),
        ConfigDefinition(
            name: "offsets.retention.check.interval.ms", scope: .broker, type: .long, defaultValue: "600000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How often offsets are looked at for expiry, in ms."),
        ConfigDefinition(
            name: "offsets.retention.minutes", scope: .broker, type: .int, defaultValue: "10080",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How long offsets outlive their group, in minutes."),
        ConfigDefinition(
            name: "offsets.topic.compression.codec", scope: .broker, type: .int, defaultValue: "0",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The codec of the offsets topic, as its number."),
        ConfigDefinition(
            name: "offsets.topic.num.partitions", scope: .broker, type: .int, defaultValue: "50",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Partitions of the offsets topic."),
        ConfigDefinition(
            name: "offsets.topic.replication.factor", scope: .broker, type: .short, defaultValue: "3",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Replicas of the offsets topic."),
        ConfigDefinition(
            name: "offsets.topic.segment.bytes", scope: .broker, type: .int, defaultValue: "104857600",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The size of a segment of the offsets topic, in bytes."),
        ConfigDefinition(
            name: "principal.builder.class", scope: .broker, type: .class, defaultValue: "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder",
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The class that names the principal of a connection."),
        ConfigDefinition(
            name: "process.roles", scope: .broker, type: .list, defaultValue: "",
            constraint: .oneOf(["broker", "controller"]),
            update: .readOnly, synonyms: [],
            documentation: "What this process is: broker, controller or both."),
        ConfigDefinition(
            name: "producer.id.expiration.check.interval.ms", scope: .broker, type: .int, defaultValue: "600000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How often producer state is looked at for expiry, in ms."),
        ConfigDefinition(
            name: "producer.id.expiration.ms", scope: .broker, type: .int, defaultValue: "86400000",
            constraint: .range(lower: 1, upper: nil),
            update: .clusterWide, synonyms: [],
            documentation: "How long a partition remembers a silent producer, in ms."),
        ConfigDefinition(
            name: "producer.purgatory.purge.interval.requests", scope: .broker, type: .int, defaultValue: "1000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How many waiting produces pile up before they are tidied."),
        ConfigDefinition(
            name: "queued.max.request.bytes", scope: .broker, type: .long, defaultValue: "-1",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Bytes of requests that may wait; -1 is no limit."),
        ConfigDefinition(
            name: "queued.max.requests", scope: .broker, type: .int, defaultValue: "500",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Requests that may wait before the network is read no further."),
        ConfigDefinition(
            name: "quota.window.num", scope: .broker, type: .int, defaultValue: "11",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Samples kept for client quotas."),
        ConfigDefinition(
            name: "quota.window.size.seconds", scope: .broker, type: .int, defaultValue: "1",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How long a sample of a client quota lasts, in seconds."),
        ConfigDefinition(
            name: "remote.log.storage.system.enable", scope: .broker, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Whether tiered storage is on."),
        ConfigDefinition(
            name: "replica.fetch.backoff.ms", scope: .broker, type: .int, defaultValue: "1000",
            constraint: .range(lower: 0, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How long a follower rests after a failed fetch, in ms."),
        ConfigDefinition(
            name: "replica.fetch.max.bytes", scope: .broker, type: .int, defaultValue: "1048576",
            constraint: .range(lower: 0, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Bytes a follower asks for from a partition."),
        ConfigDefinition(
            name: "replica.fetch.min.bytes", scope: .broker, type: .int, defaultValue: "1",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Bytes a follower's fetch waits for."),
        ConfigDefinition(
            name: "replica.fetch.response.max.bytes", scope: .broker, type: .int, defaultValue: "10485760",
            constraint: .range(lower: 0, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Bytes a follower asks for altogether."),
        ConfigDefinition(
            name: "replica.fetch.wait.max.ms", scope: .broker, type: .int, defaultValue: "500",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How long a follower's fetch waits, in ms."),
        ConfigDefinition(
            name: "replica.high.watermark.checkpoint.interval.ms", scope: .broker, type: .long, defaultValue: "5000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How often high watermarks are written down, in ms."),
        ConfigDefinition(
            name: "replica.lag.time.max.ms", scope: .broker, type: .long, defaultValue: "30000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "After how many ms behind a follower is out of sync."),
        ConfigDefinition(
            name: "replica.selector.class", scope: .broker, type: .string, defaultValue: nil,
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "A class that picks the replica to read from."),
        ConfigDefinition(
            name: "replica.socket.receive.buffer.bytes", scope: .broker, type: .int, defaultValue: "65536",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The receive buffer of a follower's socket, in bytes."),
        ConfigDefinition(
            name: "replica.socket.timeout.ms", scope: .broker, type: .int, defaultValue: "30000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How long a follower waits for its socket, in ms."),
        ConfigDefinition(
            name: "request.timeout.ms", scope: .broker, type: .int, defaultValue: "30000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How long a client waits for an answer, in ms."),
        ConfigDefinition(
            name: "sasl.enabled.mechanisms", scope: .broker, type: .list, defaultValue: "GSSAPI",
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "SASL mechanisms on offer."),
        ConfigDefinition(
            name: "sasl.jaas.config", scope: .broker, type: .password, defaultValue: nil,
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "Login settings of SASL."),
        ConfigDefinition(
            name: "sasl.mechanism.controller.protocol", scope: .broker, type: .string, defaultValue: "GSSAPI",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The SASL mechanism among controllers."),
        ConfigDefinition(
            name: "sasl.mechanism.inter.broker.protocol", scope: .broker, type: .string, defaultValue: "GSSAPI",
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The SASL mechanism among brokers."),
        ConfigDefinition(
            name: "sasl.server.max.receive.size", scope: .broker, type: .int, defaultValue: "524288",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The largest SASL message accepted, in bytes."),
        ConfigDefinition(
            name: "security.inter.broker.protocol", scope: .broker, type: .string, defaultValue: "PLAINTEXT",
            constraint: .oneOf(["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]),
            update: .readOnly, synonyms: [],
            documentation: "The security protocol among brokers."),
        ConfigDefinition(
            name: "socket.connection.setup.timeout.max.ms", scope: .broker, type: .long, defaultValue: "30000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The longest wait for a connection, in ms."),
        ConfigDefinition(
            name: "socket.connection.setup.timeout.ms", scope: .broker, type: .long, defaultValue: "10000",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The first wait for a connection, in ms."),
        ConfigDefinition(
            name: "socket.listen.backlog.size", scope: .broker, type: .int, defaultValue: "50",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Connections that may wait to be accepted."),
        ConfigDefinition(
            name: "socket.receive.buffer.bytes", scope: .broker, type: .int, defaultValue: "102400",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The receive buffer of a socket, in bytes; -1 leaves it to the system."),
        ConfigDefinition(
            name: "socket.request.max.bytes", scope: .broker, type: .int, defaultValue: "104857600",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The largest request accepted, in bytes."),
        ConfigDefinition(
            name: "socket.send.buffer.bytes", scope: .broker, type: .int, defaultValue: "102400",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "The send buffer of a socket, in bytes; -1 leaves it to the system."),
        ConfigDefinition(
            name: "ssl.cipher.suites", scope: .broker, type: .list, defaultValue: "",
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "Cipher suites; empty leaves it to the library."),
        ConfigDefinition(
            name: "ssl.client.auth", scope: .broker, type: .string, defaultValue: "none",
            constraint: .oneOf(["required", "requested", "none"]),
            update: .perBroker, synonyms: [],
            documentation: "Whether clients must show a certificate."),
        ConfigDefinition(
            name: "ssl.enabled.protocols", scope: .broker, type: .list, defaultValue: "TLSv1.2,TLSv1.3",
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "Versions of TLS on offer."),
        ConfigDefinition(
            name: "ssl.endpoint.identification.algorithm", scope: .broker, type: .string, defaultValue: "https",
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "How a server's name is checked against its certificate."),
        ConfigDefinition(
            name: "ssl.key.password", scope: .broker, type: .password, defaultValue: nil,
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The password of the private key."),
        ConfigDefinition(
            name: "ssl.keystore.certificate.chain", scope: .broker, type: .password, defaultValue: nil,
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The certificate chain as PEM."),
        ConfigDefinition(
            name: "ssl.keystore.key", scope: .broker, type: .password, defaultValue: nil,
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The private key as PEM."),
        ConfigDefinition(
            name: "ssl.keystore.location", scope: .broker, type: .string, defaultValue: nil,
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The file with key and certificate."),
        ConfigDefinition(
            name: "ssl.keystore.password", scope: .broker, type: .password, defaultValue: nil,
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The password of that file."),
        ConfigDefinition(
            name: "ssl.keystore.type", scope: .broker, type: .string, defaultValue: "JKS",
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The format of that file."),
        ConfigDefinition(
            name: "ssl.principal.mapping.rules", scope: .broker, type: .string, defaultValue: "DEFAULT",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "How a certificate's name becomes a principal."),
        ConfigDefinition(
            name: "ssl.protocol", scope: .broker, type: .string, defaultValue: "TLSv1.3",
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The version of TLS to begin with."),
        ConfigDefinition(
            name: "ssl.truststore.certificates", scope: .broker, type: .password, defaultValue: nil,
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "Trusted certificates as PEM."),
        ConfigDefinition(
            name: "ssl.truststore.location", scope: .broker, type: .string, defaultValue: nil,
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The file with trusted certificates."),
        ConfigDefinition(
            name: "ssl.truststore.password", scope: .broker, type: .password, defaultValue: nil,
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The password of that file."),
        ConfigDefinition(
            name: "ssl.truststore.type", scope: .broker, type: .string, defaultValue: "JKS",
            constraint: .none,
            update: .perBroker, synonyms: [],
            documentation: "The format of that file."),
        ConfigDefinition(
            name: "super.users", scope: .broker, type: .string, defaultValue: "",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Principals that may do everything, separated by semicolons."),
        ConfigDefinition(
            name: "telemetry.max.bytes", scope: .broker, type: .int, defaultValue: "1048576",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The most bytes of metrics a client may push at once."),
        ConfigDefinition(
            name: "transaction.abort.timed.out.transaction.cleanup.interval.ms", scope: .broker, type: .int, defaultValue: "10000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How often transactions are looked at for timeouts, in ms."),
        ConfigDefinition(
            name: "transaction.max.timeout.ms", scope: .broker, type: .int, defaultValue: "900000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The longest timeout a transaction may ask for, in ms."),
        ConfigDefinition(
            name: "transaction.partition.verification.enable", scope: .broker, type: .boolean, defaultValue: "true",
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "Whether a partition asks the coordinator before it takes a transaction's first batch."),
        ConfigDefinition(
            name: "transaction.remove.expired.transaction.cleanup.interval.ms", scope: .broker, type: .int, defaultValue: "3600000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How often transactional ids are looked at for expiry, in ms."),
        ConfigDefinition(
            name: "transaction.state.log.load.buffer.size", scope: .broker, type: .int, defaultValue: "5242880",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Bytes read at once while transactions are loaded."),
        ConfigDefinition(
            name: "transaction.state.log.min.isr", scope: .broker, type: .int, defaultValue: "2",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How many replicas must hold a write to the transaction log."),
        ConfigDefinition(
            name: "transaction.state.log.num.partitions", scope: .broker, type: .int, defaultValue: "50",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Partitions of the transaction log."),
        ConfigDefinition(
            name: "transaction.state.log.replication.factor", scope: .broker, type: .short, defaultValue: "3",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "Replicas of the transaction log."),
        ConfigDefinition(
            name: "transaction.state.log.segment.bytes", scope: .broker, type: .int, defaultValue: "104857600",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "The size of a segment of the transaction log, in bytes."),
        ConfigDefinition(
            name: "transaction.two.phase.commit.enable", scope: .broker, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Whether transactions may live without a timeout under an outer commit protocol."),
        ConfigDefinition(
            name: "transactional.id.expiration.ms", scope: .broker, type: .int, defaultValue: "604800000",
            constraint: .range(lower: 1, upper: nil),
            update: .readOnly, synonyms: [],
            documentation: "How long a silent transactional id is remembered, in ms."),
        ConfigDefinition(
            name: "unclean.leader.election.enable", scope: .broker, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .clusterWide, synonyms: [],
            documentation: "Whether a replica out of sync may lead as a last resort, losing records."),
        ConfigDefinition(
            name: "unstable.api.versions.enable", scope: .broker, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Whether versions still in development are on offer."),
        ConfigDefinition(
            name: "unstable.feature.versions.enable", scope: .broker, type: .boolean, defaultValue: "false",
            constraint: .none,
            update: .readOnly, synonyms: [],
            documentation: "Whether features still in development can be turned on."),
    ]
}
