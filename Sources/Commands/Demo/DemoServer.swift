import RESTAPI

/// `twinlog serve` in a process of its own, with a data directory that goes away.
final class DemoServer {
    struct Cluster {
        let id: String
        let name: String
        /// `HOST:PORT` of the PLAINTEXT listener.
        let bootstrap: String

        init?(_ value: JSON) {
            guard let id = value["id"]?.string, let name = value["name"]?.string,
                let bootstrap = value["bootstrap"]?["PLAINTEXT"]?.string
            else {
                return nil
            }
            self.id = id
            self.name = name
            self.bootstrap = bootstrap
        }
    }

    let url: String
    let source: Cluster
    let destination: Cluster
    /// From the start of the process to the ready file.
    let startMs: Int64
    let directory: String
    var pid: Int32 { process.pid }
    private let process: ChildProcess
    private var isRunning = true

    private static let startLimitMs: Int64 = 30_000
    private static let stopLimitMs: Int64 = 10_000

    private init(process: consuming ChildProcess, directory: String, facts: JSON, startMs: Int64) throws(CLIError) {
        let clusters = (facts["clusters"]?.array ?? []).compactMap(Cluster.init)
        guard let url = facts["http"]?.string, clusters.count >= 2 else {
            process.stop(withinMs: DemoServer.stopLimitMs)
            Platform.removeTree(directory)
            throw CLIError("the server's ready file does not name two clusters")
        }
        self.url = url
        source = clusters[0]
        destination = clusters[1]
        self.startMs = startMs
        self.directory = directory
        self.process = process
    }

    static func start() throws -> DemoServer {
        let directory: String
        do throws(SystemError) {
            directory = try Platform.makeTemporaryDirectory(prefix: "twinlog-demo")
        } catch {
            throw CLIError("cannot make a temporary directory: \(error)")
        }
        do throws(SystemError) {
            try Platform.makeDirectory(commands(in: directory))
            try Platform.makeSymbolicLink(commands(in: directory) + "/twinlog", to: Platform.executablePath)
        } catch {
            Platform.removeTree(directory)
            throw CLIError("cannot prepare \(directory): \(error)")
        }
        let readyFile = directory + "/ready.json"
        let logFile = directory + "/serve.log"
        let started = Platform.monotonicMs
        let process: ChildProcess
        do throws(SystemError) {
            process = try ChildProcess(
                Platform.executablePath,
                ["serve", "--ports", "auto", "--data-dir", directory + "/data", "--ready-file", readyFile],
                environment: Platform.allVariables(), output: .file(logFile), ownGroup: true)
        } catch {
            Platform.removeTree(directory)
            throw CLIError("cannot start \"twinlog serve\": \(error)")
        }
        do throws(CLIError) {
            let facts = try waitUntilReady(process, readyFile, logFile)
            return try DemoServer(
                process: process, directory: directory, facts: facts, startMs: Platform.monotonicMs - started)
        } catch {
            Platform.removeTree(directory)
            throw error
        }
    }

    private static func waitUntilReady(
        _ process: borrowing ChildProcess, _ readyFile: String, _ logFile: String
    ) throws(CLIError) -> JSON {
        let deadline = Platform.monotonicMs + startLimitMs
        while true {
            if let bytes = try? Platform.readFile(readyFile), let facts = try? JSON.parse(bytes) {
                return facts
            }
            if let status = process.pollExit() {
                throw CLIError("\"twinlog serve\" ended with status \(status):\n\(tail(of: logFile))")
            }
            guard Platform.monotonicMs < deadline, !Interruption.requested else {
                process.stop(withinMs: stopLimitMs)
                throw CLIError("\"twinlog serve\" was not ready in time:\n\(tail(of: logFile))")
            }
            Platform.sleep(ms: 2)
        }
    }

    private static func tail(of path: String) -> String {
        let text = (try? Platform.readFile(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(whereSeparator: \.isNewline).suffix(10).joined(separator: "\n")
    }

    func checkAlive() throws(CLIError) {
        if isRunning, let status = process.pollExit() {
            isRunning = false
            let log = DemoServer.tail(of: directory + "/serve.log")
            throw CLIError("\"twinlog serve\" ended with status \(status):\n\(log)")
        }
    }

    /// Where `twinlog` is this very program, whatever its file is called.
    private static func commands(in directory: String) -> String { directory + "/bin" }

    /// Ours, with that folder first on the search path.
    private var environment: [String: String] {
        var variables = Platform.allVariables()
        let path = variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        variables["PATH"] = DemoServer.commands(in: directory) + ":" + path
        variables["TWINLOG_URL"] = url
        return variables
    }

    /// Runs a command line as a user's shell would.
    func shell(_ command: String) throws -> (status: Int32, text: String) {
        try Demo.checkInterruption()
        try checkAlive()
        let child = try ChildProcess(
            "/bin/sh", ["-c", command], environment: environment,
            output: .pipe)
        let text = try? child.readOutput()
        let status = child.wait()
        try Demo.checkInterruption()
        return (status, text ?? "")
    }

    func stop() {
        if isRunning {
            isRunning = false
            process.stop(withinMs: DemoServer.stopLimitMs)
        }
        Platform.removeTree(directory)
    }

    /// Stops the server and says so when it did not end well.
    func stopAndRemove() throws(CLIError) {
        guard isRunning else {
            return
        }
        isRunning = false
        let status = process.stop(withinMs: DemoServer.stopLimitMs)
        Platform.removeTree(directory)
        guard status == 0 else {
            throw CLIError("\"twinlog serve\" ended with status \(status) instead of stopping cleanly")
        }
    }
}
