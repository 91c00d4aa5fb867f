import KafkaClient
import Synchronization

extension CLIError {
    init(_ error: ClientError) {
        self.init("\(error)", isOutage: error.isOutage)
    }
}

extension ClientError {
    /// Whether the cluster could not be reached, as opposed to having refused something.
    var isOutage: Bool {
        switch self {
        case .disconnected(.tlsFailed), .bootstrapFailed(_, .tlsFailed): false
        case .disconnected, .bootstrapFailed, .timedOut, .unknownBroker: true
        case .closed, .unsupportedVersion, .protocolViolation, .leaderUnknown, .broker: false
        }
    }
}

/// Says on standard error, once, that a cluster is gone for which a command waits, and once that it is there again.
final class Outage: Sendable {
    private let isGone = Mutex(false)
    private let write: @Sendable (String) -> Void

    init(write: @escaping @Sendable (String) -> Void = { Platform.printError($0) }) {
        self.write = write
    }

    func begins(_ reason: String) {
        let isNew = isGone.withLock { gone in
            defer { gone = true }
            return !gone
        }
        if isNew {
            write("The connection to the cluster was lost (\(reason)): waiting for it to come back. Ctrl-C ends.")
        }
    }

    func ends() {
        let wasGone = isGone.withLock { gone in
            defer { gone = false }
            return gone
        }
        if wasGone {
            write("The cluster is there again.")
        }
    }
}
