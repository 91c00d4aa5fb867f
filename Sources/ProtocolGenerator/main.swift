import Foundation
import ProtocolSchema

/// `ProtocolGenerator PROTOCOL-FOLDER OUTPUT-FOLDER [--check]`: writes the Swift files of `Protocol/`, or with
/// `--check` only says which ones are out of date (exit 1).
var arguments = Array(CommandLine.arguments.dropFirst())
let checks = arguments.contains("--check")
arguments.removeAll { $0 == "--check" }
guard arguments.count == 2 else {
    print("usage: ProtocolGenerator PROTOCOL-FOLDER OUTPUT-FOLDER [--check]")
    exit(64)
}

do {
    let files = try GeneratedFolder.schemaFiles(in: arguments[0])
    let folder = GeneratedFolder(path: arguments[1])
    let generated = try ProtocolDefinition(files: files).generate()
    if checks {
        let differences = try folder.differences(from: generated)
        for difference in differences { print(difference) }
        if !differences.isEmpty { exit(1) }
    } else {
        try folder.write(generated)
    }
} catch {
    print(error)
    exit(1)
}
