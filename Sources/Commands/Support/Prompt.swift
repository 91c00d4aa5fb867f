/// Questions on a terminal.
enum Prompt {
    /// Both ends are a terminal: there is somebody to ask.
    static var isPossible: Bool { Platform.isTerminal(0) && Platform.isTerminal(2) }

    static func line(_ question: String) throws -> String {
        guard let answer = try answer(question) else {
            throw CLIError("no answer")
        }
        return answer
    }

    /// nil when standard input ends first.
    static func answer(_ question: String) throws -> String? {
        Platform.write(TerminalText.escape(question), to: 2)
        let answer = try read()
        if answer == nil {
            Platform.write("\n", to: 2)
        }
        return answer
    }

    /// Does not show what is typed.
    static func secret(_ question: String) throws -> String {
        // Ctrl-C must not leave the terminal without echo.
        Interruption.catchSignals(once: false)
        let answer = Platform.withoutEcho {
            Platform.write(question, to: 2)
            return Result { try read() }
        }
        Platform.write("\n", to: 2)
        guard let text = try answer.get() else {
            throw CLIError("no answer")
        }
        return text
    }

    private static func read() throws -> String? {
        var bytes: [UInt8] = []
        do throws(SystemError) {
            while bytes.last != UInt8(ascii: "\n") {
                try Platform.waitForInput(0)
                guard let more = try Platform.readSome(0) else {
                    break
                }
                bytes += more
            }
        } catch {
            throw Interruption.requested ? Interrupted() : CLIError("cannot read the answer: \(error)")
        }
        guard !bytes.isEmpty else {
            return nil
        }
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            bytes.removeLast()
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
