import RESTAPI

/// Writes a JSON value in YAML's block style.
enum YAML {
    static func text(_ value: JSON) -> String {
        switch value {
        case .array(let elements) where !elements.isEmpty: lines(value, indent: 0).joined(separator: "\n") + "\n"
        case .object(let members) where !members.isEmpty: lines(value, indent: 0).joined(separator: "\n") + "\n"
        default: scalar(value) + "\n"
        }
    }

    private static func lines(_ value: JSON, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        switch value {
        case .array(let elements) where !elements.isEmpty:
            return elements.flatMap { element -> [String] in
                guard isNested(element) else {
                    return ["\(margin)- \(scalar(element))"]
                }
                var inner = lines(element, indent: indent + 2)
                inner[0] = "\(margin)- \(inner[0].dropFirst(indent + 2))"
                return inner
            }
        case .object(let members) where !members.isEmpty:
            return members.flatMap { member -> [String] in
                let name = string(member.name)
                return isNested(member.value)
                    ? ["\(margin)\(name):"] + lines(member.value, indent: indent + 2)
                    : ["\(margin)\(name): \(scalar(member.value))"]
            }
        default: return [margin + scalar(value)]
        }
    }

    private static func isNested(_ value: JSON) -> Bool {
        switch value {
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        default: false
        }
    }

    private static func scalar(_ value: JSON) -> String {
        if case .string(let text) = value { string(text) } else { value.text() }
    }

    /// Plain where YAML cannot take the text for something else, otherwise in double quotes (JSON's escapes are
    /// YAML's).
    private static func string(_ text: String) -> String {
        isPlain(text) ? text : JSON.string(text).text()
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_" || first == "/"
        else {
            return false
        }
        let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        return !words.contains(text.lowercased()) && text.last != " " && text.last != ":"
            && !text.contains(": ") && !text.contains(" #")
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
