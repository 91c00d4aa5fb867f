import ClusterCore
import KafkaProtocol

/// Every config of topics and brokers at the edges of its type and range: stored, used, and there after a restart.
package struct ConfigFuzz {
    private let apis: [ServedShape]

    package init(_ apis: [ServedShape]) { self.apis = apis }

    package static func isNumber(_ definition: ConfigDefinition) -> Bool {
        [.int, .short, .long, .double].contains(definition.type)
    }

    /// Values to try: the edges of all types, those of the config's range and their neighbours.
    package static func values(_ definition: ConfigDefinition) -> [String] {
        var values = Edges.all
        if case .range(let lower, let upper) = definition.constraint {
            for bound in [lower, upper] {
                if let bound, let number = Int64(exactly: bound.rounded()) {
                    values += [number -| 1, number, number +| 1]
                }
            }
        }
        return Array(Set(values)).sorted().map(String.init) + ["", "x", "9223372036854775808", "1e400", "NaN"]
    }

    /// - Returns: how many values were tried.
    @discardableResult
    package func exhaust() throws -> Int {
        var count = 0
        for definition in ConfigDefinitions.topic where Self.isNumber(definition) {
            for value in Self.values(definition) {
                try topic(definition, value)
                count += 1
            }
        }
        for definition in ConfigDefinitions.broker where Self.isNumber(definition) {
            for value in Self.values(definition) {
                try broker(definition, value)
                count += 1
            }
        }
        CurrentCase.note("")
        return count
    }

    private func topic(_ definition: ConfigDefinition, _ value: String) throws {
        guard ConfigValue.problem(value, definition) == nil else { return }
        CurrentCase.note("topic config \(definition.name) = \(value)")
        let cluster = try FuzzedCluster(apis)
        cluster.step { cluster, now in
            _ = try? cluster.createTopic(NewTopic(name: "u", configs: [definition.name: value]), now: now)
            _ = cluster.call(Self.alteration(2, "t", definition.name, value), now: now)
        }
        try cluster.outlive()
    }

    private func broker(_ definition: ConfigDefinition, _ value: String) throws {
        guard ConfigStore.check(brokerConfigs: [definition.name: value]).problems.isEmpty else { return }
        CurrentCase.note("broker config \(definition.name) = \(value)")
        let cluster = try FuzzedCluster(apis, brokerConfigs: [definition.name: value])
        if definition.update != .readOnly {
            for resource in ["", "1"] {
                cluster.step { cluster, now in
                    _ = cluster.call(Self.alteration(4, resource, definition.name, value), now: now)
                }
            }
        }
        try cluster.outlive()
    }

    private static func alteration(
        _ kind: Int8, _ resource: String, _ name: String, _ value: String
    ) -> IncrementalAlterConfigsRequest {
        var config = IncrementalAlterConfigsRequest.AlterableConfig()
        config.name = name
        config.value = value
        var item = IncrementalAlterConfigsRequest.AlterConfigsResource()
        item.resourceType = kind
        item.resourceName = resource
        item.configs = [config]
        var request = IncrementalAlterConfigsRequest()
        request.resources = [item]
        return request
    }
}
