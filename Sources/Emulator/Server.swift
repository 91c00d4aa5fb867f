import KafkaTransport

/// `twinlog serve` from its checked configuration to its end.
package enum Server {
    /// Runs until SIGTERM or SIGINT. A second signal ends the process without waiting for a clean stop.
    /// - Throws: ``StartError`` when it could not start, or not stop cleanly.
    package static func run(_ configuration: ServeConfiguration) async throws(StartError) {
        let started = Process.monotonicMs()
        let signals = StopSignals.stream()
        for warning in configuration.warnings {
            Console.err("twinlog: warning: \(warning)")
        }
        let fleet = Fleet(configuration)
        try await fleet.start()
        if !configuration.isQuiet {
            let took = Process.monotonicMs() - started
            Console.out(banner(await fleet.facts, configuration, tookMs: took))
        }
        var iterator = signals.makeAsyncIterator()
        _ = await iterator.next()
        let impatience = Task {
            for await _ in signals {
                Process.endNow(130)
            }
        }
        let problems = await fleet.stop()
        impatience.cancel()
        if let path = configuration.readyFile {
            ReadyFacts.remove(path)
        }
        if let problem = problems.first {
            throw StartError(.ioError, "not stopped cleanly: \(problem)")
        }
    }

    static func banner(_ facts: ReadyFacts, _ configuration: ServeConfiguration, tookMs: Double) -> String {
        let place =
            switch configuration.storage {
            case .memory: "in memory"
            case .directory(let path): "data in \(path)"
            }
        var rows = facts.clusters.map { cluster in
            [cluster.name, cluster.id] + cluster.bootstrap.map { "\($0.listener) \($0.address)" }
        }
        rows.append(["REST", facts.http])
        let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            "  "
                + row.enumerated().map { column, text in
                    column + 1 < row.count && column < 2
                        ? text + String(repeating: " ", count: widths[column] - text.count) : text
                }.joined(separator: "  ")
        }
        let head = "twinlog is ready in \(Int(tookMs.rounded())) ms, \(place)"
        return ([head] + lines).joined(separator: "\n")
    }
}
