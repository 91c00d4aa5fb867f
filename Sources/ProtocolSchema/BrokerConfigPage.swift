/// Writes `Docs/broker-configs.md`: what each broker config of Kafka does here.
func brokerConfigPage(_ configs: [ConfigEntry]) -> String {
    let configs = configs.filter { $0.scope == "broker" }.sorted { $0.name < $1.name }
    var page = """
        # Broker configs

        Written by `make generate` from `Protocol/configs.table`; do not edit.

        Every broker config of Kafka 4.2 is known: its type, its range and whether it can change at run time. \
        It is given
        with `--broker-config KEY=VALUE`, in the configuration file, or at run time with Kafka's own tools. A \
        name that Kafka
        does not have is refused, and so is a setting for one listener (`listener.name.…`).

        Twinlog starts every cluster as Kafka's own `server.properties` does where that differs from Kafka's defaults:
        `group.initial.rebalance.delay.ms=0`, so that a consumer in a terminal starts at once; and it looks at retention
        more often: `log.retention.check.interval.ms=30000`. Both can be set to Kafka's values (3000 and 300000).

        What follows from how Twinlog was started is described as static and cannot be set: `node.id`, `broker.id`,
        `process.roles`, `listeners`, `advertised.listeners`, `listener.security.protocol.map`, `log.dir`, \
        `log.dirs` and
        `sasl.enabled.mechanisms`.

        """
    section("These act", configs.filter(\.acts), into: &page)
    page += """

        ## These have one value

        They do not act yet, and another value would promise safety that is not there: it is refused.

        | config | value |
        |---|---|

        """
    for entry in configs {
        guard let value = entry.onlyValue else { continue }
        page += "| `\(entry.name)` | \(value.isEmpty ? "none" : "`\(value)`") |\n"
    }
    page += """

        ## These have no effect

        They are accepted, so that existing files can be used, and described as they were set. The log says so once when
        one of them is set.

        | config | type | default | may change |
        |---|---|---|---|

        """
    for entry in configs where !entry.acts && entry.onlyValue == nil { row(entry, into: &page) }
    return page
}

private func section(_ title: String, _ configs: [ConfigEntry], into page: inout String) {
    page += "\n## \(title)\n\n| config | type | default | may change | |\n|---|---|---|---|---|\n"
    for entry in configs { row(entry, explained: true, into: &page) }
}

private func row(_ entry: ConfigEntry, explained: Bool = false, into page: inout String) {
    let value =
        switch entry.defaultValue {
        case nil: "none"
        case "": "empty"
        case let text?: "`\(text)`"
        }
    let update =
        switch entry.update {
        case "perBroker": "per broker"
        case "clusterWide": "at any time"
        default: "at start"
        }
    page += "| `\(entry.name)` | \(entry.type) | \(value) | \(update) |"
    page += explained ? " \(entry.documentation) |\n" : "\n"
}
