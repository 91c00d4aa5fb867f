import ArgumentParser

/// A command line that the parser would misunderstand, or let pass although it says two things; exit status 64.
struct UsageError: Error, Equatable, CustomStringConvertible {
    let description: String
}

/// Looks at a command line before the parser does.
enum CommandLineCheck {
    /// - Parameter arguments: without the program's name.
    /// - Returns: them in the parser's way of writing: `--force=true` is `--force`, `--force=false` nothing.
    @discardableResult
    static func run(_ arguments: [String]) throws(UsageError) -> [String] {
        let words = Array(arguments.prefix { !$0.hasPrefix("-") })
        try checkVerb(words)
        let flags = arguments.prefix { $0 != "--" }
        try checkFlags(flags.compactMap { flag($0, words) }, words)
        return joiningNegatives(flags.flatMap { plain($0) }) + arguments[flags.endIndex...]
    }

    /// `--partitions -1` is `--partitions=-1`: the command says what is wrong with the number, where the parser would
    /// take it for a flag.
    private static func joiningNegatives(_ arguments: [String]) -> [String] {
        var joined: [String] = []
        for argument in arguments {
            if let last = joined.last, takesValue(last), isNegativeNumber(argument) {
                joined[joined.count - 1] = "\(last)=\(argument)"
            } else {
                joined.append(argument)
            }
        }
        return joined
    }

    private static func takesValue(_ argument: String) -> Bool {
        argument.hasPrefix("--") && !argument.contains("=") && !switches.contains(String(argument.dropFirst(2)))
    }

    private static func isNegativeNumber(_ text: String) -> Bool {
        text.first == "-" && text.dropFirst().first.map { $0.isASCII && $0.isNumber } ?? false
    }

    private static func plain(_ argument: String) -> [String] {
        guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "="),
            switches.contains(String(argument[..<equals].dropFirst(2)))
        else {
            return [argument]
        }
        let name = String(argument[..<equals])
        switch argument[argument.index(after: equals)...].lowercased() {
        case "true", "t", "1": return [name]
        case "false", "f", "0": return name == "--deletion-protection" ? ["--no-deletion-protection"] : []
        default: return [argument]
        }
    }

    // MARK: Verbs

    private static func checkVerb(_ words: [String]) throws(UsageError) {
        for count in words.indices.map({ $0 + 1 }) {
            let path = words[..<count].joined(separator: " ")
            guard MissingCommands.paths.contains(path) else {
                continue
            }
            let parent = ["twinlog"] + words[..<(count - 1)]
            throw UsageError(
                description: "\"\(path)\" of the confluent CLI does not exist in twinlog yet. "
                    + "See \"\(parent.joined(separator: " ")) --help\".")
        }
    }

    /// What is wrong with the command that a line names, which the parser takes for a flag or an argument too many.
    ///
    /// - Parameter arguments: a line that the parser has refused.
    /// - Returns: nil when it names a command.
    static func unknownCommand(_ arguments: [String], below root: any ParsableCommand.Type) -> UsageError? {
        var command = root
        var path = ["twinlog"]
        for word in arguments {
            let configuration = command.configuration
            let names = configuration.subcommands.filter { $0.configuration.shouldDisplay }.map(name)
            let parent = path.joined(separator: " ")
            guard !names.isEmpty, configuration.defaultSubcommand == nil else {
                return nil
            }
            let rest = "There are: \(names.joined(separator: ", ")). See \"\(parent) --help\"."
            guard !word.hasPrefix("-") else {
                let example = "\"\(parent) COMMAND \(word)\""
                return UsageError(description: "the command comes before its flags: \(example). \(rest)")
            }
            guard let next = configuration.subcommands.first(where: { name($0) == word }) else {
                return UsageError(description: "unknown command \"\(word)\" for \"\(parent)\". \(rest)")
            }
            command = next
            path.append(word)
        }
        return nil
    }

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? ""
    }

    // MARK: Flags

    /// The name of a flag as it is declared first; nil for what is none.
    private static func flag(_ argument: String, _ words: [String]) -> String? {
        if argument == "-o" {
            return "output"
        }
        guard argument.hasPrefix("--"), argument.count > 2 else {
            return nil
        }
        let name = String(argument.dropFirst(2).prefix { $0 != "=" })
        if name == "config", words.prefix(3).elementsEqual(["connect", "cluster", "create"]) {
            return "config-file"
        }
        return aliases[name] ?? name
    }

    private static func checkFlags(_ flags: [String], _ words: [String]) throws(UsageError) {
        var seen: Set<String> = []
        for name in flags {
            if let reason = MissingCommands.flags[name] {
                throw UsageError(description: "--\(name) of the confluent CLI does not exist in twinlog: \(reason).")
            }
            if !seen.insert(name).inserted, !switches.contains(name), !isRepeatable(name, words) {
                let names = [name] + aliases.filter { $0.value == name }.keys.sorted()
                let text = names.map { "--\($0)" }.joined(separator: " or ")
                throw UsageError(description: "\(text) was given twice, and takes one value.")
            }
        }
    }

    /// Other names of flags.
    static let aliases = [
        "source-cluster-id": "source-cluster", "destination-cluster-id": "destination-cluster",
        "remote-cluster-id": "remote-cluster", "bootstrap-server": "bootstrap", "endpoint": "url",
    ]

    /// Flags that are given or not; twice says no more than once.
    static let switches: Set<String> = [
        "all", "allow-remote", "deletion-protection", "no-deletion-protection", "dry-run", "empty", "ephemeral",
        "execute", "exit",
        "force", "from-beginning", "full-header", "if-not-exists", "include-topics", "keep", "no-browser",
        "no-validate", "parse-key", "print-key", "print-offset", "prompt", "quiet", "save", "timestamp", "to-current",
        "to-earliest", "to-latest", "use", "version", "help", "help-hidden", "experimental-dump-help",
    ]

    /// Whether a flag takes a list, one value at a time.
    static func isRepeatable(_ name: String, _ words: [String]) -> Bool {
        let path = words.joined(separator: " ")
        switch name {
        case "headers", "broker-config", "accept-data-loss": return true
        case "topic": return path.hasPrefix("kafka consumer group offset")
        case "config": return words.first != "serve" && !path.hasPrefix("connect cluster create")
        case "config-file":
            return ["kafka link", "kafka mirror", "kafka topic create", "kafka topic update"]
                .contains { path.hasPrefix($0) }
        default: return false
        }
    }
}

/// What the confluent CLI has and we do not have yet.
enum MissingCommands {
    static let paths: Set<String> = [
        "asyncapi", "audit-log", "billing", "byok", "ccpm", "cloud-signup", "cluster", "configuration",
        "connect artifact", "connect custom-connector-runtime", "connect custom-plugin", "connect event",
        "connect logs", "connect offset",
        "connect plugin", "context", "custom-code-logging", "feedback", "flink", "iam", "kafka acl", "kafka broker",
        "kafka cluster configuration", "kafka cluster endpoint", "kafka mirror failover", "kafka mirror pause",
        "kafka mirror promote", "kafka mirror resume", "kafka mirror reverse-and-pause",
        "kafka mirror reverse-and-start", "kafka mirror state-transition-error",
        "kafka mirror truncate-and-restore", "kafka partition", "kafka quota", "kafka region", "kafka replica",
        "kafka share-group", "kafka streams-group", "ksql", "local", "network", "organization", "pipeline", "plugin",
        "price", "provider-integration", "schema-registry", "secret", "service-quota", "shell", "stream-share",
        "tableflow", "unified-stream-manager", "update",
    ]

    private static let noRegistry = "there is no Schema Registry here"
    private static let noAccounts = "there are no service accounts here yet"
    private static let noCertificates = "clients do not log in with certificates yet"

    /// Flags of commands that we have, and why there is none of ours.
    static let flags: [String: String] = [
        "schema": noRegistry, "schema-id": noRegistry, "schema-id-header": noRegistry, "key-schema": noRegistry,
        "references": noRegistry, "key-references": noRegistry, "schema-registry-endpoint": noRegistry,
        "schema-registry-context": noRegistry, "schema-registry-api-key": noRegistry,
        "schema-registry-api-secret": noRegistry,
        "service-account": noAccounts, "current-user": noAccounts,
        "client-cert-path": noCertificates, "client-key-path": noCertificates,
        "byok": "data is not encrypted", "network": "there are no networks here",
        "max-ecku": "no cluster is elastic here", "us-gov": "there is one place only",
        "organization": "there is one organization only", "certificate-only": "clients do not log in with certificates",
    ]
}
