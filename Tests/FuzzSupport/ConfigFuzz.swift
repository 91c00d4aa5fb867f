import ClusterCore
import KafkaProtocol

/// Every config of topics, brokers and links at the edges of its type and range: stored, used, and there after a
/// restart.
package struct ConfigFuzz {
    private let apis: [ServedShape]

    package init(_ apis: [ServedShape]) { self.apis = apis }

    package static func isNumber(_ definition: ConfigDefinition) -> Bool {
        [.int, .short, .long, .double].contains(definition.type)
    }

    /// Values to try: the edges of all types, those of the config's range and their neighbours.
    package static func values(_ definition: ConfigDefinition) -> [String] {
        var bounds: [Int64] = []
        if case .range(let lower, let upper) = definition.constraint {
            bounds = [lower, upper].compactMap { $0 }.compactMap { Int64(exactly: $0.rounded()) }
        }
        return values(bounds)
    }

    private static func values(_ bounds: [Int64]) -> [String] {
        let numbers = Edges.all + bounds.flatMap { [$0 -| 1, $0, $0 +| 1] }
        return Array(Set(numbers)).sorted().map(String.init) + ["", "x", "9223372036854775808", "1e400", "NaN"]
    }

    /// A sample takes every config too, with some of the values that it may have.
    package func run(_ extent: Extent) throws -> FuzzReport {
        var report = FuzzReport()
        var picker = CasePicker(extent)
        for definition in ConfigDefinitions.topic where Self.isNumber(definition) {
            let legal = Self.values(definition).filter { ConfigValue.problem($0, definition) == nil }
            for value in picker.pick(1, of: legal) {
                report.attempt("\(picker.label)topic config \(definition.name) = \(value)") {
                    try topic(definition, value)
                }
            }
        }
        for definition in ConfigDefinitions.broker where Self.isNumber(definition) {
            let legal = Self.values(definition).filter {
                ConfigStore.check(brokerConfigs: [definition.name: $0]).problems.isEmpty
            }
            // What has no effect has none at the edge either.
            for value in picker.pick(definition.acts ? 2 : 1, of: legal) {
                report.attempt("\(picker.label)broker config \(definition.name) = \(value)") {
                    try broker(definition, value, outlives: picker.isComplete || definition.acts)
                }
            }
        }
        for definition in LinkConfigTable.all where !definition.isReadOnly {
            guard let bounds = definition.type.bounds else { continue }
            for value in picker.pick(1, of: Self.values([bounds.lowerBound, bounds.upperBound])) {
                report.attempt("\(picker.label)link config \(definition.name) = \(value)") {
                    try link(definition, value)
                }
            }
        }
        return report
    }

    private func topic(_ definition: ConfigDefinition, _ value: String) throws {
        let cluster = try FuzzedCluster(apis)
        cluster.step { cluster, now in
            _ = try? cluster.createTopic(NewTopic(name: "u", configs: [definition.name: value]), now: now)
            _ = cluster.call(Self.alteration(2, "t", definition.name, value), now: now)
        }
        try cluster.outlive()
    }

    private func broker(_ definition: ConfigDefinition, _ value: String, outlives: Bool) throws {
        let cluster = try FuzzedCluster(apis, brokerConfigs: [definition.name: value])
        if definition.update != .readOnly {
            for resource in ["", "1"] {
                cluster.step { cluster, now in
                    _ = cluster.call(Self.alteration(4, resource, definition.name, value), now: now)
                }
            }
        }
        if outlives { try cluster.outlive() } else { cluster.use() }
    }

    /// As a link is created and as one is altered; most values are refused.
    private func link(_ definition: LinkConfigDefinition, _ value: String) throws {
        let cluster = try FuzzedCluster(apis)
        cluster.step { cluster, now in
            let configs = ["bootstrap.servers": "127.0.0.1:1", definition.name: value]
            _ = try? cluster.createLink(NewLink(name: "k", configs: configs), now: now)
            _ = try? cluster.alterLinkConfigs(
                "l", [.set(definition.name, value)], validateOnly: false, now: now)
        }
        try cluster.outlive()
        // Where it is used.
        try LinkedClusters().run(definition.name, value)
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
