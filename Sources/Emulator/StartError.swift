/// Codes that `twinlog serve` ends with, as sysexits.h names them.
package enum ExitStatus: Int32, Sendable {
    case clean = 0
    /// EX_USAGE: a wrong flag.
    case usage = 64
    /// EX_UNAVAILABLE: an address that cannot be listened on.
    case unavailable = 69
    /// EX_CANTCREAT: a data directory, or ready file, that cannot be made, written or is in use.
    case cannotCreate = 73
    /// EX_IOERR: logs that cannot be read or closed.
    case ioError = 74
    /// EX_CONFIG: a wrong environment variable or configuration file.
    case configuration = 78
}

/// Why the server cannot start, in one line.
package struct StartError: Error, Equatable, Sendable, CustomStringConvertible {
    package let status: ExitStatus
    package let message: String

    package init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    package var description: String { message }
}
