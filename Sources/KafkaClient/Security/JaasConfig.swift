/// The value of `sasl.jaas.config`: one login module with its options.
///
///     org.apache.kafka.common.security.plain.PlainLoginModule required username='K' password='S';
struct JaasConfig: Equatable {
    let module: String
    let options: [String: String]

    static let plainModule = "org.apache.kafka.common.security.plain.PlainLoginModule"
    private static let controlFlags: Set<String> = ["required", "requisite", "sufficient", "optional"]

    /// - Throws: a sentence that holds nothing of the text's values.
    init(_ text: String) throws(SecurityProblem) {
        var tokens = JaasTokens(text)
        guard case .word(let module)? = try tokens.next() else {
            throw SecurityProblem("sasl.jaas.config does not begin with a login module")
        }
        guard case .word(let flag)? = try tokens.next(), Self.controlFlags.contains(flag.lowercased()) else {
            throw SecurityProblem("sasl.jaas.config has no control flag such as 'required' after the login module")
        }
        var options: [String: String] = [:]
        while true {
            switch try tokens.next() {
            case .end:
                guard try tokens.next() == nil else {
                    throw SecurityProblem("sasl.jaas.config has more than one login module")
                }
                self.module = module
                self.options = options
                return
            case .word(let name):
                guard try tokens.next() == .equals else {
                    throw SecurityProblem("sasl.jaas.config has an option without '='")
                }
                switch try tokens.next() {
                case .word(let value), .quoted(let value): options[name] = value
                default: throw SecurityProblem("sasl.jaas.config has an option without a value")
                }
            case nil: throw SecurityProblem("sasl.jaas.config does not end with a semicolon")
            case .equals, .quoted: throw SecurityProblem("sasl.jaas.config has a value without a name")
            }
        }
    }
}

/// Words, quoted values, `=` and `;`.
private struct JaasTokens {
    enum Token: Equatable {
        case word(String)
        case quoted(String)
        case equals
        case end
    }

    private var rest: Substring

    init(_ text: String) {
        rest = text[...]
    }

    mutating func next() throws(SecurityProblem) -> Token? {
        rest = rest.drop(while: \.isWhitespace)
        guard let first = rest.first else {
            return nil
        }
        switch first {
        case ";":
            rest.removeFirst()
            return .end
        case "=":
            rest.removeFirst()
            return .equals
        case "'", "\"":
            rest.removeFirst()
            return .quoted(try quoted(until: first))
        default:
            let word = rest.prefix { !$0.isWhitespace && !"=;'\"".contains($0) }
            rest.removeFirst(word.count)
            return .word(String(word))
        }
    }

    /// A backslash takes the next character as it is, or as the control that Java knows by it.
    private mutating func quoted(until quote: Character) throws(SecurityProblem) -> String {
        var value = ""
        while let character = rest.popFirst() {
            if character == quote {
                return value
            }
            guard character == "\\" else {
                value.append(character)
                continue
            }
            switch rest.popFirst() {
            case "n": value.append("\n")
            case "r": value.append("\r")
            case "t": value.append("\t")
            case let escaped?: value.append(escaped)
            case nil: break
            }
        }
        throw SecurityProblem("sasl.jaas.config has a quote that is not closed")
    }
}
