import ArgumentParser
import RESTAPI

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the program's version.",
        discussion: """
            Examples:
              twinlog version
            """)

    @OptionGroup var output: OutputOptions

    func run() {
        guard output.output == .human else {
            return output.show(Box([(Column("Version"), .string(TwinlogCommand.version))]))
        }
        StandardOutput.print(
            "twinlog \(TwinlogCommand.version), an emulator of Kafka 4.2 clusters with links between them")
    }
}

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a shell's completion script.",
        discussion: """
            Examples:
              twinlog completion bash | sudo tee /etc/bash_completion.d/twinlog
              twinlog completion zsh > "${fpath[1]}/_twinlog"
              twinlog completion fish > ~/.config/fish/completions/twinlog.fish
            """)

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var generator: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() {
        StandardOutput.print(TwinlogCommand.completionScript(for: shell.generator))
    }
}
