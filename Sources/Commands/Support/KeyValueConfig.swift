import RESTAPI

/// Configs as users give them: `key=value,key=value` on the command line, or a file in the form of Java properties.
enum KeyValueConfig {
    /// What a flag that may be repeated was given. Of equal keys the last one counts, so that a flag can be appended to
    /// a line to overrule a file; twice in one list of pairs is a mistake.
    static func parse(_ arguments: [String]) throws(CLIError) -> [String: String] {
        var configs: [String: String] = [:]
        for argument in arguments {
            configs.merge(try parse(argument)) { _, last in last }
        }
        return configs
    }

    /// - Parameter argument: pairs, or the path of a file; a file of that name wins.
    static func parse(_ argument: String) throws(CLIError) -> [String: String] {
        if Platform.fileExists(argument) {
            return try readFile(argument)
        }
        guard argument.contains("=") else {
            throw CLIError("\"\(argument)\" is neither a file nor a list of key=value pairs")
        }
        return try parsePairs(argument)
    }

    private static func readFile(_ path: String) throws(CLIError) -> [String: String] {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Platform.readFile(path)
        } catch {
            throw CLIError("cannot read \"\(path)\": \(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CLIError("\"\(path)\" is not UTF-8 text")
        }
        do throws(CLIError) {
            return try parseProperties(text)
        } catch {
            throw CLIError("\"\(path)\": \(error.message)")
        }
    }

    /// A comma only separates pairs where a key and `=` follow, so that values may hold commas.
    static func parsePairs(_ text: String) throws(CLIError) -> [String: String] {
        var pairs: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            if pairs.isEmpty || startsPair(part) {
                pairs.append(String(part))
            } else {
                pairs[pairs.count - 1] += "," + part
            }
        }
        var configs: [String: String] = [:]
        for pair in pairs {
            let (key, value) = try splitPair(pair)
            guard configs.updateValue(value, forKey: key) == nil else {
                throw CLIError("config \"\(key)\" is given twice in \"\(text)\"")
            }
        }
        return configs
    }

    private static func startsPair(_ part: Substring) -> Bool {
        guard let equals = part.firstIndex(of: "="), equals > part.startIndex else {
            return false
        }
        return trim(part[..<equals]).allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" || $0 == "-" }
    }

    private static func splitPair(_ pair: String) throws(CLIError) -> (String, String) {
        guard let equals = pair.firstIndex(of: "=") else {
            throw CLIError("\"\(pair)\" is not of the form key=value")
        }
        let key = trim(pair[..<equals])
        guard !key.isEmpty else {
            throw CLIError("\"\(pair)\" is not of the form key=value")
        }
        return (key, trim(pair[pair.index(after: equals)...]))
    }

    /// Lines of `key=value` or `key: value`; `#` and `!` begin comments, a backslash at the end continues the line.
    static func parseProperties(_ text: String) throws(CLIError) -> [String: String] {
        var configs: [String: String] = [:]
        var pending = ""
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = trim(raw)
            if pending.isEmpty, line.isEmpty || line.first == "#" || line.first == "!" {
                continue
            }
            if line.last == "\\" {
                pending += line.dropLast()
                continue
            }
            let whole = pending + line
            pending = ""
            guard let separator = whole.firstIndex(where: { $0 == "=" || $0 == ":" }),
                separator > whole.startIndex
            else {
                throw CLIError("line \(index + 1) is not of the form key=value")
            }
            configs[trim(whole[..<separator])] = trim(whole[whole.index(after: separator)...])
        }
        return configs
    }

    private static func trim(_ text: some StringProtocol) -> String {
        var rest = text[...]
        while let first = rest.first, first.isWhitespace {
            rest.removeFirst()
        }
        while let last = rest.last, last.isWhitespace {
            rest.removeLast()
        }
        return String(rest)
    }
}

extension JSON {
    /// `[{"name": …, "value": …}]`, ordered by name.
    static func configs(_ configs: [String: String]) -> JSON {
        .array(configs.sorted { $0.key < $1.key }.map { ["name": .string($0.key), "value": .string($0.value)] })
    }
}
