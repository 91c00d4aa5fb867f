import ArgumentParser
import RESTAPI

/// The `twinlog` program.
package struct TwinlogCommand: AsyncParsableCommand {
    package static let version = Product.version

    package static let configuration = CommandConfiguration(
        commandName: "twinlog",
        abstract: "Kafka clusters in one process, with cluster links between them.",
        discussion: """
            Start the clusters in one terminal with "twinlog serve", then use the other commands, which are those of \
            the confluent CLI, from another. "twinlog demo" shows the whole exercise.
            """,
        version: version,
        subcommands: [
            ServeCommand.self, DemoCommand.self, LoginCommand.self, LogoutCommand.self, EnvironmentCommand.self,
            KafkaCommand.self, APIKeyCommand.self, ConnectCommand.self, DatagenCommand.self, CompletionCommand.self,
            VersionCommand.self,
        ])

    package init() {}

    /// Runs the command line. Whatever goes wrong is one line on standard error: what is wrong, and for a wrong command
    /// line (status 64) where to read more.
    package static func main() async {
        var arguments = Array(CommandLine.arguments.dropFirst())
        Platform.holdStandardDescriptors()
        do {
            if try await ServeCommand.runsAlone(arguments) {
                return
            }
            arguments = try CommandLineCheck.run(arguments)
            var command = try parsedAlone(arguments) ?? parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            try StandardOutput.check()
        } catch is Interrupted {
            Interruption.end()
        } catch let error as UsageError {
            Failure.show("Error: \(error)")
            exit(withError: ExitCode.validationFailure)
        } catch {
            let status = exitCode(for: error)
            let message = fullMessage(for: error)
            let unknown = CommandLineCheck.unknownCommand(arguments, below: Self.self)
            if status == .validationFailure, let unknown {
                Failure.show("Error: \(unknown)")
            } else if status == .success {
                StandardOutput.print(message)
                if let failure = StandardOutput.failure {
                    Failure.show("Error: \(failure)")
                    exit(withError: ExitCode.failure)
                }
            } else if !message.isEmpty {
                let line = status == .validationFailure ? Failure.line(message) : message
                Failure.show(line)
            }
            exit(withError: status)
        }
    }
}

extension TwinlogCommand {
    /// The command that the line names, with sound flags, without the parser looking at all commands first: that takes
    /// longer than most of them do. nil for whatever has to be explained, from the root on.
    static func parsedAlone(_ arguments: [String]) -> (any ParsableCommand)? {
        var command: any ParsableCommand.Type = self
        var rest = arguments[...]
        while let word = rest.first,
            let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == word })
        {
            command = next
            rest.removeFirst()
        }
        guard command.configuration.subcommands.isEmpty else {
            return nil
        }
        // The parser answers --help with a command of its own.
        guard let parsed = try? command.parseAsRoot(Array(rest)), type(of: parsed) == command else {
            return nil
        }
        return parsed
    }
}

/// How failures read.
enum Failure {
    /// - Parameter message: the parser's: the error, then perhaps the flag's help, the usage and where there is more.
    static func line(_ message: String) -> String {
        let lines = message.split(whereSeparator: \.isNewline)
        guard var first = lines.first.map({ withoutStrangers(String($0)) }) else {
            return ""
        }
        if first.last == ":" {
            // The parser lists what it takes below.
            let choices = lines.dropFirst().prefix { $0.hasPrefix("  - ") }.map { $0.dropFirst(4) }
            first += " " + choices.joined(separator: ", ")
        }
        guard let more = lines.last, lines.count > 1, more.contains("--help'"), let start = more.firstIndex(of: "'"),
            let end = more.lastIndex(of: "'")
        else {
            return first
        }
        let isSentence = first.last == "." || first.last == "?"
        return first + (isSentence ? "" : ".") + " See \"\(more[more.index(after: start)..<end])\"."
    }

    /// A suggestion that begins unlike what was typed helps nobody: `--ports` for `--bogus`.
    private static func withoutStrangers(_ line: String) -> String {
        guard let start = line.firstRange(of: " Did you mean '") else {
            return line
        }
        let quoted = line.split(separator: "'", omittingEmptySubsequences: false)
        let (typed, meant) = (quoted[1], quoted[quoted.count - 2])
        let isAlike = typed.drop { $0 == "-" }.first == meant.drop { $0 == "-" }.first
        return isAlike ? line : String(line[..<start.lowerBound])
    }

    /// Writes it to standard error, coloured on a terminal, where nothing that it quotes can act.
    static func show(_ text: String) {
        let start = "Error:"
        guard text.hasPrefix(start), Platform.isInteractive(2) else {
            return Platform.printError(text)
        }
        Platform.write("\u{1B}[31m\(start)\u{1B}[0m", to: 2)
        Platform.printError(String(text.dropFirst(start.count)))
    }
}
