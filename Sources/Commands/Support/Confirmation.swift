/// Asks before something is lost.
enum Confirmation {
    /// Goes on when the user says yes or there is nobody to ask; scripts that delete mean it.
    static func ask(_ question: String, force: Bool) throws(CLIError) {
        guard !force, Platform.isTerminal(0) else {
            return
        }
        Platform.write("\(question) (y/n): ", to: 1)
        let answer = readLine()?.lowercased() ?? ""
        guard answer == "y" || answer == "yes" else {
            throw CLIError("nothing was deleted")
        }
    }

    /// `topic "a"`, `topics "a" and "b"`.
    static func list(_ noun: String, _ names: [String]) -> String {
        let quoted = names.map { "\"\($0)\"" }
        guard quoted.count > 1 else {
            return "\(noun) \(quoted.joined())"
        }
        return "\(noun)s \(quoted.dropLast().joined(separator: ", ")) and \(quoted[quoted.count - 1])"
    }
}
