import KafkaProtocol

extension ClusterConfiguration {
    /// Broker configs that nobody sets because they follow from how the cluster was started, by node id. Clients see
    /// them as static.
    func brokerFacts() -> [String: [String: String]] {
        let facts = brokers.map { broker in
            var values = [
                "node.id": "\(broker.nodeID)",
                "broker.id": "\(broker.nodeID)",
                "process.roles": "broker,controller",
                "listeners": Self.list(broker.listeners),
                "advertised.listeners": Self.list(broker.endpoints),
                "listener.security.protocol.map": Self.ordered(broker.endpoints).map { name, _ in
                    "\(name.rawValue):\(name.rawValue)"
                }.joined(separator: ","),
                "log.dir": dataDirectory,
                "log.dirs": dataDirectory,
                "sasl.enabled.mechanisms": SaslSession.mechanisms.joined(separator: ","),
            ]
            values["broker.rack"] = broker.rack
            return ("\(broker.nodeID)", values)
        }
        return Dictionary(facts) { first, _ in first }
    }

    /// `NAME://HOST:PORT` of every listener, by port.
    private static func list(_ endpoints: [ListenerName: Endpoint]) -> String {
        ordered(endpoints).map { name, endpoint in
            let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
            return "\(name.rawValue)://\(host):\(endpoint.port)"
        }.joined(separator: ",")
    }

    private static func ordered(_ endpoints: [ListenerName: Endpoint]) -> [(ListenerName, Endpoint)] {
        endpoints.sorted { ($0.value.port, $0.key.rawValue) < ($1.value.port, $1.key.rawValue) }
    }

    /// Names of the configs above: they cannot be set.
    static let factNames: Set<String> = [
        "node.id", "broker.id", "process.roles", "listeners", "advertised.listeners", "listener.security.protocol.map",
        "log.dir", "log.dirs", "broker.rack", "sasl.enabled.mechanisms",
    ]
}
