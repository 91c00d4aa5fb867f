import Foundation
import FuzzSupport

// fuzzer everything ROUNDS        every number at every edge, then ROUNDS rounds by chance (0: until it is stopped)
// fuzzer chance SEED ROUNDS       rounds by chance from that seed on; the seed of a case at fault repeats it first
// fuzzer sample PART SEED         some cases of requests, configs, files or starts
// fuzzer fault KIND               a case that goes wrong, to show what is said then: trap, overflow, hang or error
// fuzzer workload SEED            runs one workload and prints what it left behind, as one number

/// A line that is seen when it is written, also through a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// What was tried, part by part, and how long it took.
struct Summary {
    private var total = FuzzReport()
    private let begin = ContinuousClock.now

    mutating func add(_ name: String, _ body: () throws -> FuzzReport) rethrows {
        let begin = ContinuousClock.now
        let report = try body()
        total.add(report)
        say("fuzz: \(report.cases) \(name) in \(Self.seconds(since: begin)) s, \(report.failureCount) failed")
    }

    private static func seconds(since begin: ContinuousClock.Instant) -> Int64 {
        (ContinuousClock.now - begin).components.seconds
    }

    func end() -> Never {
        for failure in total.failures { say("fuzz: failed: \(failure)") }
        say("fuzz: \(total.cases) cases in \(Self.seconds(since: begin)) s, \(total.failureCount) failed")
        exit(total.failureCount == 0 ? 0 : 1)
    }
}

struct Fuzzing {
    let apis: [ServedShape]
    let storage: StorageFuzz

    init() throws {
        apis = try ServedShape.all(ProtocolFiles.read(URL(filePath: FileManager.default.currentDirectoryPath)))
        storage = try StorageFuzz()
    }

    func run(_ part: String, _ extent: Extent) throws -> FuzzReport {
        switch part {
        case "requests": try RequestFuzz(apis).run(extent)
        case "configs": try ConfigFuzz(apis).run(extent)
        case "files": try storage.run(extent)
        case "starts": try StartFuzz(apis).run(extent)
        default: fatalError("no part of the fuzzer is named \(part)")
        }
    }

    private func round(_ seed: UInt64) throws -> FuzzReport {
        var report = try RequestFuzz(apis).round(seed)
        for step in 0..<10 { report.add(try storage.round(seed &+ UInt64(step))) }
        return report
    }

    /// - Parameter rounds: 0 for no end.
    func chance(from first: UInt64, rounds: Int, _ summary: inout Summary) throws {
        say("fuzz: by chance from seed \(first) on; SEED=\(first) repeats it")
        var seed = first
        var done = 0
        while rounds == 0 || done < rounds {
            let some = rounds == 0 ? 500 : min(500, rounds - done)
            // These take seconds, so that they come less often.
            try summary.add("configs and starts by chance, seed \(seed),") {
                var report = try run("configs", .sample(seed: seed))
                report.add(try run("starts", .sample(seed: seed)))
                return report
            }
            try summary.add("cases by chance, seeds from \(seed) on,") {
                var report = FuzzReport()
                for _ in 0..<some {
                    report.add(try round(seed))
                    seed &+= 1
                }
                return report
            }
            done += some
        }
    }
}

let arguments = Array(CommandLine.arguments.dropFirst())

func number(_ index: Int, _ fallback: UInt64) -> UInt64 {
    arguments.count > index ? UInt64(arguments[index]) ?? fallback : fallback
}

var summary = Summary()
switch arguments.first {
case "workload": say(try Workload(seed: number(1, 1)).run())
case "fault": Fault.happen(arguments.count > 1 ? arguments[1] : "", &summary)
case "sample":
    CurrentCase.patience = 60
    let seed = number(2, 1)
    try summary.add("\(arguments[1]), seed \(seed),") { try Fuzzing().run(arguments[1], .sample(seed: seed)) }
    summary.end()
case "chance":
    try Fuzzing().chance(from: number(1, 1), rounds: Int(number(2, 0)), &summary)
    summary.end()
default:
    let fuzzing = try Fuzzing()
    let names = [
        ("files", "damaged files and hostile batches"), ("starts", "starts from a damaged directory"),
        ("configs", "values of configs"), ("requests", "requests with a number at the edge, or cut short"),
    ]
    for (part, name) in names { try summary.add(name) { try fuzzing.run(part, .everything) } }
    try fuzzing.chance(from: .random(in: 0...UInt64.max / 2), rounds: Int(number(1, 0)), &summary)
    summary.end()
}
