import Foundation

/// The page for the documentation: ratios first, because they travel from machine to machine better than rates.
extension Report {
    /// The page with what was measured now; other sections of a page that is there stay as they are.
    func markdown(updating old: String?) -> String {
        guard let old, Set(measurements.map(\.group)).count < Group.allCases.count else { return markdown() }
        var sections = old.components(separatedBy: "\n## ")
        for group in Group.allCases {
            guard let section = section(group) else { continue }
            let text = section.joined(separator: "\n").dropFirst(3) + "\n"
            if let index = sections.firstIndex(where: { $0.hasPrefix(title(group) + "\n") }) {
                sections[index] = String(text)
            } else {
                sections.append(String(text))
            }
        }
        if let index = sections.firstIndex(where: { $0.hasPrefix("Ratios and aims\n") }) {
            var lines = sections[index].components(separatedBy: "\n")
            for aim in aims {
                guard let row = row(aim) else { continue }
                if let line = lines.firstIndex(where: { $0.hasPrefix("| \(aim.what) |") }) {
                    lines[line] = row
                } else {
                    let last = lines.lastIndex { $0.hasPrefix("|") } ?? lines.count - 1
                    lines.insert(row, at: last + 1)
                }
            }
            sections[index] = lines.joined(separator: "\n")
        }
        return sections.joined(separator: "\n## ")
    }

    private func row(_ aim: Aim) -> String? {
        aim.value.map { "| \(aim.what) | \(Self.short($0)) \(aim.unit) | \(aim.aim) |" }
    }

    /// One table with its title and when it was measured; nil when it was not.
    private func section(_ group: Group) -> [String]? {
        let rows = measurements.filter { $0.group == group.rawValue }
        guard !rows.isEmpty else { return nil }
        let columns = columnOrder.filter { column in rows.contains { $0.values[column] != nil } }
        let before = group == .stall ? Self.stallsBefore : [:]
        var lines = ["## \(title(group))", "", "Release build, \(date), \(machine), shared by server and load."]
        if !before.isEmpty {
            lines.append("Before: the longest answer of a debug build before loads were cut into slices, in ms.")
        }
        let titles = columns + (before.isEmpty ? [] : ["before"])
        lines += ["", "| |" + titles.map { " \($0) |" }.joined(), "|---|" + titles.map { _ in "---:|" }.joined()]
        lines += rows.map { row in
            var cells = columns.map { row.values[$0].map(Self.short) ?? "" }
            if !before.isEmpty { cells.append(before[row.name] ?? "") }
            return "| \(row.name) |" + cells.map { " \($0) |" }.joined()
        }
        return lines
    }

    private func markdown() -> String {
        var lines = [
            "# Performance", "",
            "Written by `make bench BENCH_ARGS=\"--markdown Docs/performance.md\"` on \(date):", "",
            "* machine: \(machine); server and load generator share it, and everything goes over loopback",
            "* \(Self.short(secondsPerCell)) s for each figure, the release build, durability `os`", "",
            "Rates move from run to run with whatever else the machine does. Ratios and CPU time move less.",
            "",
            "## Ratios and aims", "", "| what | measured | aim |", "|---|---|---|",
        ]
        lines += aims.compactMap(row)
        for group in Group.allCases {
            lines += section(group).map { [""] + $0 } ?? []
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Longest answers in milliseconds, of a debug build on the same machine, before section by section was repaired.
    private static let stallsBefore = [
        "nothing else": "7.3", "create a topic of 10,000 partitions": "3,007", "delete it": "7,599",
        "create 100 topics of 100 partitions": "68", "delete them": "44",
        "500 names created by one Metadata request": "242",
        "DescribeConfigs of one topic, 10,000 times in a request": "2,337",
        "OffsetFetch of one partition, 100,000 times in a request": "80",
        "40 connections fetch 50 MB each and read nothing": "1,232 (531 MiB)",
        "20 batches of 1 MB that are 20 MiB once decompressed": "44",
        "200 log-ins with a wrong password, 20 at a time": "13",
        "1,000 half HTTP requests; the load is one GET /healthz": "8.4 (answered after 57 s)",
        "fsync: nothing else": "8.9", "fsync: 20 producers on 20 partitions": "84",
        "fsync: create a topic of 10,000 partitions": "24,933", "fsync: delete it": "5,599",
        "fsync: create 100 topics of 100 partitions": "2,437", "fsync: delete them": "1,363",
        "fsync: 500 names created by one Metadata request": "3,301",
    ]

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
                what: "first start to first answer", value: value(.start, Run.firstStart, "median ms"), unit: "ms",
                aim: "≤ 10 ms"),
            Aim(
                what: "restart to first answer", value: value(.start, Run.restart, "median ms"), unit: "ms",
                aim: "≤ 10 ms"),
            Aim(
                what: "release binary, stripped, with the Swift runtime", value: value(.start, Run.binary, "MB"),
                unit: "MB", aim: "≤ 50 MB"),
            Aim(
                what: "a client's p99 while another creates 10,000 partitions",
                value: value(.stall, "create a topic of 10,000 partitions", "p99 ms"), unit: "ms", aim: "≤ 50 ms"),
            Aim(
                what: "longest stall under any load",
                value: measurements.filter { $0.group == "stall" }.compactMap { $0.values["longest ms"] }.max(),
                unit: "ms", aim: "≤ 50 ms"),
            Aim(
                what: "idle memory with both clusters and HTTP",
                value: value(
                    .memory, "idle, both clusters and HTTP", "RSS MiB"), unit: "MiB", aim: "≤ 25 MiB"),
        ]
    }

    private var columnOrder: [String] {
        [
            "mirror MB/s", "consume MB/s", "broker MB/s", "loopback MB/s", "ratio", "MB/s", "records/s",
            "CPU µs/request", "requests/s", "CPU s/GB", "MB", "median ms",
            "best ms", "CPU ms", "stop ms", "p50 µs", "p99 µs", "p50 ms", "p99 ms", "longest ms", "load s", "CPU %",
            "RSS MiB",
        ]
    }

    private func title(_ group: Group) -> String {
        switch group {
        case .start: "Start: from the process to its first answer to ApiVersions"
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
