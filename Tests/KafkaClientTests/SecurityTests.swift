import ClientTestSupport
import KafkaProtocol
import Testing

@testable import KafkaClient

@Suite("Security configs")
struct SecurityConfigTests {
    private static let plain = "org.apache.kafka.common.security.plain.PlainLoginModule"

    private func security(_ configs: [String: String]) throws(SecurityProblem) -> ClientSecurity {
        try ClientSecurity(configs: { configs[$0] })
    }

    private func sasl(_ jaas: String) throws -> PlainCredentials? {
        try security([
            "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN", "sasl.jaas.config": jaas,
        ]).sasl
    }

    @Test(
        "JAAS entries as people and consoles write them",
        arguments: [
            "\(plain) required username='KEY' password='SE+/=CR';",
            "\(plain)   required\n  username=\"KEY\"\n  password=\"SE+/=CR\" ;",
            "\(plain) requisite password='SE+/=CR' username=KEY serviceName=\"x\";",
            "\(plain) REQUIRED username = 'KEY' password = 'SE+/=CR' ; ",
        ])
    func jaas(text: String) throws {
        let found = try sasl(text)
        #expect(found?.username == "KEY")
        #expect(found?.password == "SE+/=CR")
    }

    @Test("escapes and the other kind of quote stand for themselves")
    func escapes() throws {
        let found = try sasl(#"\#(Self.plain) required username="a\"b" password='it\'s "so" \\ \n';"#)
        #expect(found?.username == "a\"b")
        #expect(found?.password == "it's \"so\" \\ \n")
    }

    @Test(
        "what is wrong is said without the secret",
        arguments: [
            "", ";", "\(plain);", "\(plain) username='KEY' password='HUSH';", "\(plain) required username='KEY'",
            "\(plain) required username='KEY' password='HUSH", "\(plain) required username='KEY' 'HUSH';",
            "\(plain) required username='KEY' password 'HUSH';", "\(plain) required password='HUSH';",
            "\(plain) required username='' password='HUSH';", "\(plain) required username='KEY' password='';",
            "\(plain) required username='KEY' password='HUSH'; \(plain) required username='KEY' password='HUSH';",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username='KEY' password='HUSH';",
            "\(plain) required username= password='HUSH';",
        ])
    func wrongJaas(text: String) {
        #expect { try sasl(text) } throws: { error in
            let sentence = "\(error)"
            return sentence.contains("sasl.jaas.config") && !sentence.contains("HUSH")
        }
    }

    @Test("the protocol decides what is needed")
    func protocols() throws {
        #expect(try security([:]) == .plaintext)
        #expect(try security(["security.protocol": "ssl"]).tls != nil)
        #expect(try security(["security.protocol": "SSL"]).sasl == nil)
        #expect(throws: SecurityProblem.self) { try security(["security.protocol": "TLS"]) }
        #expect(throws: SecurityProblem.self) { try security(["security.protocol": "SASL_SSL"]) }
        #expect(throws: SecurityProblem.self) {
            try security(["security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-256"])
        }
    }

    private func tls(_ configs: [String: String]) throws -> TLSOptions {
        try #require(try security(configs.merging(["security.protocol": "SSL"]) { first, _ in first }).tls)
    }

    @Test("hosts are verified unless the algorithm is empty")
    func hostnames() throws {
        #expect(try tls([:]).verifiesHostname)
        #expect(try tls(["ssl.endpoint.identification.algorithm": "HTTPS"]).verifiesHostname)
        #expect(try !tls(["ssl.endpoint.identification.algorithm": ""]).verifiesHostname)
        #expect(throws: SecurityProblem.self) { try tls(["ssl.endpoint.identification.algorithm": "ldaps"]) }
    }

    @Test("trust comes from PEM in place, a PEM file or a PKCS #12 file")
    func trust() throws {
        #expect(try tls([:]).trust == .system)
        #expect(
            try tls(["ssl.truststore.type": "PEM", "ssl.truststore.location": "/ca.pem"]).trust == .pemFile("/ca.pem"))
        #expect(
            try tls([
                "ssl.truststore.type": "PKCS12", "ssl.truststore.location": "/t.p12", "ssl.truststore.password": "p",
            ]).trust == .pkcs12File("/t.p12", password: Secret("p")))
        let pem = "-----BEGIN CERTIFICATE-----\nAAA\nBBB\n-----END CERTIFICATE-----\n"
        for text in [
            pem, #"-----BEGIN CERTIFICATE-----\nAAA\nBBB\n-----END CERTIFICATE-----\n"#,
            "-----BEGIN CERTIFICATE----- AAA BBB -----END CERTIFICATE-----",
        ] {
            let configs = ["ssl.truststore.type": "PEM", "ssl.truststore.certificates": text]
            #expect(try tls(configs).trust == .certificates(pem))
        }
        #expect(throws: SecurityProblem.self) { try tls(["ssl.truststore.location": "/t.jks"]) }
        #expect(throws: SecurityProblem.self) { try tls(["ssl.truststore.certificates": pem]) }
    }

    @Test("TLS versions can be narrowed to those that are safe")
    func tlsVersions() throws {
        #expect(try tls(["ssl.enabled.protocols": "TLSv1.2,TLSv1.3"]) == TLSOptions())
        #expect(try tls(["ssl.enabled.protocols": "TLSv1.2"]).maximumVersion == .tls12)
        #expect(try tls(["ssl.enabled.protocols": "TLSv1.3"]).minimumVersion == .tls13)
        #expect(throws: SecurityProblem.self) { try tls(["ssl.enabled.protocols": "TLSv1.1"]) }
    }

    @Test("secrets do not describe themselves")
    func descriptions() {
        let credentials = PlainCredentials(username: "KEY", password: "HUSH")
        let security = ClientSecurity(tls: nil, sasl: credentials)
        #expect(!"\(credentials) \(security) \(Secret("HUSH"))".contains("HUSH"))
    }
}

private let address = HostPort(host: "broker", port: 9094)

@Suite("Logging in")
struct LoggingInTests {
    let transport = ManualTransport()
    let broker = ScriptedBroker()

    init() {
        transport.serve(address, broker)
        broker.on(MetadataRequest.self) { _, _ in MetadataResponse(brokers: [1: address], topics: []) }
        broker.on(SaslHandshakeRequest.self) { _, _ in SaslHandshakeResponse() }
        broker.on(SaslAuthenticateRequest.self) { request, _ in
            var response = SaslAuthenticateResponse()
            if request.authBytes != Array("\u{0}KEY\u{0}secret".utf8) {
                response.errorCode = ErrorCode.saslAuthenticationFailed.rawValue
                response.errorMessage = "no"
            }
            return response
        }
    }

    private func connect(password: String = "secret") -> BrokerConnection {
        var settings = ConnectionSettings()
        settings.security.sasl = PlainCredentials(username: "KEY", password: password)
        return BrokerConnection(to: address, settings: settings, transport: transport)
    }

    @Test("requests wait until versions are known and the log-in is done")
    func order() {
        let connection = connect()
        var answered = false
        connection.send(MetadataRequest()) { if case .success = $0 { answered = true } }
        transport.run()
        #expect(answered)
        #expect(
            broker.requests.map(\.header.apiKey) == [.apiVersions, .saslHandshake, .saslAuthenticate, .metadata])
        #expect(connection.state == .ready)
    }

    @Test("a refusal closes the connection with the broker's words")
    func refused() {
        let connection = connect(password: "wrong")
        var error: ClientError?
        connection.send(MetadataRequest()) { if case .failure(let found) = $0 { error = found } }
        transport.run()
        #expect(error == .broker(.saslAuthenticationFailed, message: "no"))
        #expect(connection.state == .closed(.broker(.saslAuthenticationFailed, message: "no")))
    }

    @Test("a broker without PLAIN is told apart from a wrong password")
    func noPlain() {
        broker.on(SaslHandshakeRequest.self) { _, _ in
            var response = SaslHandshakeResponse()
            response.errorCode = ErrorCode.unsupportedSaslMechanism.rawValue
            response.mechanisms = ["GSSAPI"]
            return response
        }
        let connection = connect()
        transport.run()
        guard case .closed(.broker(.unsupportedSaslMechanism, let message)) = connection.state else {
            Issue.record("\(connection.state)")
            return
        }
        #expect(message?.contains("GSSAPI") == true)
    }

    @Test("a log-in with a lifetime is renewed before it ends, between requests")
    func renewal() {
        broker.on(SaslAuthenticateRequest.self) { _, _ in
            var response = SaslAuthenticateResponse()
            response.sessionLifetimeMs = 10_000
            return response
        }
        let connection = connect()
        transport.run()
        #expect(broker.versions(of: .saslAuthenticate).count == 1)
        transport.advance(8_499)
        #expect(broker.versions(of: .saslAuthenticate).count == 1)
        broker.holdsAnswers = true
        var answers = 0
        connection.send(MetadataRequest()) { _ in answers += 1 }
        transport.advance(1)
        #expect(broker.versions(of: .saslHandshake).count == 1, "the answer on the wire comes first")
        broker.holdsAnswers = false
        broker.releaseAnswers()
        connection.send(MetadataRequest()) { _ in answers += 1 }
        transport.run()
        #expect(broker.versions(of: .saslAuthenticate).count == 2)
        #expect(answers == 2)
        #expect(connection.state == .ready)
    }
}
