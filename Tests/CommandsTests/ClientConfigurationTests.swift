import KafkaClient
import Testing

@testable import Commands

@Suite("Client configurations")
struct ClientConfigurationTests {
    private func render(_ client: ClientKind, key: String? = "KEY", secret: String? = "a/b+c") -> String {
        ClientConfiguration.render(
            client: client, bootstrap: "127.0.0.1:9093", caPath: "/data/pki/ca.pem", key: key, secret: secret)
    }

    private func properties(_ text: String) throws -> [String: String] {
        try KeyValueConfig.parseProperties(text)
    }

    @Test("Java's is read back by our own client as it is")
    func java() throws {
        let configs = try properties(render(.java))
        #expect(configs["bootstrap.servers"] == "127.0.0.1:9093")
        let security = try ClientSecurity(configs: { configs[$0] })
        #expect(security.sasl == PlainCredentials(username: "KEY", password: "a/b+c"))
        #expect(security.tls?.trust == .pemFile("/data/pki/ca.pem"))
        #expect(security.tls?.verifiesHostname == true)
    }

    @Test("quotes and backslashes in a secret survive")
    func escapes() throws {
        let text = render(.java, secret: #"it's\n"#)
        // What Java's properties reader makes of two backslashes.
        let line = try #require(try properties(text)["sasl.jaas.config"]).replacing(#"\\"#, with: #"\"#)
        #expect(line.hasSuffix(#"password='it\'s\\n';"#))
        #expect(render(.python, secret: #"a"b\"#).contains(#""sasl.password": "a\"b\\","#))
    }

    @Test("librdkafka and kcat have its names for things", arguments: [ClientKind.librdkafka, .kcat])
    func librdkafka(client: ClientKind) throws {
        #expect(
            try properties(render(client)) == [
                "bootstrap.servers": "127.0.0.1:9093", "security.protocol": "SASL_SSL", "sasl.mechanisms": "PLAIN",
                "sasl.username": "KEY", "sasl.password": "a/b+c", "ssl.ca.location": "/data/pki/ca.pem",
                "session.timeout.ms": "45000",
            ])
    }

    @Test("Ktor's are the same properties as Java's, with keys that HOCON does not split")
    func ktor() throws {
        let pairs = render(.ktor, secret: #"a"b\"#).split(separator: "\n").filter { $0.contains(" = ") }
        let keys = pairs.compactMap { $0.split(separator: "\"").dropFirst().first.map(String.init) }
        let java = Set(try properties(render(.java)).keys).subtracting(["client.dns.lookup", "acks"])
        #expect(Set(keys) == java && keys.count == java.count)
        // A backslash for JAAS, which HOCON doubles again, and a quote that only HOCON must not take for its own.
        #expect(pairs.contains { $0.hasSuffix(#"password='a\"b\\\\';""#) })
    }

    @Test("the languages are those of the confluent CLI")
    func languages() {
        let official = "clojure cpp csharp go groovy java kotlin ktor nodejs python restapi ruby rust scala springboot"
        #expect(ClientLanguage.allCases.map(\.rawValue).joined(separator: " ") == official)
    }

    @Test("Python's is a dictionary, numbers as numbers")
    func python() {
        let lines = render(.python).split(separator: "\n")
        #expect(lines.contains("config = {"))
        #expect(lines.contains(#"    "sasl.username": "KEY","#))
        #expect(lines.contains(#"    "session.timeout.ms": 45000,"#))
        #expect(lines.last == "}")
    }

    @Test("without a key there are places to fill in", arguments: ClientKind.allCases)
    func placeholders(client: ClientKind) {
        let text = render(client, key: nil, secret: nil)
        #expect(text.contains("{{ CLUSTER_API_KEY }}"))
        #expect(text.contains("{{ CLUSTER_API_SECRET }}"))
        #expect(text.hasSuffix("\n"))
    }
}
