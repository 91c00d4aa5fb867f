import KafkaProtocol

/// One change to one config.
package struct ConfigAlteration: Sendable {
    /// Codes as in IncrementalAlterConfigs.
    package enum Operation: Int8, Sendable {
        case set = 0
        case delete = 1
        case append = 2
        case subtract = 3
    }

    package let name: String
    package let operation: Operation
    package let value: String?

    package init(_ operation: Operation, _ name: String, _ value: String? = nil) {
        self.operation = operation
        self.name = name
        self.value = value
    }
}

extension Cluster {
    /// Checks and applies changes to one resource: all of them or none.
    package mutating func alterConfigs(
        _ resource: ConfigResource, _ alterations: [ConfigAlteration], validateOnly: Bool, now: Int64
    ) throws(AdminFailure) {
        try check(resource)
        guard Set(alterations.map(\.name)).count == alterations.count else {
            throw AdminFailure(.invalidRequest, "Error due to duplicate config keys")
        }
        var records: [MetadataChange] = []
        for alteration in alterations {
            let value = try newValue(resource, alteration)
            records.append(.config(resource.record(alteration.name, value)))
        }
        guard !validateOnly, !records.isEmpty else {
            return
        }
        do throws(ErrorCode) {
            try commit(records, now: now)
        } catch {
            throw AdminFailure(error, "The change could not be stored.")
        }
    }

    /// The resource exists and can be altered.
    func check(_ resource: ConfigResource) throws(AdminFailure) {
        switch resource.kind {
        case .topic:
            if topics[resource.name] == nil {
                throw AdminFailure(.unknownTopicOrPartition)
            }
        case .broker:
            guard resource.name.isEmpty || configuration.brokers.contains(where: { String($0.nodeID) == resource.name })
            else {
                throw AdminFailure(.invalidRequest, "Unexpected broker id, expected one of this cluster's, but received \(resource.name)")
            }
        case .brokerLogger, .clientMetrics, .group:
            throw AdminFailure(.invalidRequest, "Configs of resource type \(resource.kind) cannot be altered here.")
        }
    }

    /// nil removes the setting.
    private func newValue(_ resource: ConfigResource, _ alteration: ConfigAlteration) throws(AdminFailure) -> String? {
        let definition = try definition(resource, alteration.name)
        if alteration.operation == .delete {
            return nil
        }
        guard let value = alteration.value else {
            throw AdminFailure(.invalidConfig, "Null value not supported for : \(alteration.name)")
        }
        var next = value
        if alteration.operation != .set {
            guard definition.type == .list else {
                throw AdminFailure(
                    .invalidConfig, "Can't \(alteration.operation == .append ? "APPEND" : "SUBTRACT") to key "
                        + "\(alteration.name) because its type is not LIST.")
            }
            var words = ConfigValue.list(currentValue(resource, definition) ?? "")
            let change = ConfigValue.list(value)
            words.removeAll { change.contains($0) }
            next = (alteration.operation == .append ? words + change : words).joined(separator: ",")
        }
        if let problem = ConfigValue.problem(next, definition) {
            throw AdminFailure(.invalidConfig, problem)
        }
        return next
    }

    private func definition(_ resource: ConfigResource, _ name: String) throws(AdminFailure) -> ConfigDefinition {
        guard resource.kind == .broker else {
            guard let definition = ConfigDefinitions.topicByName[name] else {
                throw AdminFailure(.invalidConfig, "Unknown topic config name: \(name)")
            }
            return definition
        }
        guard let definition = ConfigDefinitions.brokerByName[name] else {
            throw AdminFailure(.invalidConfig, "Unknown broker config name: \(name)")
        }
        let isPerBroker = definition.update == .perBroker
        if definition.update == .readOnly || (isPerBroker && resource.name.isEmpty) {
            throw AdminFailure(.invalidRequest, "Cannot update these configs dynamically: Set(\(name))")
        }
        return definition
    }

    private func currentValue(_ resource: ConfigResource, _ definition: ConfigDefinition) -> String? {
        resource.kind == .topic
            ? configs.topic(resource.name, definition.name)
            : configs.brokerValues(definition.name, nodeID: resource.name).first?.value
    }
}
