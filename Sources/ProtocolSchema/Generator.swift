/// Everything under `Protocol/`, read and checked.
package struct ProtocolDefinition: Sendable {
    package var apis: [APIDefinition]
    package var records: [RecordDefinition]
    package var keys: [APIKeyDefinition]
    package var errors: [ErrorDefinition]
    package var configs: [ConfigEntry]

    /// Reads the files given by their path below `Protocol/`. Files that are none of ours are passed over.
    package init(files: [(path: String, text: String)]) throws(SchemaError) {
        apis = []
        records = []
        keys = []
        errors = []
        configs = []
        for (path, text) in files.sorted(by: { $0.path < $1.path }) {
            if path.hasPrefix("apis/"), path.hasSuffix(".api") {
                apis.append(try parseAPI(file: path, text: text))
            } else if path.hasPrefix("records/"), path.hasSuffix(".record") {
                records.append(try parseRecord(file: path, text: text))
            } else if path == "api-keys.table" {
                keys = try parseAPIKeys(file: path, text: text)
            } else if path == "errors.table" {
                errors = try parseErrors(file: path, text: text)
            } else if path == "configs.table" {
                configs = try parseConfigs(file: path, text: text)
            }
        }
        try checkAcrossFiles()
    }

    private func checkAcrossFiles() throws(SchemaError) {
        let constants = Set(errors.map(\.constant))
        var seen: Set<Int> = []
        for api in apis {
            guard seen.insert(api.key).inserted else {
                throw SchemaError(file: api.file, line: 1, message: "key \(api.key) has two files")
            }
            guard keys.contains(APIKeyDefinition(key: api.key, name: api.name)) else {
                throw SchemaError(
                    file: api.file, line: 1, message: "api-keys.table does not name \(api.name) \(api.key)")
            }
            if let unknown = api.errors.first(where: { !constants.contains($0) }) {
                throw SchemaError(file: api.file, line: api.errorsLine, message: "errors.table has no \(unknown)")
            }
            if Set(api.errors).count != api.errors.count {
                throw SchemaError(file: api.file, line: api.errorsLine, message: "an error stands twice")
            }
        }
        let brokerConfigs = Set(configs.filter { $0.scope == "broker" }.map(\.name))
        for config in configs {
            if let unknown = config.synonyms.first(where: { !brokerConfigs.contains($0) }) {
                throw SchemaError(file: "configs.table", line: config.line, message: "no broker config \(unknown)")
            }
        }
    }

    /// The text of `Docs/broker-configs.md`.
    package func generateBrokerConfigPage() -> String { brokerConfigPage(configs) }

    /// The Swift files, by name.
    package func generate() -> [String: String] {
        var result: [String: String] = [:]
        for api in apis {
            let key = String(api.key)
            let padded = String(repeating: "0", count: max(0, 3 - key.count)) + key
            result["API\(padded)_\(api.name).swift"] = APIEmitter(api).file()
        }
        for record in records { result["Record_\(record.message.name).swift"] = recordFile(record) }
        result["APIKey.swift"] = apiKeyFile(keys: keys, apis: apis)
        result["MessageRegistry.swift"] = registryFile(apis: apis)
        result["ErrorCode.swift"] = errorCodeFile(errors)
        result["ConfigTable.swift"] = configFile(configs)
        return result
    }
}
