import KafkaProtocol
import LogStorage

/// What a config belongs to; type codes as on the wire.
package struct ConfigResource: Hashable, Sendable {
    package enum Kind: Int8, Sendable {
        case topic = 2
        case broker = 4
        case brokerLogger = 8
        case clientMetrics = 16
        case group = 32
    }

    package let kind: Kind
    /// A topic's name, a node id, or "" for all brokers.
    package let name: String

    package init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    package static func topic(_ name: String) -> ConfigResource {
        ConfigResource(.topic, name)
    }

    package static let allBrokers = ConfigResource(.broker, "")

    /// nil removes the setting.
    func record(_ key: String, _ value: String?) -> ConfigRecord {
        var record = ConfigRecord()
        record.resourceType = kind.rawValue
        record.resourceName = name
        record.name = key
        record.value = value
        return record
    }
}

/// Where a config's value comes from; codes as on the wire.
package enum ConfigSource: Int8, Sendable {
    case unknown = 0
    case dynamicTopic = 1
    case dynamicBroker = 2
    case dynamicDefaultBroker = 3
    case staticBroker = 4
    case defaultValue = 5
}

/// One place where a config's value could come from.
package typealias ConfigSynonym = (name: String, value: String?, source: ConfigSource)

/// Every setting of the cluster: what was set at run time, what the process was started with, and Kafka's defaults.
package struct ConfigStore: Sendable {
    /// Set at run time; survives restarts through the metadata log.
    private var dynamic: [ConfigResource: [String: String]] = [:]
    /// Given at start.
    let fixed: [String: String]
    /// What follows from how the cluster was started, by node id: addresses, directories, mechanisms.
    var facts: [String: [String: String]] = [:]

    package init(brokerConfigs: [String: String]) {
        fixed = brokerConfigs
    }

    mutating func replay(_ record: ConfigRecord) {
        guard let kind = ConfigResource.Kind(rawValue: record.resourceType) else {
            return
        }
        let resource = ConfigResource(kind, record.resourceName)
        dynamic[resource, default: [:]][record.name] = record.value
        if dynamic[resource]?.isEmpty == true {
            dynamic[resource] = nil
        }
    }

    mutating func removeTopic(_ name: String) {
        dynamic[.topic(name)] = nil
    }

    /// What was set for exactly this resource.
    package func overrides(_ resource: ConfigResource) -> [String: String] {
        dynamic[resource] ?? [:]
    }

    // MARK: Broker values

    /// Values of a broker config with their sources, strongest first.
    func brokerValues(_ name: String, nodeID: String? = nil) -> [(value: String?, source: ConfigSource)] {
        var values: [(value: String?, source: ConfigSource)] = []
        if let nodeID, let value = dynamic[ConfigResource(.broker, nodeID)]?[name] {
            values.append((value, .dynamicBroker))
        }
        if let value = dynamic[.allBrokers]?[name] {
            values.append((value, .dynamicDefaultBroker))
        }
        if let value = nodeID.flatMap({ facts[$0]?[name] }) ?? fixed[name] {
            values.append((value, .staticBroker))
        }
        if let definition = ConfigDefinitions.brokerByName[name] {
            values.append((definition.defaultValue, .defaultValue))
        }
        return values
    }

    package func broker(_ name: String) -> String? {
        brokerValues(name).first?.value
    }

    package func brokerInt(_ name: String) -> Int {
        broker(name).flatMap { Int(ConfigValue.trimmed($0)) } ?? 0
    }

    package func brokerBool(_ name: String) -> Bool {
        broker(name).map { ConfigValue.trimmed($0).lowercased() == "true" } ?? false
    }

    /// Broker configs that say the same in other units, or stand in for each other; strongest first.
    static func brokerSynonyms(_ name: String) -> [String] {
        switch name {
        case "log.retention.ms", "log.retention.minutes", "log.retention.hours":
            ["log.retention.ms", "log.retention.minutes", "log.retention.hours"]
        case "log.roll.ms", "log.roll.hours": ["log.roll.ms", "log.roll.hours"]
        case "log.roll.jitter.ms", "log.roll.jitter.hours": ["log.roll.jitter.ms", "log.roll.jitter.hours"]
        case "log.flush.interval.ms": ["log.flush.interval.ms", "log.flush.scheduler.interval.ms"]
        default: [name]
        }
    }

    /// What the synonyms of a broker config say, strongest first: of all names what was set at run time comes before
    /// what the process was started with, and Kafka's defaults come last. As in Kafka the list begins where the config
    /// itself says something: with only `log.retention.hours` set, `log.retention.ms` has none.
    func synonyms(_ name: String, nodeID: String?) -> [ConfigSynonym] {
        let names = Self.brokerSynonyms(name)
        let found = names.flatMap { name in
            brokerValues(name, nodeID: nodeID).filter { $0.value != nil }.map {
                (name: name, value: $0.value, source: $0.source)
            }
        }
        let ordered = [ConfigSource.dynamicBroker, .dynamicDefaultBroker, .staticBroker, .defaultValue].flatMap {
            source in found.filter { $0.source == source }
        }
        return Array(ordered.drop { $0.name != name })
    }

    // MARK: Topic values

    /// The value that holds for a topic with these overrides: the topic's own, the brokers', Kafka's default.
    ///
    /// - Parameter nodeID: the broker whose own settings count; nil for none's.
    func topicValue(_ definition: ConfigDefinition, overrides: [String: String], nodeID: Int32? = nil) -> String? {
        if let value = overrides[definition.name] {
            return value
        }
        for synonym in definition.synonyms {
            let values = brokerValues(synonym, nodeID: nodeID.map(String.init))
            if let (value, source) = values.first, source != .defaultValue {
                return Self.convert(value, from: synonym, to: definition.name)
            }
        }
        return definition.defaultValue
    }

    /// `log.retention.hours` and its like stand in for a config in milliseconds.
    private static func convert(_ value: String?, from synonym: String, to name: String) -> String? {
        let factor: Int64 = synonym.hasSuffix(".hours") ? 3_600_000 : synonym.hasSuffix(".minutes") ? 60_000 : 1
        guard factor > 1, let value, let number = Int64(ConfigValue.trimmed(value)), number >= 0 else {
            return value
        }
        return String(number *| factor)
    }

    /// The value that holds for a topic.
    package func topic(_ topic: String, _ name: String, nodeID: Int32? = nil) -> String? {
        guard let definition = ConfigDefinitions.topicByName[name] else {
            return nil
        }
        return topicValue(definition, overrides: overrides(.topic(topic)), nodeID: nodeID)
    }

    package func topicInt(_ topic: String, _ name: String, nodeID: Int32? = nil) -> Int64? {
        self.topic(topic, name, nodeID: nodeID).flatMap { Int64(ConfigValue.trimmed($0)) }
    }

    func minInSyncReplicas(_ topic: String, nodeID: Int32? = nil) -> Int {
        topicInt(topic, "min.insync.replicas", nodeID: nodeID).map(Int.init) ?? 1
    }

    /// The settings of a topic's logs on the broker that leads them.
    package func logConfig(_ topic: String, nodeID: Int32? = nil) -> LogConfig {
        func int(_ name: String, _ fallback: Int64) -> Int64 {
            topicInt(topic, name, nodeID: nodeID) ?? fallback
        }
        var config = LogConfig()
        config.segmentBytes = Int(int("segment.bytes", Int64(config.segmentBytes)))
        config.segmentMs = int("segment.ms", config.segmentMs)
        config.segmentIndexBytes = Int(int("segment.index.bytes", Int64(config.segmentIndexBytes)))
        config.indexIntervalBytes = Int(int("index.interval.bytes", Int64(config.indexIntervalBytes)))
        config.retentionMs = int("retention.ms", config.retentionMs)
        config.retentionBytes = int("retention.bytes", config.retentionBytes)
        config.maxMessageBytes = Int(int("max.message.bytes", Int64(config.maxMessageBytes)))
        config.messageTimestampBeforeMaxMs = int("message.timestamp.before.max.ms", config.messageTimestampBeforeMaxMs)
        config.messageTimestampAfterMaxMs = int("message.timestamp.after.max.ms", config.messageTimestampAfterMaxMs)
        config.flushMessages = int("flush.messages", config.flushMessages)
        config.flushMs = int("flush.ms", config.flushMs)
        config.producerIDExpirationMs = Int64(brokerInt("producer.id.expiration.ms"))
        let timestampType = self.topic(topic, "message.timestamp.type", nodeID: nodeID) ?? ""
        if ConfigValue.trimmed(timestampType) == "LogAppendTime" {
            config.messageTimestampType = .logAppendTime
        }
        config.cleanupPolicy = cleanupPolicy(topic, nodeID: nodeID)
        return config
    }

    private func cleanupPolicy(_ topic: String, nodeID: Int32?) -> CleanupPolicy {
        var policy: CleanupPolicy = []
        for word in ConfigValue.list(self.topic(topic, "cleanup.policy", nodeID: nodeID) ?? "delete") {
            policy.insert(word == "compact" ? .compact : .delete)
        }
        return policy
    }
}

extension ConfigDefinitions {
    static let topicByName = Dictionary(uniqueKeysWithValues: topic.map { ($0.name, $0) })
    static let brokerByName = Dictionary(uniqueKeysWithValues: broker.map { ($0.name, $0) })
}
