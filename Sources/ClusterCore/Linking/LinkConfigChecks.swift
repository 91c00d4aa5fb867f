/// Checks of link configs, one by one and against each other. Each gives nil or the sentence that explains the refusal.
enum LinkConfigChecks {
    /// Longest `cluster.link.prefix`, in bytes.
    static let maximumPrefixLength = 12

    static func problem(_ name: String, _ value: String) -> String? {
        guard let definition = LinkConfigTable[name] else {
            return "Unknown cluster link config name: \(name)"
        }
        if definition.isReadOnly {
            return "Config '\(name)' is read-only."
        }
        guard let expected = mismatch(value, definition.type) else {
            return name == "cluster.link.prefix" ? prefixProblem(value) : nil
        }
        // A secret must not come back in an error message.
        let shown = definition.isSensitive ? "[hidden]" : value
        return "Invalid value \(shown) for configuration \(name): \(expected)"
    }

    /// Why a Java consumer would refuse a config that links leave out.
    static func problemOfLeftOut(_ name: String, _ value: String) -> String? {
        guard let type = LinkConfigTable.otherClientNumbers[name], let expected = mismatch(value, type) else {
            return nil
        }
        return "Invalid value \(value) for configuration \(name): \(expected)"
    }

    /// nil when `value` has the type, otherwise what was expected.
    private static func mismatch(_ value: String, _ type: LinkConfigDefinition.ValueType) -> String? {
        switch type {
        case .string, .list, .filters, .secret: return nil
        case .boolean:
            return ["true", "false"].contains(value.lowercased()) ? nil : "Expected value to be either true or false"
        case .int(let range):
            guard let number = Int32(value) else {
                return "Not a number of type INT"
            }
            return outside(number, range)
        case .long(let range):
            guard let number = Int64(value) else {
                return "Not a number of type LONG"
            }
            return outside(number, range)
        case .oneOf(let words):
            return words.contains { $0.uppercased() == value.uppercased() }
                ? nil : "String must be one of: \(words.joined(separator: ", "))"
        case .servers:
            return isServerList(value) ? nil : "Expected host:port pairs separated by commas"
        case .startOffset:
            return MirrorStart(value) == nil ? "Expected earliest, latest or a time in ISO 8601" : nil
        }
    }

    private static func outside<Number: FixedWidthInteger>(_ number: Number, _ range: ClosedRange<Number>) -> String? {
        if number < range.lowerBound {
            return "Value must be at least \(range.lowerBound)"
        }
        return number > range.upperBound ? "Value must be no more than \(range.upperBound)" : nil
    }

    private static func isServerList(_ value: String) -> Bool {
        let servers = value.split(separator: ",", omittingEmptySubsequences: false).map { LinkSettings.trim($0) }
        return servers.allSatisfy { server in
            guard let colon = server.lastIndex(of: ":"), colon != server.startIndex,
                let port = UInt16(server[server.index(after: colon)...])
            else {
                return false
            }
            return port > 0 && !server.contains(where: \.isWhitespace)
        }
    }

    private static func prefixProblem(_ value: String) -> String? {
        if value.utf8.count > maximumPrefixLength {
            return "cluster.link.prefix must not be longer than \(maximumPrefixLength) characters."
        }
        if !value.isEmpty, let problem = TopicName.problem(value + "a") {
            return "cluster.link.prefix cannot begin topic names: \(problem)"
        }
        return nil
    }

    /// What the configs of a link say together.
    static func problem(together configs: [String: String]) -> String? {
        let settings = LinkSettings(configs)
        guard settings.mode == "DESTINATION", settings.connectionMode == "OUTBOUND" else {
            return "Only destination-initiated links (link.mode DESTINATION, connection.mode OUTBOUND) are supported."
        }
        guard !settings.bootstrapServers.isEmpty else {
            return "Missing required configuration \"bootstrap.servers\" which has no default value."
        }
        if settings.prefix != nil, settings.boolean("acl.sync.enable") {
            return "cluster.link.prefix cannot be used together with acl.sync.enable."
        }
        if settings.boolean("consumer.group.prefix.enable"), settings.prefix == nil {
            return "consumer.group.prefix.enable needs cluster.link.prefix."
        }
        return MirrorTopicConfigs.includeProblem(settings.list("topic.config.sync.include"))
    }

    /// A link's name may be what a topic's name may be.
    static func nameIsLegal(_ name: String) -> Bool {
        TopicName.problem(name) == nil
    }
}
