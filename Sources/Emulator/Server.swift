import KafkaTransport

/// `twinlog serve` from its checked configuration to its end.
package enum Server {
    /// Runs until SIGTERM or SIGINT. Another one, more than ``StopSignals/sameRequestMs`` later, ends the process with
    /// status 130, without waiting for a clean stop.
    /// - Throws: ``StartError`` when it could not start, or not stop cleanly.
    package static func run(_ configuration: ServeConfiguration) async throws(StartError) {
        let started = Process.monotonicMs()
        Process.keepFilesPrivate()
        let signals = await StopSignals.stream()
        for warning in configuration.warnings {
            Console.err("twinlog: warning: \(warning)")
        }
        let fleet = Fleet(configuration)
        try await fleet.start()
        if !configuration.isQuiet {
            let took = Process.monotonicMs() - started  // bounded: two readings of one clock
            Console.out(banner(await fleet.facts, configuration, tookMs: took))
        }
        Process.releaseStartupPages()
        let problems = await StopSignals.obey(signals) {
            await fleet.stop()
        } force: { _ in
            Process.endNow(130)
        }
        if let path = configuration.readyFile {
            ReadyFacts.remove(path)
        }
        if let problem = problems.first {
            throw StartError(.ioError, "not stopped cleanly, the next start will check the logs: \(problem)")
        }
    }

    static func banner(_ facts: ReadyFacts, _ configuration: ServeConfiguration, tookMs: Double) -> String {
        let place =
            switch configuration.storage {
            case .memory: "in memory"
            case .directory(let path): "data in \(path)"
            }
        let names = facts.clusters.map(\.name) + ["REST"]
        let idWidth = facts.clusters.map(\.id.count).max() ?? 0
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let nameWidth = names.map(\.count).max() ?? 0
        let clusters = facts.clusters.map { cluster in
            let addresses = cluster.bootstrap.map { "\($0.listener) \($0.address)" }.joined(separator: "  ")
            return "  \(padded(cluster.name, nameWidth))  \(padded(cluster.id, idWidth))  \(addresses)"
        }
        let head = "twinlog is ready in \(Int(tookMs.rounded())) ms, \(place)"
        return ([head] + clusters + ["  \(padded("REST", nameWidth))  \(facts.http)"]).joined(separator: "\n")
    }
}
