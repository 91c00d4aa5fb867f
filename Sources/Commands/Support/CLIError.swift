/// What went wrong, in one line for the user; printed as `Error: …`, exit status 1.
struct CLIError: Error, Equatable, CustomStringConvertible {
    let message: String
    /// The other side was not there; it may come back.
    let isOutage: Bool

    init(_ message: String, isOutage: Bool = false) {
        self.message = message
        self.isOutage = isOutage
    }

    var description: String { message }
}
