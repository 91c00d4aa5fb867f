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
        let line = Self.line("\(event.message)", metadata: metadata.merging(event.metadata ?? [:]) { $1 })
        Console.err("\(Console.timestamp(WallClock.nowMs())) \(event.level.rawValue.uppercased()) \(line)")
    }

    static func line(_ message: String, metadata: Logger.Metadata) -> String {
        let extra = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        // Clients choose parts of messages: a line stays a line.
        return (message + extra).map { $0.isNewline ? " " : String($0) }.joined()
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
