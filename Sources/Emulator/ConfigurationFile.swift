import Yams

/// Reads the YAML file of `--config`: the options' names as keys, `broker-config` as a mapping, and `clusters` as a
/// mapping from cluster id to `name`, `brokers` and `broker-config`.
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
            guard let option = ServeOption(rawValue: key), option != .config else {
                throw problem(key, "no such setting")
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

    private func parse(_ text: String) throws(StartError) -> Node? {
        do {
            return try compose(yaml: text)
        } catch let error as YamlError {
            throw StartError(.configuration, "\(name): \(describe(error))")
        } catch {
            throw StartError(.configuration, "\(name): \(error)")
        }
    }

    /// The library's errors carry an excerpt over several lines; ours is one.
    private func describe(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return "line \(mark.line): \(problem)"
        default:
            return "not readable as YAML"
        }
    }

    private func readClusters(_ node: Node, _ settings: inout ServeSettings) throws(StartError) {
        for (id, value) in try mapping(node, "clusters") {
            var cluster = ClusterSettings()
            for (key, value) in try mapping(value, "clusters.\(id)") {
                let path = "clusters.\(id).\(key)"
                switch key {
                case "name": cluster.name = try setting(value, path)
                case "brokers": cluster.brokers = try setting(value, path)
                case "broker-config":
                    for (config, value) in try pairs(value, path) {
                        cluster.brokerConfigs[config] = Setting(text: value, origin: origin(path))
                    }
                default: throw problem(path, "no such setting")
                }
            }
            settings.setCluster(id, cluster)
        }
    }

    // MARK: Nodes

    private func mapping(_ node: Node, _ place: String) throws(StartError) -> [(String, Node)] {
        if case .scalar(let scalar) = node, scalar.string.isEmpty {
            return []
        }
        guard case .mapping(let mapping) = node else {
            throw problem(place, "has to be a mapping of names to values")
        }
        var entries: [(String, Node)] = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                throw problem(place, "has a key that is no text")
            }
            entries.append((scalar.string, value))
        }
        return entries
    }

    private func pairs(_ node: Node, _ place: String) throws(StartError) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for (key, value) in try mapping(node, place) {
            pairs.append((key, try scalar(value, "\(place).\(key)")))
        }
        return pairs
    }

    private func scalar(_ node: Node, _ place: String) throws(StartError) -> String {
        guard case .scalar(let scalar) = node else {
            throw problem(place, "has to be a single value")
        }
        return scalar.string
    }

    private func setting(_ node: Node, _ place: String) throws(StartError) -> Setting {
        Setting(text: try scalar(node, place), origin: origin(place))
    }

    private func origin(_ key: String) -> SettingOrigin {
        .file(name: name, key: key)
    }

    private func problem(_ place: String, _ text: String) -> StartError {
        StartError(.configuration, "\(name): \(place): \(text)")
    }
}
