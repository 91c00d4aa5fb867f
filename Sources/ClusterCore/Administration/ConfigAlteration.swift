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

/// What is to be changed of one resource, or why nothing can be.
typealias ResourceAlteration = Result<(ConfigResource, [ConfigAlteration]), AdminFailure>

extension Cluster {
    /// Checks and applies changes to several resources, to each all of them or none. Those that are sound are one
    /// commit, so that the disk is waited for once.
    ///
    /// - Parameter wanted: what is to be changed of each resource, or why nothing can be. No resource is there twice.
    /// - Returns: why the changes to each resource were not made, in the same order.
    mutating func alterConfigs(
        _ wanted: [ResourceAlteration], validateOnly: Bool, now: Int64
    ) -> [AdminFailure?] {
        var failures: [AdminFailure?] = []
        var records: [MetadataChange] = []
        var changed: [(place: Int, resource: ConfigResource, alterations: [ConfigAlteration])] = []
        for item in wanted {
            do throws(AdminFailure) {
                let (resource, alterations) = try item.get()
                if resource.kind == .topic {
                    try refuseSyncedConfigs(resource.name, alterations.map(\.name))
                }
                let own = try planConfigs(resource, alterations)
                if !own.isEmpty {
                    records += own
                    changed.append((failures.count, resource, alterations))
                }
                failures.append(nil)
            } catch {
                failures.append(error)
            }
        }
        guard !validateOnly, !records.isEmpty else {
            return failures
        }
        do throws(ErrorCode) {
            try commit(records, now: now)
        } catch {
            for (place, _, _) in changed {
                failures[place] = AdminFailure(error, "The change could not be stored.")
            }
            return failures
        }
        for (_, resource, alterations) in changed where resource.kind == .broker {
            warnOfInertConfigs(alterations)
        }
        return failures
    }

    /// Checks changes to one resource.
    ///
    /// - Returns: what has to be committed for them; nothing for what is so already.
    func planConfigs(
        _ resource: ConfigResource, _ alterations: [ConfigAlteration]
    ) throws(AdminFailure) -> [MetadataChange] {
        guard Set(alterations.map(\.name)).count == alterations.count else {
            throw AdminFailure(.invalidRequest, "Error due to duplicate config keys")
        }
        let withoutValue = alterations.filter { $0.operation != .delete && $0.value == nil }.map(\.name)
        guard withoutValue.isEmpty else {
            throw AdminFailure(
                .invalidRequest, "Null value not supported for : \(withoutValue.joined(separator: ", "))")
        }
        try check(resource)
        let before = configs.overrides(resource)
        var next = before
        for alteration in alterations {
            next[alteration.name] = try newValue(resource, alteration)
        }
        if resource.kind == .topic, let conflict = configs.topicConflict(next) {
            throw AdminFailure(.invalidConfig, conflict)
        }
        return alterations.filter { next[$0.name] != before[$0.name] }.map { alteration in
            MetadataChange.config(resource.record(alteration.name, next[alteration.name]))
        }
    }

    /// What was stored for a broker and changes nothing must not stay a secret.
    private mutating func warnOfInertConfigs(_ alterations: [ConfigAlteration]) {
        for alteration in alterations where alteration.operation != .delete {
            if let definition = ConfigDefinitions.brokerByName[alteration.name], !definition.acts,
                definition.onlyValue == nil
            {
                let text = "broker config \(alteration.name) was set and has no effect here"
                notices.append(Notice(level: .warning, text: text, isAboutClient: true))
            }
        }
    }

    /// The resource exists and can be altered.
    func check(_ resource: ConfigResource) throws(AdminFailure) {
        switch resource.kind {
        case .topic:
            if resource.name.isEmpty {
                throw AdminFailure(.invalidRequest, "Default topic resources are not allowed.")
            }
            if topics[resource.name] == nil {
                throw AdminFailure(.unknownTopicOrPartition, "The topic '\(resource.name)' does not exist.")
            }
        case .broker:
            guard resource.name.isEmpty || Int32(resource.name) != nil else {
                throw AdminFailure(.invalidRequest, "Node id must be an integer, but it is: \(resource.name)")
            }
            guard resource.name.isEmpty || configuration.brokers.contains(where: { String($0.nodeID) == resource.name })
            else {
                throw AdminFailure(
                    .invalidRequest,
                    "Unexpected broker id, expected one of this cluster's, but received \(resource.name)")
            }
        case .brokerLogger, .clientMetrics, .group:
            throw AdminFailure(.invalidRequest, "Configs of resource type \(resource.kind) cannot be altered here.")
        }
    }

    /// nil removes the setting.
    private func newValue(_ resource: ConfigResource, _ alteration: ConfigAlteration) throws(AdminFailure) -> String? {
        // What was never set can be removed, whatever its name.
        guard alteration.operation != .delete, let value = alteration.value else {
            return nil
        }
        // Kafka tells bad broker configs with this code (KAFKA-13609).
        let code: ErrorCode = resource.kind == .broker ? .invalidRequest : .invalidConfig
        let definition = definition(resource, alteration.name)
        var next = value
        if alteration.operation != .set {
            guard let definition, definition.type == .list else {
                throw AdminFailure(
                    .invalidConfig,
                    "Can't \(alteration.operation == .append ? "APPEND" : "SUBTRACT") to key "
                        + "\(alteration.name) because its type is not LIST.")
            }
            next = Self.combined(
                ConfigValue.list(configs.overrides(resource)[alteration.name] ?? definition.defaultValue ?? ""),
                with: ConfigValue.list(value), alteration.operation)
        }
        guard let definition else {
            throw AdminFailure(
                code, "Unknown \(resource.kind == .topic ? "topic" : "broker") config name: \(alteration.name)")
        }
        if let problem = updateProblem(resource, definition) ?? ConfigValue.problem(next, definition) {
            throw AdminFailure(code, problem)
        }
        if resource.kind == .broker, let refusal = ConfigValue.refusal(next, definition) {
            throw AdminFailure(code, refusal)
        }
        return next
    }

    /// A list with words added that it has not yet, or taken away.
    private static func combined(
        _ words: [String], with change: [String], _ operation: ConfigAlteration.Operation
    ) -> String {
        var words = words
        for word in change {
            if operation == .subtract {
                words.firstIndex(of: word).map { _ = words.remove(at: $0) }
            } else if !words.contains(word) {
                words.append(word)
            }
        }
        return words.joined(separator: ",")
    }

    private func definition(_ resource: ConfigResource, _ name: String) -> ConfigDefinition? {
        resource.kind == .broker ? ConfigDefinitions.brokerByName[name] : ConfigDefinitions.topicByName[name]
    }

    /// Why a broker config cannot change while the broker runs.
    private func updateProblem(_ resource: ConfigResource, _ definition: ConfigDefinition) -> String? {
        switch definition.update {
        case .readOnly: "Cannot update these configs dynamically: Set(\(definition.name))"
        case _ where resource.kind == .broker && ClusterConfiguration.factNames.contains(definition.name):
            "\(definition.name) follows from how the server was started and cannot be set"
        case .perBroker where resource.name.isEmpty:
            "Cannot update these configs at default cluster level, broker id must be specified: Set(\(definition.name))"
        default: nil
        }
    }
}

/// Resources as one request names them. Of one that it names more than once, no change is made.
struct NamedResources {
    private struct Key: Hashable {
        let kind: Int8
        let name: String
    }

    /// Configs that may be changed of one resource, which is done in one go: as many as Kafka's controller changes in
    /// one request.
    static let configsOfOne = 10_000

    private var counts: [Key: Int] = [:]

    mutating func note(_ kind: Int8, _ name: String) {
        counts[Key(kind: kind, name: name), default: 0] += 1
    }

    /// What a request names, if it names it once and it is something that has configs.
    /// - Parameter configs: how many of its configs are to be changed.
    func resource(_ kind: Int8, _ name: String, configs: Int) throws(AdminFailure) -> ConfigResource {
        guard configs <= Self.configsOfOne else {
            throw AdminFailure(.policyViolation, "Unable to perform excessively large batch operation.")
        }
        guard counts[Key(kind: kind, name: name), default: 0] <= 1 else {
            throw AdminFailure(.invalidRequest, "Each resource must appear at most once.")
        }
        guard let known = ConfigResource.Kind(rawValue: kind) else {
            throw AdminFailure(.invalidRequest, "Unknown resource type \(kind)")
        }
        return ConfigResource(known, name)
    }
}
