import Foundation
import LoadGenerator

/// Which measurement to make, in the order of the run.
enum Group: String, CaseIterable {
    case start, memory, ratio, small, mirror, lag, stall, sustained, loopback, produce, fetch
}

struct Options {
    var server: String?
    var target: Target?
    var groups = Group.allCases
    /// Seconds of each cell of a table.
    var seconds = 1.0
    var results: URL?
    var markdown: URL?
    var data = FileManager.default.temporaryDirectory
    var serverOptions: [String] = []

    static let usage = """
        usage: twinlog-bench (--server PATH | --bootstrap HOST:PORT [--dest HOST:PORT --http HOST:PORT])
          --server PATH       start this twinlog, afresh for every group of measurements
          --bootstrap …       measure what listens there; a process id in --pid gives CPU time and memory
          --only GROUP,…      of \(Group.allCases.map(\.rawValue).joined(separator: ", "))
          --seconds S         length of each measurement, default 1
          --quick             a fifth of that: shows that everything runs
          --results DIR       write JSON there
          --markdown FILE     write the page for the documentation; with --only, that page's sections of these groups
          --data DIR          where the server's data goes, default the temporary directory
          --serve-option OPT  passed on to `twinlog serve`, repeatable
        """

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        var source: Address?
        var dest: Address?
        var http: Address?
        var processID: Int32?
        func value(_ name: String) throws -> String {
            guard let value = rest.popFirst() else { throw BenchmarkError("\(name) needs a value\n\(Self.usage)") }
            return value
        }
        while let name = rest.popFirst() {
            switch name {
            case "--server": server = try value(name)
            case "--bootstrap": source = try Address(value(name))
            case "--dest": dest = try Address(value(name))
            case "--http": http = try Address(value(name))
            case "--pid": processID = Int32(try value(name))
            case "--only":
                groups = try value(name).split(separator: ",").map { word in
                    guard let group = Group(rawValue: String(word)) else { throw BenchmarkError("no group '\(word)'") }
                    return group
                }
            case "--seconds": seconds = max(0.05, Double(try value(name)) ?? 1)
            case "--quick": seconds = 0.2
            case "--results": results = URL(filePath: try value(name))
            case "--markdown": markdown = URL(filePath: try value(name))
            case "--data": data = URL(filePath: try value(name))
            case "--serve-option": serverOptions.append(try value(name))
            default: throw BenchmarkError("unknown option '\(name)'\n\(Self.usage)")
            }
        }
        target = source.map { Target(source: $0, dest: dest, http: http, processID: processID) }
        guard (server == nil) != (target == nil) else { throw BenchmarkError(Self.usage) }
    }
}
