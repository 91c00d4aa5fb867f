import ClusterCore

/// Who listens on which port, before anybody does: what does not fit is told with both names instead of a failed bind.
struct PortPlan {
    static let range = 1...65_535
    /// Ports of a cluster, from the first listener of its first broker on.
    static let blockSize = 100

    private var owners: [Int: String] = [:]

    /// Why ports cannot be as they were asked for, in words; nil when they can.
    mutating func add(_ spec: ClusterSpec) -> String? {
        for broker in 0..<spec.brokers {
            for listener in ClusterSpec.listeners {
                let owner = "\(listener.rawValue) of \(spec.name)'s broker \(broker + 1)"
                if let problem = add(spec.port(listener, brokerIndex: broker), owner) {
                    return problem
                }
            }
        }
        return nil
    }

    mutating func add(_ port: Int, _ owner: String) -> String? {
        guard Self.range.contains(port) else {
            return "\(owner) would listen on \(port): ports go from 1 to 65535"
        }
        if let other = owners.updateValue(owner, forKey: port) {
            return "\(other) and \(owner) would both listen on \(port)"
        }
        return nil
    }

    /// The same for everything that a process listens on.
    static func problem(_ specs: [ClusterSpec], httpPort: Int) -> String? {
        var plan = PortPlan()
        if let problem = plan.add(httpPort, "HTTP") {
            return problem
        }
        for spec in specs {
            if let problem = plan.add(spec) {
                return problem
            }
        }
        return nil
    }
}

extension ServeConfiguration {
    /// Whether all clusters and HTTP can have the ports that they are to have; nil when they can.
    func portProblem(_ specs: [ClusterSpec]) -> String? {
        ports == .auto ? nil : PortPlan.problem(specs, httpPort: httpPort)
    }

    /// Puts a cluster into its block of ports, unless it was given ports of its own.
    func placed(_ spec: ClusterSpec, block: Int) -> ClusterSpec {
        var spec = spec
        spec.block = block
        spec.basePort = spec.ownBase ?? (portBase + PortPlan.blockSize * block)
        return spec
    }
}
