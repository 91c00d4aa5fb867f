import Foundation
import Testing

enum Repository {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// Dictionaries and sets are ordered differently in each process, so only two processes can show that nothing of a
/// cluster depends on their order.
@Suite("The same seed gives the same cluster")
struct DeterminismTests {
    /// The program lies beside the tests' bundle.
    private static let fuzzer = Repository.root.appending(path: ".build/debug/Fuzzer")

    private static func workload(seed: UInt64) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = fuzzer
        process.arguments = ["workload", String(seed)]
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationReason == .exit && process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
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
