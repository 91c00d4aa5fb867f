import KafkaProtocol

/// Reading and checking the text of config values.
package enum ConfigValue {
    /// Without blanks at both ends: Kafka reads values so.
    static func trimmed(_ value: some StringProtocol) -> String {
        // By hand: the types that lazy sequences are made of cost a start several milliseconds.
        var rest = Substring(value)
        while rest.first?.isWhitespace == true {
            rest.removeFirst()
        }
        while rest.last?.isWhitespace == true {
            rest.removeLast()
        }
        return String(rest)
    }

    /// The entries of a list value.
    static func list(_ value: String) -> [String] {
        value.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
    }

    /// nil when `value` is legal for the config, otherwise a sentence in Kafka's form.
    package static func problem(_ text: String, _ definition: ConfigDefinition) -> String? {
        let value = trimmed(text)
        let place = "Invalid value \(text) for configuration \(definition.name)"
        guard isTyped(value, definition.type) else {
            return "\(place): Not a \(typeName(definition.type))"
        }
        switch definition.constraint {
        case .none:
            return nil
        case .range(let lower, let upper):
            guard let number = Double(value) else {
                return "\(place): Not a number"
            }
            if let lower, number < lower {
                return "\(place): Value must be at least \(plain(lower))"
            }
            if let upper, number > upper {
                return "\(place): Value must be no more than \(plain(upper))"
            }
            // A gap within the range, as the codec has it.
            return definition.name == "compression.gzip.level" && number == 0
                ? "\(place): Value must be between 1 and 9 or equal to -1" : nil
        case .oneOf(let allowed):
            let words = definition.type == .list ? list(value) : [value]
            return words.allSatisfy(allowed.contains)
                ? nil : "\(place): String must be one of: \(allowed.joined(separator: ", "))"
        }
    }

    /// Why a broker config of Kafka cannot have a value that is legal there: it does not act yet, and somebody would
    /// take it for protection.
    static func refusal(_ value: String, _ definition: ConfigDefinition) -> String? {
        guard let only = definition.onlyValue, Set(list(value)) != Set(list(only)) else {
            return nil
        }
        let allowed = only.isEmpty ? "none can be set" : "only '\(only)' is accepted"
        return "\(definition.name) does not act yet, \(allowed): another value would promise what is not there"
    }

    /// Why a topic could never be made with a broker config that is legal by itself; without this the first client that
    /// needs such a topic would be refused, and each after it.
    static func futility(_ value: String, _ definition: ConfigDefinition) -> String? {
        switch definition.name {
        case "num.partitions", "offsets.topic.num.partitions":
            let most = ClusterLimits().partitionsPerTopic
            return Int(trimmed(value)) ?? 0 <= most
                ? nil : "Invalid value \(value) for configuration \(definition.name): no topic has more than \(most)"
        case "offsets.topic.segment.bytes":
            let problem = ConfigDefinitions.topicByName["segment.bytes"].flatMap { Self.problem(value, $0) }
            return problem?.replacing("configuration segment.bytes", with: "configuration \(definition.name)")
        default: return nil
        }
    }

    private static func isTyped(_ value: String, _ type: ConfigDefinition.ValueType) -> Bool {
        switch type {
        case .boolean: ["true", "false"].contains(value.lowercased())
        case .int: Int32(value) != nil
        case .short: Int16(value) != nil
        case .long: Int64(value) != nil
        // Neither NaN nor an infinity: both would pass every comparison with a bound, or all but one.
        case .double: Double(value)?.isFinite ?? false
        case .string, .list, .class, .password: true
        }
    }

    private static func typeName(_ type: ConfigDefinition.ValueType) -> String {
        switch type {
        case .boolean: "boolean; expected true or false"
        case .int: "number of type INT"
        case .short: "number of type SHORT"
        case .long: "number of type LONG"
        case .double: "number of type DOUBLE"
        case .string, .list, .class, .password: "string"
        }
    }

    private static func plain(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
    }
}

extension ConfigStore {
    /// - Throws: INVALID_CONFIG for a name that topics do not have, or a value out of range.
    func validateTopicConfigs(_ configs: [String: String]) throws(AdminFailure) {
        for (name, value) in configs.sorted(by: { $0.key < $1.key }) {
            guard let definition = ConfigDefinitions.topicByName[name] else {
                throw AdminFailure(.invalidConfig, "Unknown topic config name: \(name)")
            }
            if let problem = ConfigValue.problem(value, definition) {
                throw AdminFailure(.invalidConfig, problem)
            }
        }
        if let conflict = topicConflict(configs) {
            throw AdminFailure(.invalidConfig, conflict)
        }
    }

    /// Settings that are legal each but not together, or not on a cluster without remote storage.
    func topicConflict(_ configs: [String: String]) -> String? {
        func value(_ name: String) -> String {
            ConfigDefinitions.topicByName[name].flatMap { topicValue($0, overrides: configs) }.map {
                ConfigValue.trimmed($0)
            } ?? ""
        }
        let (least, most) = (value("min.compaction.lag.ms"), value("max.compaction.lag.ms"))
        if configs["min.compaction.lag.ms"] != nil || configs["max.compaction.lag.ms"] != nil,
            Int64(least) ?? 0 > Int64(most) ?? .max
        {
            return "conflict topic config setting min.compaction.lag.ms (\(least)) > max.compaction.lag.ms (\(most))"
        }
        if configs["remote.storage.enable"] != nil, value("remote.storage.enable").lowercased() == "true" {
            return "Tiered Storage functionality is disabled in the broker. "
                + "Topic cannot be configured with remote log storage."
        }
        return nil
    }

    /// Sentences about start-up settings that cannot be: values out of range. Names that we do not know are returned
    /// separately, since Kafka only warns about them.
    ///
    /// - Returns: `inert` names configs of Kafka that have no effect here.
    package static func check(
        brokerConfigs: [String: String]
    ) -> (problems: [String], unknown: [String], inert: [String]) {
        var problems: [String] = []
        var unknown: [String] = []
        var inert: [String] = []
        for (name, value) in brokerConfigs.sorted(by: { $0.key < $1.key }) {
            guard let definition = ConfigDefinitions.brokerByName[name] else {
                unknown.append(name)
                continue
            }
            if let problem = ConfigValue.problem(value, definition) ?? ConfigValue.refusal(value, definition)
                ?? ConfigValue.futility(value, definition)
            {
                problems.append(problem)
            } else if !definition.acts, definition.onlyValue == nil {
                inert.append(name)
            }
        }
        return (problems, unknown, inert)
    }
}

/// A config as it is described to a client.
package struct DescribedConfig: Sendable {
    package var name: String
    /// nil for sensitive values and for configs without one.
    package var value: String?
    package var source: ConfigSource
    package var isReadOnly: Bool
    package var isSensitive: Bool
    package var synonyms: [ConfigSynonym]
    package var definition: ConfigDefinition
}

extension ConfigStore {
    /// All topic configs, as they would be with these overrides, seen from a broker (nil: from none).
    package func describeTopic(overrides: [String: String], nodeID: Int32? = nil) -> [DescribedConfig] {
        ConfigDefinitions.topic.map { definition in
            var sources = definition.synonyms.first.map { synonyms($0, nodeID: nodeID.map(String.init)) } ?? []
            if let own = overrides[definition.name] {
                sources.insert((definition.name, own, .dynamicTopic), at: 0)
            }
            return DescribedConfig(
                name: definition.name, value: topicValue(definition, overrides: overrides, nodeID: nodeID),
                source: sources.first?.source ?? .defaultValue, isReadOnly: false, isSensitive: false,
                synonyms: sources,
                definition: definition)
        }
    }

    /// All broker configs of a node, or with "" only what was set for all brokers.
    package func describeBroker(_ nodeID: String) -> [DescribedConfig] {
        ConfigDefinitions.broker.compactMap { definition in
            let node = nodeID.isEmpty ? nil : nodeID
            var sources = synonyms(definition.name, nodeID: node)
            var value = brokerValues(definition.name, nodeID: node).first?.value
            if definition.isInternal, sources.allSatisfy({ $0.source == .defaultValue }) {
                return nil
            }
            if node == nil {
                sources = sources.filter { $0.source == .dynamicDefaultBroker }
                value = sources.first { $0.name == definition.name }?.value
                guard value != nil else {
                    return nil
                }
            }
            if definition.isSensitive {
                value = nil
                sources = sources.map { ($0.name, nil, $0.source) }
            }
            return DescribedConfig(
                name: definition.name, value: value, source: sources.first?.source ?? .defaultValue,
                isReadOnly: isReadOnly(definition), isSensitive: definition.isSensitive, synonyms: sources,
                definition: definition)
        }
    }

    /// Whether neither a broker config nor one that stands in for it can change at run time.
    private func isReadOnly(_ definition: ConfigDefinition) -> Bool {
        Self.brokerSynonyms(definition.name).allSatisfy { ConfigDefinitions.brokerByName[$0]?.update == .readOnly }
    }
}
