/// Asks before something is lost.
enum Confirmation {
    /// Goes on when the user says yes, on a terminal or, as `echo y |` does, through standard input. Nothing is deleted
    /// while nobody answers: a script says `--force`.
    static func ask(_ question: String, force: Bool) throws {
        guard !force else {
            return
        }
        guard let answer = try Prompt.answer("\(question) (y/n): ")?.lowercased() else {
            throw CLIError("nothing was deleted: nobody answers on standard input, so add --force")
        }
        guard answer == "y" || answer == "yes" else {
            throw CLIError("nothing was deleted")
        }
    }

    /// For what cannot be made again: asks for its name, and needs `--force` when there is nobody to ask.
    static func askForName(_ what: String, name: String, force: Bool) throws {
        guard !force else {
            return
        }
        guard Prompt.isPossible else {
            throw CLIError("deleting \(what) asks for its name on a terminal: there is none, so add --force")
        }
        Platform.printError("Are you sure you want to delete \(what)?")
        let answer = try Prompt.line("To confirm, type \"\(name)\". To cancel, press Ctrl-C: ")
        guard answer == name else {
            throw CLIError("input does not match \"\(name)\": nothing was deleted")
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
