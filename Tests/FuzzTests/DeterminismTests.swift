import Foundation
import Testing

enum Repository {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// The fuzzer as a process; the program lies beside the tests' bundle.
enum FuzzerProgram {
    struct Run {
        let isSuccess: Bool
        let output: String
        let errors: String
    }

    static func run(_ arguments: String...) throws -> Run {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = Repository.root.appending(path: ".build/debug/Fuzzer")
        process.currentDirectoryURL = Repository.root
        process.arguments = arguments
        // What Swift says of a trap is long, and takes long.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Little is said on either, so that neither pipe fills while the other one is read.
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        let wrong = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Run(
            isSuccess: process.terminationReason == .exit && process.terminationStatus == 0,
            output: String(decoding: said, as: UTF8.self), errors: String(decoding: wrong, as: UTF8.self))
    }
}

/// Dictionaries and sets are ordered differently in each process, so only two processes can show that nothing of a
/// cluster depends on their order.
@Suite("The same seed gives the same cluster")
struct DeterminismTests {
    private static func workload(seed: UInt64) throws -> String {
        let run = try FuzzerProgram.run("workload", String(seed))
        try #require(run.isSuccess, "\(run.errors)")
        return run.output
    }

    @Test("files, answers and planned times are the same in two processes", arguments: [1, 2] as [UInt64])
    func sameInTwoProcesses(seed: UInt64) throws {
        let first = try Self.workload(seed: seed)
        #expect(!first.isEmpty)
        #expect(try Self.workload(seed: seed) == first)
    }

    @Test("another seed gives another cluster")
    func otherSeed() throws {
        #expect(try Self.workload(seed: 1) != Self.workload(seed: 3))
    }
}
