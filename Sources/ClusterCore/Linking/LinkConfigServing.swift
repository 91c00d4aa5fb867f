/// Link configs that exist, with Cluster Linking's names and defaults, but do nothing here yet. Whoever sets one would
/// believe in something that does not happen, so that only the default is taken.
package enum LinkConfigServing {
    private static let notServed: Set<String> = [
        "acl.filters", "acl.sync.enable", "acl.sync.ms", "auto.create.mirror.topics.enable",
        "auto.create.mirror.topics.filters", "client.dns.lookup", "connection.mode", "connections.max.idle.ms",
        "consumer.group.prefix.enable", "consumer.offset.group.filters", "consumer.offset.sync.enable",
        "consumer.offset.sync.ms", "link.mode", "num.cluster.link.fetchers", "replica.socket.receive.buffer.bytes",
        "replica.socket.timeout.ms", "socket.connection.setup.timeout.max.ms", "ssl.cipher.suites",
        "ssl.keystore.password", "topic.config.sync.ms",
    ]

    /// Whether a config does something here, so that any legal value is taken.
    package static func acts(_ name: String) -> Bool { !notServed.contains(name) && !name.hasPrefix("local.") }

    /// Why `value` cannot be taken; nil when it can. For values that are well-formed otherwise.
    static func problem(_ name: String, _ value: String) -> String? {
        guard !acts(name), let definition = LinkConfigTable[name],
            value.uppercased() != (definition.defaultValue ?? "").uppercased()
        else {
            return nil
        }
        let only = definition.defaultValue.flatMap { $0.isEmpty ? nil : "can only be '\($0)'" } ?? "cannot be set"
        return "Config '\(name)' is not served yet: it \(only)."
    }
}
