import KafkaProtocol

/// What operators and scripts ask: is it alive, is it ready, how much does it hold.
enum OperationsRoutes {
    static let routes: [Route] = [
        Route(.get, "/healthz") { _, _ in .json(["status": "ok"]) },
        Route(.get, "/readyz") { _, fleet in
            await fleet.isReady ? .json(["status": "ready"]) : .json(["status": "starting"], status: 503)
        },
        Route(.get, "/metrics") { _, fleet in
            .text(try await metrics(fleet), contentType: "text/plain; version=0.0.4; charset=utf-8")
        },
        Route(.get, "/") { request, fleet in
            .text(await welcome(request, fleet))
        },
    ]

    private static func welcome(_ request: RESTRequest, _ fleet: any FleetBackend) async -> String {
        var lines = ["Twinlog is running.", ""]
        for cluster in await fleet.clusters {
            let info = await cluster.info
            let bootstrap = info.bootstrap.sorted { $0.key < $1.key }.map { "\($0.key)://\($0.value)" }
            lines.append("\(info.name) (\(cluster.clusterID)): \(bootstrap.joined(separator: "  "))")
        }
        lines += [
            "",
            "Kafka REST v3   \(request.base)/kafka/v3/clusters",
            "Metrics         \(request.base)/metrics",
            "Health          \(request.base)/healthz and /readyz",
            "",
        ]
        return lines.joined(separator: "\n")
    }

    // MARK: Metrics

    /// Prometheus text exposition format 0.0.4.
    private static func metrics(_ fleet: any FleetBackend) async throws -> String {
        var page = MetricsPage()
        for cluster in await fleet.clusters {
            let labels = [("cluster", cluster.clusterID)]
            let numbers = try await cluster.statistics()
            page.gauge("twinlog_topics", "Topics.", labels, numbers.topics)
            page.gauge("twinlog_partitions", "Partitions of all topics.", labels, numbers.partitions)
            page.gauge("twinlog_connections", "Open client connections.", labels, numbers.connections)
            page.gauge("twinlog_log_bytes", "Bytes of all partition logs.", labels, numbers.logBytes)
            page.gauge("twinlog_groups", "Consumer groups.", labels, numbers.groups)
            for link in try await cluster.links() {
                page.gauge(
                    "twinlog_link_up", "Whether the link is ACTIVE.", labels + [("link", link.name)],
                    link.state == .active ? 1 : 0)
            }
            for mirror in try await cluster.mirrors(link: nil) {
                for lag in mirror.lags where lag.lag >= 0 {
                    page.gauge(
                        "twinlog_mirror_lag_records",
                        "Offsets by which a mirror partition is behind its source's high watermark.",
                        labels + [
                            ("link", mirror.linkName), ("topic", mirror.mirrorTopicName),
                            ("partition", "\(lag.partition)"),
                        ], lag.lag)
                }
            }
        }
        return page.text
    }
}

/// Samples grouped by metric, in the order in which the metrics were first seen.
struct MetricsPage {
    private var order: [String] = []
    private var blocks: [String: String] = [:]

    mutating func gauge(
        _ name: String, _ help: String, _ labels: [(String, String)], _ value: some BinaryInteger
    ) {
        if blocks[name] == nil {
            order.append(name)
            blocks[name] = "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
        }
        let text = labels.map { "\($0.0)=\"\(MetricsPage.escape($0.1))\"" }.joined(separator: ",")
        blocks[name]? += "\(name){\(text)} \(value)\n"
    }

    var text: String { order.compactMap { blocks[$0] }.joined() }

    private static func escape(_ value: String) -> String {
        var result = ""
        for character in value {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }
}
