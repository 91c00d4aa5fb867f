import Foundation
import ProtocolSchema

/// `ProtocolGenerator PROTOCOL-FOLDER OUTPUT-FOLDER [BROKER-CONFIG-PAGE] [--check]`: writes the Swift files of
/// `Protocol/` and a page about broker configs, or with `--check` only says which Swift files are out of date (exit 1).
var arguments = Array(CommandLine.arguments.dropFirst())
let checks = arguments.contains("--check")
arguments.removeAll { $0 == "--check" }
guard (2...3).contains(arguments.count) else {
    print("usage: ProtocolGenerator PROTOCOL-FOLDER OUTPUT-FOLDER [BROKER-CONFIG-PAGE] [--check]")
    exit(64)
}

do {
    let files = try GeneratedFolder.schemaFiles(in: arguments[0])
    let folder = GeneratedFolder(path: arguments[1])
    let definition = try ProtocolDefinition(files: files)
    let generated = definition.generate()
    if checks {
        let differences = try folder.differences(from: generated)
        for difference in differences { print(difference) }
        if !differences.isEmpty { exit(1) }
    } else {
        try folder.write(generated)
        if arguments.count == 3 {
            try definition.generateBrokerConfigPage().write(toFile: arguments[2], atomically: true, encoding: .utf8)
        }
    }
} catch {
    print(error)
    exit(1)
}
