import KafkaTransport
import Logging
import Synchronization

/// One line per event on standard error: time, level, message.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(level: Logger.Level) {
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let extra = metadata.merging(event.metadata ?? [:]) { $1 }
        let suffix = extra.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let time = Console.timestamp(WallClock.nowMs())
        // Clients choose parts of messages: a line stays a line.
        let message = "\(event.message)\(suffix)".map { $0.isNewline ? " " : String($0) }.joined()
        Console.err("\(time) \(event.level.rawValue.uppercased()) \(message)")
    }
}

/// Open until somebody closes it.
final class LogGate: Sendable {
    private let closed = Atomic(false)

    var isOpen: Bool { !closed.load(ordering: .relaxed) }

    func close() {
        closed.store(true, ordering: .relaxed)
    }
}

/// Passes lines on as long as its gate is open.
struct GatedLogHandler: LogHandler {
    var handler: any LogHandler
    let gate: LogGate
    var logLevel: Logger.Level
    var metadata: Logger.Metadata {
        get { handler.metadata }
        set { handler.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { handler[metadataKey: key] }
        set { handler[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        if gate.isOpen {
            handler.log(event: event)
        }
    }
}
