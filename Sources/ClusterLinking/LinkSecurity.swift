import ClusterCore
import KafkaClient

extension LinkSettings {
    /// What the link's `security.protocol`, `sasl.…` and `ssl.…` say about connections to its source.
    func security() throws(SecurityProblem) -> ClientSecurity {
        try ClientSecurity(configs: string)
    }
}

/// What the cluster cannot check about a link's configs, because it knows nothing of clients.
enum LinkSecurityCheck {
    static func check(_ configs: [String: String]) throws(LinkFailure) {
        do throws(SecurityProblem) {
            _ = try LinkSettings(configs).security()
        } catch {
            throw LinkFailure(.invalidRequest, "Invalid link configuration: \(error).", code: .invalidConfig)
        }
    }

    /// Checks a link's configs as they will be after `changes`.
    static func check(_ link: ClusterLink, _ changes: [LinkConfigChange]) throws(LinkFailure) {
        var configs = link.configs
        for change in changes {
            switch change {
            case .set(let name, let value): configs[name] = value
            case .delete(let name): configs[name] = nil
            }
        }
        try check(configs)
    }
}
