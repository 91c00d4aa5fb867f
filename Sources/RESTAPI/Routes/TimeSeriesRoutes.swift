import KafkaProtocol

/// `…/time-series` of a cluster, a topic and a link: numbers of the last minutes, or of the last hour.
enum TimeSeriesRoutes {
    private static let cluster = "/twinlog/v1/clusters/{cluster_id}"

    static let routes: [Route] = [
        route("") { _ in .cluster },
        route("/topics/{topic_name}") { .topic($0.capture("topic_name")) },
        route("/links/{link_name}") { .link($0.capture("link_name")) },
    ]

    private static func route(_ place: String, _ subject: @escaping @Sendable (RESTRequest) -> SeriesSubject) -> Route {
        Route(.get, PathTemplate(cluster + place + "/time-series")) { request, fleet in
            let cluster = try await fleet.cluster(request)
            let step = try step(request)
            let since = try sinceMs(request)
            return .json(describe(try await cluster.timeSeries(of: subject(request), step: step, sinceMs: since)))
        }
    }

    private static func step(_ request: RESTRequest) throws(RESTError) -> SeriesStep {
        guard let text = request.query["step_ms"] else {
            return .second
        }
        guard let step = Int64(text).flatMap(SeriesStep.init) else {
            throw RESTError(
                status: 400, code: 400, message: "Query parameter 'step_ms' must be 1000 or 10000, not '\(text)'.",
                source: .parameter("step_ms"))
        }
        return step
    }

    private static func sinceMs(_ request: RESTRequest) throws(RESTError) -> Int64? {
        guard let text = request.query["since_ms"] else {
            return nil
        }
        guard let since = Int64(text) else {
            throw RESTError(
                status: 400, code: 400,
                message: "Query parameter 'since_ms' must be milliseconds since the epoch, not '\(text)'.",
                source: .parameter("since_ms"))
        }
        return since
    }

    private static func describe(_ series: TimeSeries) -> JSON {
        [
            "kind": "TwinlogTimeSeries", "step_ms": JSON(series.step.rawValue), "end_ms": JSON(series.endMs),
            "series": .array(
                series.lines.map { line in
                    [
                        "name": .string(line.name), "unit": .string(line.unit),
                        "values": .array(line.values.map(describe)),
                    ]
                }), "notice": JSON(series.notice),
        ]
    }

    /// With one digit behind the point, where there is something there.
    private static func describe(_ value: Double?) -> JSON {
        guard let value, value.isFinite else {
            return .null
        }
        let short = abs(value) >= 1_000 ? value.rounded() : (value * 10).rounded() / 10
        return Int64(exactly: short).map { .int($0) } ?? .double(short)
    }
}
