/// What went wrong, in one line for the user; printed as `Error: …`, exit status 1.
struct CLIError: Error, Equatable, CustomStringConvertible {
    let message: String

    init(_ message: String) {
        self.message = message
    }

    var description: String { message }
}
