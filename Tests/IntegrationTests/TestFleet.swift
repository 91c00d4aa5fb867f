import Emulator
import Foundation
import KafkaProtocol
import Testing

/// A server of this process on ports that the system chose, with both clusters in memory.
struct TestFleet {
    let fleet: Fleet
    let facts: ReadyFacts

    /// Runs `body` with a fleet, which is stopped afterwards whatever happens.
    /// - Parameter configs: Kafka broker configs, `KEY=VALUE`.
    static func run(
        _ configs: [String] = [], options: [ServeOption: String] = [:],
        _ body: (TestFleet) async throws -> Void
    ) async throws {
        // Raw clients block their thread: the few that all tasks share would be used up.
        try await withTaskExecutorPreference(BlockingExecutor.shared) {
            try await start(configs, options, body)
        }
    }

    private static func start(
        _ configs: [String], _ options: [ServeOption: String], _ body: (TestFleet) async throws -> Void
    ) async throws {
        var settings = ServeSettings()
        settings.set(.ports, "auto", .flag("ports"))
        settings.set(.logLevel, "critical", .flag("log-level"))
        if options[.dataDirectory] == nil {
            settings.set(.ephemeral, "true", .flag("ephemeral"))
        }
        for (option, text) in options {
            settings.set(option, text, .flag(option.rawValue))
        }
        for config in configs {
            try settings.setBrokerConfig(config, .flag("broker-config"))
        }
        let configuration = try ServeConfiguration.resolve(flags: settings, environment: [:]) {
            (path) throws(StartError) in throw StartError(.configuration, path)
        }
        let fleet = Fleet(configuration)
        try await fleet.start()
        do {
            try await body(TestFleet(fleet: fleet, facts: await fleet.facts))
        } catch {
            _ = await fleet.stop()
            throw error
        }
        #expect(await fleet.stop() == [])
    }

    func port(_ cluster: Int = 0, broker: Int = 0) -> Int {
        facts.clusters[cluster].bootstrap[broker].address.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    func connect(_ cluster: Int = 0, receiveBytes: Int32? = nil) throws -> RawClient {
        try RawClient(port: port(cluster), receiveBytes: receiveBytes)
    }
}

/// Runs jobs on as many threads as there are jobs that block.
final class BlockingExecutor: TaskExecutor {
    static let shared = BlockingExecutor()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
