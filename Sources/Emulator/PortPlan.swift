import ClusterCore

/// Who listens on which port, before anybody does: what does not fit is told with both names instead of a failed bind.
struct PortPlan {
    static let range = 1...65_535
    /// Ports of a cluster, from the first listener of its first broker on.
    static let blockSize = 100

    private var listeners: [(port: Int, owner: String)] = []

    mutating func add(_ spec: ClusterSpec) {
        for broker in 0..<spec.brokers {
            for listener in ClusterSpec.listeners {
                let owner = "\(listener.rawValue) of \(spec.name)'s broker \(broker + 1)"
                add(spec.port(listener, brokerIndex: broker), owner)
            }
        }
    }

    mutating func add(_ port: Int, _ owner: String) {
        listeners.append((port, owner))
    }

    /// Why ports cannot be as they were asked for, in words; nil when they can.
    var problem: String? {
        if let (port, owner) = listeners.first(where: { !Self.range.contains($0.port) }) {
            return "\(owner) would listen on \(port): ports go from 1 to 65535"
        }
        // Of one port, in the order in which they were added.
        let sorted = listeners.indices.sorted { (listeners[$0].port, $0) < (listeners[$1].port, $1) }
        for (one, other) in zip(sorted, sorted.dropFirst()) where listeners[one].port == listeners[other].port {
            return "\(listeners[one].owner) and \(listeners[other].owner) would both listen on \(listeners[one].port)"
        }
        return nil
    }

    /// The same for everything that a process listens on.
    static func problem(_ specs: [ClusterSpec], httpPort: Int) -> String? {
        var plan = PortPlan()
        plan.add(httpPort, "HTTP")
        for spec in specs {
            plan.add(spec)
        }
        return plan.problem
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
