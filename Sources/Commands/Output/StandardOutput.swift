import Synchronization

/// What commands print. Nothing is buffered: what was written without an error is out of the process, and what could
/// not be written makes the command fail, however far it has come.
enum StandardOutput {
    private static let state = Mutex<CLIError?>(nil)

    /// The first failure of this process; from then on nothing more is printed.
    static var failure: CLIError? { state.withLock { $0 } }

    /// Prints text. A failure is remembered, so that a command of several steps takes all of them; ``check()`` throws
    /// it.
    static func print(_ text: String, terminator: String = "\n") {
        try? write(Array((text + terminator).utf8))
    }

    /// For what must not go on, or be counted as shown, when it could not be written.
    static func write(_ bytes: [UInt8]) throws(CLIError) {
        try check()
        do throws(SystemError) {
            try Platform.writeAll(bytes, to: 1)
        } catch {
            let failure = CLIError("cannot write to standard output: \(error)")
            state.withLock { $0 = $0 ?? failure }
            throw failure
        }
    }

    /// - Throws: what was printed and could not be written.
    static func check() throws(CLIError) {
        if let failure {
            throw failure
        }
    }
}
