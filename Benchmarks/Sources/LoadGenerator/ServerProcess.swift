import Foundation
import Glibc

/// The addresses of a server under measurement.
package struct Target: Sendable {
    package var source: Address
    package var dest: Address?
    package var http: Address?
    /// The source's listener that asks for a log-in, if it is known.
    package var saslPlaintext: Address?
    /// Its process, if it is ours: CPU time and memory are read of it.
    package var processID: Int32?

    package init(
        source: Address, dest: Address?, http: Address?, saslPlaintext: Address? = nil, processID: Int32?
    ) {
        self.source = source
        self.dest = dest
        self.http = http
        self.saslPlaintext = saslPlaintext
        self.processID = processID
    }
}

/// One `twinlog serve` process with a data directory of its own.
package final class ServerProcess {
    package private(set) var target: Target
    private let directory: URL
    private var processID: Int32

    private struct ReadyFile: Decodable {
        struct Cluster: Decodable {
            let id: String
            let bootstrap: [String: String]
        }
        let http: String
        let clusters: [Cluster]
    }

    /// - Parameter openFiles: how many files the process may have open; nil for as many as this one.
    package init(executable: String, options: [String] = [], dataParent: URL, openFiles: Int? = nil) throws {
        directory = dataParent.appending(path: "twinlog-bench-\(getpid())-\(Clock.now())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let ready = directory.appending(path: "ready.json")
        let arguments =
            [
                "serve", "--ports", "auto", "--ready-file", ready.path, "--data-dir",
                directory.appending(path: "data").path,
            ]
            + options
        let start = Clock.now()
        let log = directory.appending(path: "server.log").path
        if let openFiles {
            // The shell becomes the server.
            let command = ["-c", "ulimit -n \(openFiles) && exec \"$0\" \"$@\"", executable] + arguments
            processID = try Self.spawn("/bin/sh", command, log: log)
        } else {
            processID = try Self.spawn(executable, arguments, log: log)
        }
        do {
            target = try Self.waitForReadiness(ready, processID, since: start)
            try AdminConnection(target.source).apiVersions()
        } catch {
            kill(processID, SIGKILL)
            throw error
        }
    }

    deinit { stop() }

    /// Ends the server as `kill -9` does and removes its data.
    package func stop() {
        guard processID != 0 else { return }
        Self.end(processID, SIGKILL)
        processID = 0
        try? FileManager.default.removeItem(at: directory)
    }

    /// Sends a signal and waits for the end.
    /// - Returns: CPU seconds of the process's whole life, user and system.
    @discardableResult
    static func end(_ processID: Int32, _ signal: Int32) -> Double {
        kill(processID, signal)
        var status: Int32 = 0
        var usage = rusage()
        wait4(processID, &status, 0, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }

    static func spawn(_ executable: String, _ arguments: [String], log: String) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var pointers = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var processID: pid_t = 0
        let result = posix_spawn(&processID, executable, &actions, nil, &pointers, environ)
        guard result == 0 else { throw BenchmarkError("\(executable): \(String(cString: strerror(result)))") }
        return processID
    }

    private static func waitForReadiness(_ file: URL, _ processID: Int32, since start: UInt64) throws -> Target {
        while true {
            if let data = try? Data(contentsOf: file), let facts = try? JSONDecoder().decode(ReadyFile.self, from: data)
            {
                func address(_ id: String, _ listener: String = "PLAINTEXT") throws -> Address? {
                    try facts.clusters.first { $0.id == id }?.bootstrap[listener].map(Address.init)
                }
                guard let source = try address("lkc-source") else { throw BenchmarkError("no lkc-source") }
                return Target(
                    source: source, dest: try address("lkc-dest"), http: try Address(facts.http),
                    saslPlaintext: try address("lkc-source", "SASL_PLAINTEXT"), processID: processID)
            }
            var status: Int32 = 0
            guard waitpid(processID, &status, WNOHANG) == 0 else {
                let log = file.deletingLastPathComponent().appending(path: "server.log")
                throw BenchmarkError("the server ended: " + ((try? String(contentsOf: log, encoding: .utf8)) ?? ""))
            }
            guard Clock.seconds(since: start) < 30 else { throw BenchmarkError("the server was not ready within 30 s") }
            Clock.pause(milliseconds: 0.1)
        }
    }
}

/// What the kernel knows about a process.
package enum ProcessFacts {
    /// CPU seconds, user and system, since the process began.
    package static func cpuSeconds(_ processID: Int32) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8),
            let behindName = text.lastIndex(of: ")")
        else { return 0 }
        // From the state on; user and system time are fields 14 and 15 of the whole line.
        let fields = text[text.index(after: behindName)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Resident memory in bytes.
    package static func residentBytes(_ processID: Int32) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
}
