import KafkaProtocol

/// Reading and checking the text of config values.
package enum ConfigValue {
    /// The entries of a list value.
    static func list(_ value: String) -> [String] {
        value.split(separator: ",").map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }

    /// nil when `value` is legal for the config, otherwise a sentence in Kafka's form.
    package static func problem(_ value: String, _ definition: ConfigDefinition) -> String? {
        let place = "Invalid value \(value) for configuration \(definition.name)"
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
            return nil
        case .oneOf(let allowed):
            let words = definition.type == .list ? list(value) : [value]
            return words.allSatisfy(allowed.contains)
                ? nil : "\(place): String must be one of: \(allowed.joined(separator: ", "))"
        }
    }

    private static func isTyped(_ value: String, _ type: ConfigDefinition.ValueType) -> Bool {
        switch type {
        case .boolean: ["true", "false"].contains(value.lowercased())
        case .int: Int32(value) != nil
        case .short: Int16(value) != nil
        case .long: Int64(value) != nil
        case .double: Double(value) != nil
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
    }

    /// Sentences about start-up settings that cannot be: values out of range. Names that we do not know are returned
    /// separately, since Kafka only warns about them.
    package static func check(
        brokerConfigs: [String: String]
    ) -> (problems: [String], unknown: [String]) {
        var problems: [String] = []
        var unknown: [String] = []
        for (name, value) in brokerConfigs.sorted(by: { $0.key < $1.key }) {
            guard let definition = ConfigDefinitions.brokerByName[name] else {
                unknown.append(name)
                continue
            }
            if let problem = ConfigValue.problem(value, definition) {
                problems.append(problem)
            }
        }
        return (problems, unknown)
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
    package var synonyms: [(name: String, value: String?, source: ConfigSource)]
    package var definition: ConfigDefinition
}

extension ConfigStore {
    /// All topic configs, as they would be with these overrides.
    package func describeTopic(overrides: [String: String]) -> [DescribedConfig] {
        ConfigDefinitions.topic.map { definition in
            let values = topicValues(definition, overrides: overrides)
            return DescribedConfig(
                name: definition.name, value: values.first?.value, source: values.first?.source ?? .unknown,
                isReadOnly: false, isSensitive: false, synonyms: values, definition: definition)
        }
    }

    /// All broker configs of a node, or with "" only what was set for all brokers.
    package func describeBroker(_ nodeID: String) -> [DescribedConfig] {
        ConfigDefinitions.broker.compactMap { definition in
            let values = brokerValues(definition.name, nodeID: nodeID.isEmpty ? nil : nodeID)
            let isSensitive = definition.type == .password
            if nodeID.isEmpty, values.first?.source != .dynamicDefaultBroker {
                return nil
            }
            return DescribedConfig(
                name: definition.name, value: isSensitive ? nil : values.first?.value,
                source: values.first?.source ?? .unknown, isReadOnly: definition.update == .readOnly,
                isSensitive: isSensitive,
                synonyms: values.map { (definition.name, isSensitive ? nil : $0.value, $0.source) },
                definition: definition)
        }
    }
}
