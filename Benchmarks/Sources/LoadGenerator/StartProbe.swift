import Foundation
import Glibc

/// Starts a server again and again, and asks for its first answer as soon as anybody could.
package final class StartProbe {
    private let executable: String
    private let directory: URL
    private let options: [String]
    private let address: Address

    /// What one life of the server took.
    package struct Life {
        /// From starting the process to its first answer.
        package let answerSeconds: Double
        /// CPU time of all its life, which ends with SIGTERM a quarter of a second later.
        package let cpuSeconds: Double
        /// From SIGTERM to the end of the process.
        package let stopSeconds: Double
    }

    /// Takes ports below those that the system gives to clients.
    package init(executable: String, options: [String], dataParent: URL) throws {
        self.executable = executable
        directory = dataParent.appending(path: "twinlog-start-\(getpid())-\(Clock.now())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let base = 21_000 + Int(getpid()) % 100 * 100
        self.options = ["--quiet", "--port-base", "\(base)", "--http-port", "\(base + 90)"] + options
        address = try Address("127.0.0.1:\(base)")
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// The next start is a first one.
    package func forget() {
        try? FileManager.default.removeItem(at: data)
    }

    private var data: URL { directory.appending(path: "data") }

    /// - Parameters:
    ///   - signal: how this life ends.
    ///   - body: while it lasts.
    package func live(endsWith signal: Int32 = SIGTERM, _ body: (Address) throws -> Void = { _ in }) throws -> Life {
        let log = directory.appending(path: "server.log").path
        let begin = Clock.now()
        let process = try ServerProcess.spawn(
            executable, ["serve", "--data-dir", data.path] + options, log: log)
        do {
            while !answers() {
                guard Clock.seconds(since: begin) < 60 else {
                    throw BenchmarkError("no answer: " + ((try? String(contentsOfFile: log, encoding: .utf8)) ?? ""))
                }
                Clock.pause(milliseconds: 0.05)
            }
            let answer = Clock.seconds(since: begin)
            try body(address)
            Clock.pause(milliseconds: 250)
            let end = Clock.now()
            let cpu = ServerProcess.end(process, signal)
            return Life(answerSeconds: answer, cpuSeconds: cpu, stopSeconds: Clock.seconds(since: end))
        } catch {
            ServerProcess.end(process, SIGKILL)
            throw error
        }
    }

    private func answers() -> Bool {
        guard let connection = try? AdminConnection(address) else { return false }
        return (try? connection.apiVersions()) != nil
    }
}
