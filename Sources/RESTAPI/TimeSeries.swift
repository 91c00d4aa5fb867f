/// What numbers over time are about.
package enum SeriesSubject: Sendable, Equatable {
    case cluster
    case topic(String)
    case link(String)
}

/// How far apart two values are, and how many there are at most.
package enum SeriesStep: Int64, Sendable, CaseIterable {
    /// The last five minutes.
    case second = 1_000
    /// The last hour.
    case tenSeconds = 10_000
}

/// Numbers over time, all of the same moments.
package struct TimeSeries: Sendable {
    /// One number.
    package struct Line: Sendable {
        package var name: String
        /// `bytes/s`, `records/s`, `requests/s`, `connections`, `records` or `ms`.
        package var unit: String
        /// Oldest first; nil where nothing is known.
        package var values: [Double?]

        package init(name: String, unit: String, values: [Double?]) {
            self.name = name
            self.unit = unit
            self.values = values
        }
    }

    package var step: SeriesStep
    /// Milliseconds since the epoch of the last value.
    package var endMs: Int64
    package var lines: [Line]
    /// Why something is missing, in words.
    package var notice: String?

    package init(step: SeriesStep, endMs: Int64, lines: [Line], notice: String? = nil) {
        self.step = step
        self.endMs = endMs
        self.lines = lines
        self.notice = notice
    }
}
