/// The options of `twinlog serve`, by their names as flags without the dashes. In a configuration file they are the
/// keys; in the environment they are `TWINLOG_` and the name in capitals with underscores.
package enum ServeOption: String, CaseIterable, Sendable {
    case dataDirectory = "data-dir"
    case ephemeral
    case listen
    case advertise
    case brokers
    case ports
    case portBase = "port-base"
    case httpPort = "http-port"
    case readyFile = "ready-file"
    case durability
    case brokerConfig = "broker-config"
    case asVersion = "as-version"
    case config
    case acceptDataLoss = "accept-data-loss"
    case empty
    case allowRemote = "allow-remote"
    case httpAuth = "http-auth"
    case tlsCertificate = "tls-certificate"
    case tlsKey = "tls-key"
    case tlsAuthority = "tls-ca"
    case quiet
    case logLevel = "log-level"

    /// The option of that name. What the compiler makes of as many names is a table, which costs half a millisecond at
    /// the start.
    package static func named(_ name: String) -> ServeOption? { allCases.first { $0.rawValue == name } }

    /// Whether the flag takes no value.
    package var isSwitch: Bool {
        switch self {
        case .ephemeral, .empty, .allowRemote, .quiet: true
        default: false
        }
    }

    /// Whether the flag may be given several times.
    package var isRepeatable: Bool { self == .brokerConfig || self == .acceptDataLoss }

    fileprivate var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    package var environmentName: String {
        "TWINLOG_" + String(rawValue.map { $0 == "-" ? "_" : $0 }).uppercased()
    }
}

/// Where a value was given, weakest first.
package enum SettingOrigin: Hashable, Sendable, CustomStringConvertible {
    case file(name: String, key: String)
    case environment(String)
    case flag(String)

    package var description: String {
        switch self {
        case .file(let name, let key): "\(name): \(key)"
        case .environment(let name): name
        case .flag(let name): "--\(name)"
        }
    }

    var rank: Int {
        switch self {
        case .file: 1
        case .environment: 2
        case .flag: 3
        }
    }

    /// What a wrong value ends the program with.
    var failure: ExitStatus {
        if case .flag = self { .usage } else { .configuration }
    }
}

/// A value as it was written, with its place for error messages.
package struct Setting: Hashable, Sendable {
    package var text: String
    package var origin: SettingOrigin

    func wrong(_ problem: String) -> StartError {
        StartError(origin.failure, "\(origin): \(problem)")
    }
}

/// What flags, environment and file said, unparsed. Of two values for one option the one of the stronger place counts;
/// broker configs are merged key by key.
package struct ServeSettings: Sendable, Equatable {
    /// By the option's place among all. No dictionary: making the type of one costs a search through all protocol
    /// conformances of the program, at every start.
    private var values = [Setting?](repeating: nil, count: ServeOption.allCases.count)
    private(set) var brokerConfigs: [String: Setting] = [:]
    private(set) var clusters: [String: ClusterSettings] = [:]

    package init() {}

    package private(set) subscript(option: ServeOption) -> Setting? {
        get { values[option.index] }
        set { values[option.index] = newValue }
    }

    package mutating func set(_ option: ServeOption, _ text: String, _ origin: SettingOrigin) {
        if let present = self[option], present.origin.rank > origin.rank {
            return
        }
        var text = text
        if option == .acceptDataLoss, let present = self[option], present.origin == origin {
            text = present.text + "," + text
        }
        self[option] = Setting(text: text, origin: origin)
    }

    /// Enters one `KEY=VALUE`.
    package mutating func setBrokerConfig(_ text: String, _ origin: SettingOrigin) throws(StartError) {
        let setting = Setting(text: text, origin: origin)
        guard let separator = text.firstIndex(of: "="), separator != text.startIndex else {
            throw setting.wrong("'\(text)' is not of the form KEY=VALUE")
        }
        let value = String(text[text.index(after: separator)...])
        setBrokerConfig(String(text[..<separator]), value, origin)
    }

    mutating func setBrokerConfig(_ key: String, _ value: String, _ origin: SettingOrigin) {
        if let present = brokerConfigs[key], present.origin.rank > origin.rank {
            return
        }
        brokerConfigs[key] = Setting(text: value, origin: origin)
    }

    mutating func setCluster(_ id: String, _ settings: ClusterSettings) {
        clusters[id] = settings
    }

    /// Reads the `TWINLOG_…` variables; `TWINLOG_BROKER_CONFIG` holds `KEY=VALUE` pairs separated by semicolons, since
    /// values contain commas. Variables of other commands are left alone.
    package mutating func read(environment: [String: String]) throws(StartError) {
        for option in ServeOption.allCases {
            let name = option.environmentName
            guard let value = environment[name], !value.isEmpty else {
                continue
            }
            guard option == .brokerConfig else {
                set(option, value, .environment(name))
                continue
            }
            for pair in value.split(separator: ";") {
                try setBrokerConfig(String(pair), .environment(name))
            }
        }
    }
}

/// What the file says about one cluster.
package struct ClusterSettings: Sendable, Equatable {
    var name: Setting?
    var brokers: Setting?
    var portBase: Setting?
    /// By listener, as the file spells it.
    var ports: [String: Setting] = [:]
    var brokerConfigs: [String: Setting] = [:]
}
