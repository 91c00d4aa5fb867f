import Foundation

/// The page for the documentation: ratios first, because they travel from machine to machine better than rates.
extension Report {
    func markdown() -> String {
        var lines = [
            "# Performance", "",
            "Written by `make bench BENCH_ARGS=\"--markdown Docs/performance.md\"` on \(date):", "",
            "* machine: \(machine); server and load generator share it, and everything goes over loopback",
            "* \(Self.short(secondsPerCell)) s for each figure, the release build, durability `os`", "",
            "Rates move from run to run with whatever else the machine does. Ratios and CPU time move less.",
            "",
            "## Ratios and aims", "", "| what | measured | aim |", "|---|---|---|",
        ]
        lines += aims.compactMap { aim in
            aim.value.map { "| \(aim.what) | \(Self.short($0)) \(aim.unit) | \(aim.aim) |" }
        }
        for group in Group.allCases {
            let rows = measurements.filter { $0.group == group.rawValue }
            guard let first = rows.first else { continue }
            let columns = columnOrder.filter { first.values[$0] != nil }
            lines += [
                "", "## \(title(group))", "", "| |" + columns.map { " \($0) |" }.joined(),
                "|---|"
                    + columns.map { _ in "---:|" }.joined(),
            ]
            lines += rows.map { row in
                "| \(row.name) |" + columns.map { " \(Self.short(row.values[$0] ?? 0)) |" }.joined()
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private struct Aim {
        let what: String
        let value: Double?
        let unit: String
        let aim: String
    }

    private var aims: [Aim] {
        let written = value(.sustained, "1 MB batches, 4 conn × 2, \(Self.short(5 * secondsPerCell)) s", "MB/s")
        func percent(_ group: Group, _ name: String) -> Double? { value(group, name, "ratio").map { $0 * 100 } }
        return [
            Aim(
                what: "fetch ÷ loopback, 1 connection", value: percent(.ratio, "fetch 1 MB, 1 conn"), unit: "%",
                aim: "≥ 70 %"),
            Aim(
                what: "fetch ÷ loopback, 10 connections",
                value: percent(
                    .ratio, "fetch 1 MB, 10 conn"), unit: "%", aim: "≥ 70 %"),
            Aim(
                what: "produce ÷ loopback, 1 connection", value: percent(.ratio, "produce 1 MB, 1 conn"), unit: "%",
                aim: ""),
            Aim(
                what: "mirror ÷ consume, 1 connection each",
                value: measurements.first { $0.group == "mirror" }?
                    .values["ratio"].map { $0 * 100 }, unit: "%", aim: ""),
            Aim(what: "sustained produce, 1 MB batches", value: written, unit: "MB/s", aim: "≥ 400 MB/s"),
            Aim(
                what: "server CPU of a one-record produce, 50 connections",
                value: value(
                    .small, "1 record of 100 B, 50 conn × 1", "CPU µs/request"), unit: "µs", aim: "≤ 12 µs"),
            Aim(
                what: "mirror lag at 500 records/s, p50",
                value: value(
                    .lag, "500 records/s, read from the mirror", "p50 ms"), unit: "ms", aim: ""),
            Aim(
                what: "mirror lag at 500 records/s, p99",
                value: value(
                    .lag, "500 records/s, read from the mirror", "p99 ms"), unit: "ms", aim: ""),
            Aim(
                what: "start to first answer",
                value: value(
                    .start, "start to first ApiVersions answer", "median ms"), unit: "ms", aim: "≤ 10 ms"),
            Aim(
                what: "idle memory with both clusters and HTTP",
                value: value(
                    .memory, "idle, both clusters and HTTP", "RSS MiB"), unit: "MiB", aim: "≤ 25 MiB"),
        ]
    }

    private var columnOrder: [String] {
        [
            "mirror MB/s", "consume MB/s", "broker MB/s", "loopback MB/s", "ratio", "MB/s", "records/s",
            "CPU µs/request", "requests/s", "CPU s/GB", "median ms",
            "best ms", "RSS MiB", "p50 µs", "p99 µs", "p50 ms", "p99 ms", "longest ms", "load s",
        ]
    }

    private func title(_ group: Group) -> String {
        switch group {
        case .start: "Start"
        case .memory: "Memory"
        case .loopback: "What loopback allows"
        case .ratio: "Against loopback (no broker: frames in, frames out), in turns, medians of three"
        case .small: "Small produce requests"
        case .produce: "Produce, one request in flight per connection"
        case .fetch: "Fetch, up to 1 MiB per request, one in flight per connection"
        case .mirror: "Mirror throughput"
        case .lag: "Lag: from sending a record to a consumer having it"
        case .stall: "Stalls: a small produce a millisecond on a connection of its own, beside a load"
        case .sustained: "Sustained produce"
        }
    }
}
