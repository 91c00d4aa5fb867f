import KafkaProtocol
import Testing

@testable import ClusterCore

/// Config requests in one line each.
extension ClusterHarness {
    enum Change {
        case set(String, String?)
        case delete(String)
        case append(String, String)
        case subtract(String, String)

        var fields: (operation: Int8, name: String, value: String?) {
            switch self {
            case .set(let name, let value): (0, name, value)
            case .delete(let name): (1, name, nil)
            case .append(let name, let value): (2, name, value)
            case .subtract(let name, let value): (3, name, value)
            }
        }
    }

    func alter(
        _ kind: Int8, _ name: String, _ changes: Change..., validateOnly: Bool = false, version: Int16? = nil
    ) throws -> IncrementalAlterConfigsResponse.AlterConfigsResourceResponse {
        var resource = IncrementalAlterConfigsRequest.AlterConfigsResource()
        resource.resourceType = kind
        resource.resourceName = name
        resource.configs = changes.map { change in
            var config = IncrementalAlterConfigsRequest.AlterableConfig()
            (config.configOperation, config.name, config.value) = change.fields
            return config
        }
        var request = IncrementalAlterConfigsRequest()
        request.resources = [resource]
        request.validateOnly = validateOnly
        return try #require(try call(request, version: version).responses.first)
    }

    func replaceConfigs(
        _ kind: Int8, _ name: String, _ configs: [(String, String?)], validateOnly: Bool = false, version: Int16? = nil
    ) throws -> AlterConfigsResponse.AlterConfigsResourceResponse {
        var resource = AlterConfigsRequest.AlterConfigsResource()
        resource.resourceType = kind
        resource.resourceName = name
        resource.configs = configs.map { entry in
            var config = AlterConfigsRequest.AlterableConfig()
            (config.name, config.value) = entry
            return config
        }
        var request = AlterConfigsRequest()
        request.resources = [resource]
        request.validateOnly = validateOnly
        return try #require(try call(request, version: version).responses.first)
    }

    func describe(
        _ kind: Int8, _ name: String, keys: [String]? = nil, version: Int16? = nil, documentation: Bool = false,
        synonyms: Bool = true
    ) throws -> DescribeConfigsResponse.DescribeConfigsResult {
        var resource = DescribeConfigsRequest.DescribeConfigsResource()
        resource.resourceType = kind
        resource.resourceName = name
        resource.configurationKeys = keys
        var request = DescribeConfigsRequest()
        request.resources = [resource]
        request.includeSynonyms = synonyms
        request.includeDocumentation = documentation
        return try #require(try call(request, version: version).results.first)
    }

    /// One config of a topic.
    func topicConfig(
        _ topic: String, _ name: String
    ) throws -> DescribeConfigsResponse.DescribeConfigsResourceResult {
        try #require(try describe(2, topic, keys: [name]).configs.first)
    }
}

extension DescribeConfigsResponse.DescribeConfigsResourceResult {
    /// "name=value/source" for each synonym, sources as in Kafka: 1 topic, 2 broker, 3 all brokers, 4 static, 5
    /// default.
    var synonymList: [String] {
        synonyms.map { "\($0.name)=\($0.value ?? "-")/\($0.source)" }
    }
}
