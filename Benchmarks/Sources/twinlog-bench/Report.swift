import Foundation

/// One line of the tables: what was measured, under which parameters, with which results.
struct Measurement: Codable {
    var group: String
    var name: String
    var values: [String: Double]
}

struct Report: Codable {
    var date: String
    var machine: String
    var cores: Int
    var secondsPerCell: Double
    var measurements: [Measurement] = []

    init(secondsPerCell: Double) {
        date = Date.now.formatted(.iso8601)
        cores = ProcessInfo.processInfo.activeProcessorCount
        let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = facts.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last
        let memory = Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)
        machine =
            "\(cores) cores (\(model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown")), "
            + "\(Int(memory.rounded())) GiB"
        self.secondsPerCell = secondsPerCell
    }

    /// Adds a line and prints it.
    mutating func add(_ group: Group, _ name: String, _ values: KeyValuePairs<String, Double>) {
        measurements.append(
            Measurement(group: group.rawValue, name: name, values: Dictionary(uniqueKeysWithValues: values.map { $0 })))
        let text = values.map { "\($0.key) \(Self.short($0.value))" }.joined(separator: "  ")
        say("\(group.rawValue.padded(to: 10)) \(name.padded(to: 46)) \(text)")
    }

    func value(_ group: Group, _ name: String, _ key: String) -> Double? {
        measurements.first { $0.group == group.rawValue && $0.name == name }?.values[key]
    }

    /// Three significant digits, or whole numbers with separators.
    static func short(_ value: Double) -> String {
        if value == 0 { return "0" }
        if abs(value) >= 1000 { return Int(value.rounded()).formatted(.number.grouping(.automatic)) }
        return value.formatted(.number.precision(.significantDigits(3)).grouping(.never))
    }

    func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let data = try encoder.encode(self)
        let name = date.replacing(":", with: "") + ".json"
        try data.write(to: folder.appending(path: name))
        try data.write(to: folder.appending(path: "latest.json"))
        say("written: \(folder.appending(path: name).path)")
    }
}

/// Prints a line at once, whether or not it goes to a terminal.
func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

extension String {
    func padded(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }
}
