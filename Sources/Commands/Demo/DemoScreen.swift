/// What the demo prints: calm text everywhere, colours and a moving bar only on a terminal.
final class DemoScreen {
    private let isInteractive = Platform.isInteractive(1)
    private var steps = 0
    private var lastProgress = ""

    private static let margin = "   "
    private static let barWidth = 40

    private func styled(_ text: String, _ code: String) -> String {
        isInteractive ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// Unbuffered, so that a log shows each step when it happens.
    private func write(_ line: String) {
        StandardOutput.print(line)
    }

    func title(_ text: String) {
        write("\n" + styled(text, "1") + "\n")
    }

    func started(_ server: DemoServer) {
        write("\(DemoScreen.margin)\"twinlog serve\" was ready after \(server.startMs) ms.\n")
        for cluster in [server.source, server.destination] {
            let name = cluster.name + String(repeating: " ", count: max(0, 16 - cluster.name.count))
            let id = cluster.id + String(repeating: " ", count: max(0, 12 - cluster.id.count))
            write("\(DemoScreen.margin)\(name)\(id)\(cluster.bootstrap)")
        }
        write("\(DemoScreen.margin)\(styled("export TWINLOG_URL=\(server.url)", "2"))")
    }

    func step(_ text: String) {
        steps += 1
        write("\n" + styled("\(steps). \(text)", "1") + "\n")
    }

    /// Prints a command line and hands it back.
    func command(_ line: String) -> String {
        write(DemoScreen.margin + styled("$ ", "2") + styled(line, "36"))
        return line
    }

    func output(_ text: String) {
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) where !line.isEmpty {
            write(DemoScreen.margin + line)
        }
    }

    func progress(_ progress: MirrorProgress, isLast: Bool) {
        let text = "\(progress)"
        guard isInteractive else {
            if text != lastProgress || isLast {
                write(DemoScreen.margin + text + (isLast ? ", lag 0" : ""))
            }
            lastProgress = text
            return
        }
        guard text != lastProgress || isLast else {
            return
        }
        lastProgress = text
        let full = Int(progress.fraction * Double(DemoScreen.barWidth))
        let bar =
            styled(String(repeating: "█", count: full), "32")
            + styled(String(repeating: "░", count: DemoScreen.barWidth - full), "2")
        StandardOutput.print("\r\(DemoScreen.margin)\(bar) \(text)\(isLast ? ", lag 0\n" : "")", terminator: "")
    }

    /// Columns of equal height, the first one named.
    func sideBySide(titles: [String], rows: [[String]]) {
        let widths = titles.indices.map { column in
            ([titles] + rows).map { $0[column].count }.max() ?? 0
        }
        write("")
        for row in [titles] + rows {
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            write(DemoScreen.margin + cells.joined(separator: "   "))
        }
    }

    func success(_ text: String, ms: Int64) {
        let seconds = "\(ms / 1_000).\(ms % 1_000 / 100)"
        write("\n" + styled("✓ ", "32") + styled(text, "1") + " \(seconds) s\n")
    }

    func failure(_ text: String) {
        write("")
        Platform.printError(styled("✗ ", "31") + "The demo failed: \(text)")
    }

    func keepRunning(_ server: DemoServer) {
        write("The server keeps running as process \(server.pid), with its data in \(server.directory).")
        write("  export TWINLOG_URL=\(server.url)")
        write("  kill \(server.pid)    # stops it")
    }
}
