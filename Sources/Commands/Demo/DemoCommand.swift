import ArgumentParser
import RESTAPI

/// The course's exercise on real processes, from an empty data directory to compared bytes.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Run the whole exercise: two clusters, a link, a mirror, every byte compared.",
        discussion: """
            Starts "twinlog serve" with a temporary data directory on free ports, runs the commands that a user would \
            type (each is printed first), and stops everything again. Needs kcat. Exits with status 0 only if the \
            mirror equals its source.
            """)

    @Flag(help: "Leave the server running at the end.")
    var keep = false

    @Option(help: "How many events to write.")
    var records: Int = 600

    func validate() throws {
        guard (3...1_000_000).contains(records) else {
            throw ValidationError("--records must be between 3 and 1000000.")
        }
    }

    func run() throws {
        guard Platform.find(program: "kcat") != nil else {
            throw CLIError(
                "the demo needs kcat, which was not found (Debian: apt-get install kcat; macOS: brew install kcat)")
        }
        Interruption.catchSignals(once: false)
        let screen = DemoScreen()
        screen.title("Twinlog: two clusters, one link, one mirror topic")
        let started = Platform.monotonicMs
        let server = try DemoServer.start()
        do {
            try Demo(server: server, screen: screen, records: records).run()
            screen.success("The mirror equals its source, byte by byte.", ms: Platform.monotonicMs - started)
        } catch {
            server.stop()
            guard !Interruption.requested else {
                Platform.printError("\nInterrupted; everything was stopped and removed.")
                throw Interrupted()
            }
            screen.failure("\(error)")
            throw ExitCode.failure
        }
        if keep {
            screen.keepRunning(server)
        } else {
            try server.stopAndRemove()
        }
    }
}

/// The steps of the exercise.
struct Demo {
    let server: DemoServer
    let screen: DemoScreen
    let records: Int

    static let topic = "link-topic"
    static let link = "my-cluster-link"
    /// Longer than any of the steps takes on a slow machine.
    private static let deadlineMs: Int64 = 120_000

    private var source: DemoServer.Cluster { server.source }
    private var destination: DemoServer.Cluster { server.destination }

    func run() throws {
        screen.started(server)
        try createTopic()
        try produce()
        try createLink()
        try produceMore()
        try waitForMirror()
        try compareLastEvent()
        try produceToMirror()
        try verify()
    }

    private func createTopic() throws {
        screen.step("A topic with three partitions in the source cluster")
        try shell("twinlog kafka topic create \(Demo.topic) --cluster \(source.id) --partitions 3")
    }

    /// Written before there is a mirror; the rest comes while it follows.
    private var early: Int { records * 2 / 3 }

    private func produce() throws {
        screen.step("\(early) TRANSACTIONS events, written by kcat")
        try shell(
            "twinlog datagen TRANSACTIONS --iterations \(early) --keys '|' "
                + "| kcat -P -b \(source.bootstrap) -t \(Demo.topic) -K '|' -z lz4")
        try shell("twinlog kafka topic describe \(Demo.topic) --cluster \(source.id)")
    }

    private func createLink() throws {
        screen.step("A link that brings the source's data to the destination, and a mirror topic")
        try shell(
            "twinlog kafka link create \(Demo.link) --cluster \(destination.id) "
                + "--source-cluster-id \(source.id) --source-bootstrap-server \(source.bootstrap)")
        try shell("twinlog kafka mirror create \(Demo.topic) --link \(Demo.link) --cluster \(destination.id)")
    }

    private func produceMore() throws {
        screen.step("\(records - early) more events while the mirror follows, written by twinlog")
        try shell(
            "twinlog datagen TRANSACTIONS --skip \(early) --iterations \(records - early) --keys '|' "
                + "| twinlog kafka topic produce \(Demo.topic) --cluster \(source.id) --parse-key --delimiter '|'")
    }

    private func waitForMirror() throws {
        screen.step("The mirror catches up")
        let client = RESTClient(try ServerURL(server.url))
        let path = "/kafka/v3/clusters/\(destination.id)/links/\(Demo.link)/mirrors/\(Demo.topic)"
        let deadline = Platform.monotonicMs + Demo.deadlineMs
        var progress = MirrorProgress(try client.get(path), total: records)
        while !progress.isComplete {
            try server.checkAlive()
            guard Platform.monotonicMs < deadline else {
                throw CLIError("the mirror has not caught up after \(Demo.deadlineMs / 1_000) s: \(progress)")
            }
            screen.progress(progress, isLast: false)
            Platform.sleep(ms: 50)
            try Demo.checkInterruption()
            progress = MirrorProgress(try client.get(path), total: records)
        }
        screen.progress(progress, isLast: true)
        try shell("twinlog kafka mirror describe \(Demo.topic) --link \(Demo.link) --cluster \(destination.id)")
    }

    private func compareLastEvent() throws {
        screen.step("The last event of partition 1, read by kcat from both clusters")
        let left = try lastEvent(source)
        let right = try lastEvent(destination)
        screen.sideBySide(
            titles: ["", source.name, destination.name],
            rows: [
                ["offset", "\(left.offset)", "\(right.offset)"],
                ["transaction_id", "\(left.transactionID)", "\(right.transactionID)"],
                ["same bytes", "", left.text == right.text ? "yes" : "NO"],
            ])
        guard left == right else {
            throw CLIError("the last events of partition 1 differ")
        }
    }

    private func lastEvent(_ cluster: DemoServer.Cluster) throws -> LastEvent {
        let output = try shell(
            "kcat -C -q -b \(cluster.bootstrap) -t \(Demo.topic) -p 1 -o -1 -c 1 -f '%o %s\\n'")
        guard let event = LastEvent(kcat: output) else {
            throw CLIError("kcat printed no event of partition 1 of \(cluster.name)")
        }
        return event
    }

    private func produceToMirror() throws {
        screen.step("The mirror topic refuses producers")
        let result = try server.shell(
            screen.command("echo 'not from the source' | kcat -P -b \(destination.bootstrap) -t \(Demo.topic) -p 1"))
        screen.output(result.text)
        guard result.status != 0 else {
            throw CLIError("the mirror topic took a record from a producer")
        }
        guard result.text.contains("Invalid request") else {
            throw CLIError("the producer failed for another reason than the documented one")
        }
    }

    private func verify() throws {
        screen.step("Every batch of every partition, compared")
        try shell("twinlog kafka mirror verify \(Demo.topic) --link \(Demo.link) --cluster \(destination.id)")
    }

    /// Prints a command, runs it and prints what it says. A command that fails ends the demo.
    @discardableResult
    private func shell(_ command: String) throws -> String {
        let result = try server.shell(screen.command(command))
        screen.output(result.text)
        guard result.status == 0 else {
            throw CLIError("the command ended with status \(result.status)")
        }
        return result.text
    }

    static func checkInterruption() throws {
        if Interruption.requested {
            throw CLIError("interrupted")
        }
    }
}

/// How far the mirror is, over all partitions.
struct MirrorProgress: CustomStringConvertible {
    /// Offsets that the mirror holds.
    let done: Int64
    let total: Int64
    let isComplete: Bool

    init(_ mirror: JSON, total: Int) {
        let rows = mirror["mirror_lags"]?.array ?? []
        let fetched = rows.map { max(0, $0["last_source_fetch_offset"]?.int ?? 0) }
        let lags = rows.map { $0["lag"]?.int ?? -1 }
        done = zip(fetched, lags).reduce(0) { $0 + max(0, $1.0 - max(0, $1.1)) }
        self.total = Int64(total)
        isComplete = !rows.isEmpty && lags.allSatisfy { $0 == 0 } && done >= self.total
    }

    /// 0…1.
    var fraction: Double { total == 0 ? 1 : min(1, Double(done) / Double(total)) }

    var description: String { "\(done) of \(total) events mirrored" }
}

/// One line of `kcat -f '%o %s\n'`.
struct LastEvent: Equatable {
    let offset: Int64
    let transactionID: Int64
    /// The value as it came.
    let text: String

    init?(kcat output: String) {
        guard let line = output.split(whereSeparator: \.isNewline).last, let space = line.firstIndex(of: " "),
            let offset = Int64(line[..<space])
        else {
            return nil
        }
        text = String(line[line.index(after: space)...])
        guard let id = (try? JSON.parse(text))?["transaction_id"]?.int else {
            return nil
        }
        self.offset = offset
        transactionID = id
    }
}
