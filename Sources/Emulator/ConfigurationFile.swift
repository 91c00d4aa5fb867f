import YAML

/// Reads the YAML file of `--config`: the options' names as keys, `broker-config` as a mapping, and `clusters` as a
/// mapping from cluster id to `name`, `brokers`, `port-base`, `ports` (by listener) and `broker-config`.
struct ConfigurationFile {
    /// As the user wrote it, for messages.
    let name: String

    func read(_ text: String, into settings: inout ServeSettings) throws(StartError) {
        guard let root = try parse(text) else {
            return
        }
        for (key, value) in try mapping(root, "the file") {
            guard key != "clusters" else {
                try readClusters(value, &settings)
                continue
            }
            guard let option = ServeOption.named(key), option != .config else {
                throw problem(key, "no such setting", at: value)
            }
            if option == .brokerConfig {
                for (config, value) in try pairs(value, key) {
                    settings.setBrokerConfig(config, value, origin(key))
                }
            } else {
                settings.set(option, try scalar(value, key), origin(key))
            }
        }
    }

    private func parse(_ text: String) throws(StartError) -> YAMLNode? {
        do throws(YAMLError) {
            return try YAMLNode.parse(text)
        } catch {
            throw StartError(.configuration, "\(name): \(error)")
        }
    }

    private func readClusters(_ node: YAMLNode, _ settings: inout ServeSettings) throws(StartError) {
        for (id, value) in try mapping(node, "clusters") {
            var cluster = ClusterSettings()
            for (key, value) in try mapping(value, "clusters.\(id)") {
                let path = "clusters.\(id).\(key)"
                switch key {
                case "name": cluster.name = try setting(value, path)
                case "brokers": cluster.brokers = try setting(value, path)
                case "port-base": cluster.portBase = try setting(value, path)
                case "ports":
                    for (listener, value) in try mapping(value, path) {
                        cluster.ports[listener] = try setting(value, "\(path).\(listener)")
                    }
                case "broker-config":
                    for (config, value) in try pairs(value, path) {
                        cluster.brokerConfigs[config] = Setting(text: value, origin: origin(path))
                    }
                default: throw problem(path, "no such setting", at: value)
                }
            }
            settings.setCluster(id, cluster)
        }
    }

    // MARK: YAMLNodes

    private func mapping(_ node: YAMLNode, _ place: String) throws(StartError) -> [(String, YAMLNode)] {
        if node.text == "" {
            return []
        }
        guard case .mapping(let entries, _) = node else {
            throw problem(place, "has to be a mapping of names to values", at: node)
        }
        return entries.map { ($0.key, $0.value) }
    }

    private func pairs(_ node: YAMLNode, _ place: String) throws(StartError) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for (key, value) in try mapping(node, place) {
            pairs.append((key, try scalar(value, "\(place).\(key)")))
        }
        return pairs
    }

    private func scalar(_ node: YAMLNode, _ place: String) throws(StartError) -> String {
        guard let text = node.text else {
            throw problem(place, "has to be a single value", at: node)
        }
        return text
    }

    private func setting(_ node: YAMLNode, _ place: String) throws(StartError) -> Setting {
        Setting(text: try scalar(node, place), origin: origin(place))
    }

    private func origin(_ key: String) -> SettingOrigin {
        .file(name: name, key: key)
    }

    private func problem(_ place: String, _ text: String, at node: YAMLNode) -> StartError {
        StartError(.configuration, "\(name): line \(node.line): \(place): \(text)")
    }
}
