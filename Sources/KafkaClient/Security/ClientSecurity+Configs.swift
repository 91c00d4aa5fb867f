/// What is wrong with a client's security configs, in one sentence that holds no secret.
package struct SecurityProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension ClientSecurity {
    /// Reads the configs of a Java client.
    ///
    /// - Parameter config: the value of a config, nil for none; an empty one counts as set.
    package init(configs config: (String) -> String?) throws(SecurityProblem) {
        let name = (config("security.protocol") ?? "PLAINTEXT").uppercased()
        guard ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"].contains(name) else {
            throw SecurityProblem("security.protocol \(name) is none of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL")
        }
        self.init(
            tls: name.hasSuffix("SSL") ? try TLSOptions(configs: config) : nil,
            sasl: name.hasPrefix("SASL") ? try PlainCredentials(configs: config) : nil)
    }
}

extension PlainCredentials {
    fileprivate init(configs config: (String) -> String?) throws(SecurityProblem) {
        guard let mechanism = config("sasl.mechanism"), mechanism.uppercased() == Self.mechanism else {
            throw SecurityProblem(
                "sasl.mechanism \(config("sasl.mechanism") ?? "GSSAPI") is not supported; use PLAIN")
        }
        guard let text = config("sasl.jaas.config"), !text.isEmpty else {
            throw SecurityProblem("sasl.jaas.config is missing: it holds user name and password")
        }
        let jaas = try JaasConfig(text)
        guard jaas.module == JaasConfig.plainModule else {
            throw SecurityProblem("sasl.jaas.config names \(jaas.module); PLAIN needs \(JaasConfig.plainModule)")
        }
        guard let username = jaas.options["username"], !username.isEmpty else {
            throw SecurityProblem("sasl.jaas.config has no username")
        }
        guard let password = jaas.options["password"], !password.isEmpty else {
            throw SecurityProblem("sasl.jaas.config has no password")
        }
        self.init(username: username, password: password)
    }
}

extension TLSOptions {
    fileprivate init(configs config: (String) -> String?) throws(SecurityProblem) {
        self.init()
        trust = try Self.trust(config)
        identity = try Self.identity(config)
        let algorithm = config("ssl.endpoint.identification.algorithm") ?? "https"
        guard algorithm.isEmpty || algorithm.lowercased() == "https" else {
            throw SecurityProblem("ssl.endpoint.identification.algorithm \(algorithm) is neither https nor empty")
        }
        verifiesHostname = !algorithm.isEmpty
        try readVersions(config("ssl.enabled.protocols") ?? "")
    }

    private mutating func readVersions(_ text: String) throws(SecurityProblem) {
        let names = text.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
        guard !names.isEmpty else {
            return
        }
        let versions = names.compactMap { $0 == "TLSv1.2" ? Version.tls12 : $0 == "TLSv1.3" ? .tls13 : nil }
        guard let lowest = versions.min(), let highest = versions.max() else {
            throw SecurityProblem("ssl.enabled.protocols \(text) has neither TLSv1.2 nor TLSv1.3")
        }
        minimumVersion = lowest
        maximumVersion = highest
    }

    /// Values as set; Java's default type JKS only counts together with a location.
    private static func trust(_ config: (String) -> String?) throws(SecurityProblem) -> Trust {
        let certificates = config("ssl.truststore.certificates").flatMap { $0.isEmpty ? nil : $0 }
        let location = config("ssl.truststore.location").flatMap { $0.isEmpty ? nil : $0 }
        let type = (config("ssl.truststore.type") ?? "JKS").uppercased()
        let password = Secret(config("ssl.truststore.password") ?? "")
        switch (type, certificates, location) {
        case (_, nil, nil): return .system
        case ("PEM", let certificates?, nil): return .certificates(unescaped(certificates))
        case ("PEM", nil, let location?): return .pemFile(location)
        case ("PKCS12", nil, let location?): return .pkcs12File(location, password: password)
        case (_, .some, .some):
            throw SecurityProblem("ssl.truststore.certificates and ssl.truststore.location exclude each other")
        case (_, .some, nil):
            throw SecurityProblem("ssl.truststore.certificates needs ssl.truststore.type PEM")
        default:
            throw SecurityProblem("ssl.truststore.type \(type) is not supported; use PEM or PKCS12")
        }
    }

    private static func identity(_ config: (String) -> String?) throws(SecurityProblem) -> Identity? {
        let chain = config("ssl.keystore.certificate.chain").flatMap { $0.isEmpty ? nil : $0 }
        let key = config("ssl.keystore.key").flatMap { $0.isEmpty ? nil : $0 }
        let location = config("ssl.keystore.location").flatMap { $0.isEmpty ? nil : $0 }
        let password = config("ssl.key.password").map { Secret($0) }
        guard chain != nil || key != nil || location != nil else {
            return nil
        }
        guard (config("ssl.keystore.type") ?? "JKS").uppercased() == "PEM" else {
            throw SecurityProblem("ssl.keystore.type has to be PEM")
        }
        if let location {
            return .pemFile(location, password: password)
        }
        guard let chain, let key else {
            throw SecurityProblem("ssl.keystore.certificate.chain and ssl.keystore.key need each other")
        }
        return .pem(chain: unescaped(chain), key: Secret(unescaped(key)), password: password)
    }

    /// PEM on one line, as properties and JSON files carry it: `\n` for the ends of its lines, or blanks.
    private static func unescaped(_ pem: String) -> String {
        var text = ""
        var rest = pem[...]
        while let escape = rest.firstRange(of: "\\n") {
            text += rest[..<escape.lowerBound] + "\n"
            rest = rest[escape.upperBound...]
        }
        text += rest
        return text.contains("\n") ? text : PEMLines.split(text)
    }
}

/// Gives PEM its line ends back.
private enum PEMLines {
    static func split(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let begin = rest.firstRange(of: "-----BEGIN "),
            let end = rest[begin.upperBound...].firstRange(of: "-----END ")
        {
            guard let head = rest[begin.upperBound...].firstRange(of: "-----"), head.lowerBound < end.lowerBound,
                let tail = rest[end.upperBound...].firstRange(of: "-----")
            else {
                return text
            }
            let body = rest[head.upperBound..<end.lowerBound].split(whereSeparator: \.isWhitespace)
            result += rest[begin.lowerBound..<head.upperBound] + "\n"
            result += body.joined(separator: "\n") + "\n"
            result += rest[end.lowerBound..<tail.upperBound] + "\n"
            rest = rest[tail.upperBound...]
        }
        return result.isEmpty ? text : result
    }
}
