import Foundation
import LoadGenerator

do {
    var run = Run(options: try Options(Array(CommandLine.arguments.dropFirst())))
    try run.everything()
    if let folder = run.options.results { try run.report.write(to: folder) }
    if let file = run.options.markdown {
        let old = try? String(contentsOf: file, encoding: .utf8)
        try run.report.markdown(updating: old).write(to: file, atomically: true, encoding: .utf8)
    }
} catch {
    FileHandle.standardError.write(Data("twinlog-bench: \(error)\n".utf8))
    exit(1)
}
