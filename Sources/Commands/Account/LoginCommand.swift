import ArgumentParser
import Credentials

struct LoginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Log in to a Twinlog server.",
        discussion: """
            Asks for e-mail address and password on a terminal. TWINLOG_EMAIL and TWINLOG_PASSWORD, or \
            CONFLUENT_CLOUD_EMAIL and CONFLUENT_CLOUD_PASSWORD, answer instead. A server takes any unless it is \
            configured to ask for certain ones. Later commands go to the server of the last log-in.

            Examples:
              twinlog login --save
              twinlog login --url http://127.0.0.1:8090
              twinlog login --url https://kafka.example.com --certificate-authority-path authority.pem
            """)

    @Flag(help: "Remember e-mail address and password, to log in again by itself when the session has ended.")
    var save = false

    @Flag(help: "Never opens a browser, with or without this flag.")
    var noBrowser = false

    @Flag(help: "Ask even if the environment has an answer.")
    var prompt = false

    @Option(
        help: ArgumentHelp(
            "Trust these certificates (PEM) when an https address is used, now and later (default: the system's).",
            valueName: "FILE"))
    var certificateAuthorityPath: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        var contexts = try Contexts.load()
        let server = try global.server(contexts)
        var context = contexts.servers[server.description] ?? Context()
        if let certificateAuthorityPath {
            context.authorityFile = SecretFiles.absolutePath(certificateAuthorityPath)
        }
        let email = try answer("Email", ["TWINLOG_EMAIL", "CONFLUENT_CLOUD_EMAIL"]) { try Prompt.line($0) }
        let password = try answer("Password", ["TWINLOG_PASSWORD", "CONFLUENT_CLOUD_PASSWORD"]) {
            try Prompt.secret($0)
        }
        context.token = try RESTClient(server, context: context).logIn(email: email, password: password)
        context.email = email
        context.password = save ? password : nil
        contexts.current = server.description
        contexts.servers[server.description] = context
        try contexts.save()
        StandardOutput.print("Logged in as \"\(email)\".")
    }

    private func answer(_ what: String, _ variables: [String], ask: (String) throws -> String) throws -> String {
        if !prompt, let known = variables.lazy.compactMap({ Platform.environment($0) }).first(where: { !$0.isEmpty }) {
            return known
        }
        guard Prompt.isPossible else {
            throw CLIError("no terminal to ask for e-mail and password: set TWINLOG_EMAIL and TWINLOG_PASSWORD")
        }
        let answer = try ask("\(what): ")
        guard !answer.isEmpty else {
            throw CLIError("\(what.lowercased()) must not be empty")
        }
        return answer
    }
}

struct LogoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Log out of a Twinlog server.",
        discussion: """
            Forgets session, e-mail address and password; API keys, environment and cluster in use stay.

            Examples:
              twinlog logout
            """)

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let server = try global.server(try Contexts.load()).description
        try Contexts.update(server) { context in
            context.email = nil
            context.password = nil
            context.token = nil
        }
        StandardOutput.print("You are now logged out.")
    }
}
