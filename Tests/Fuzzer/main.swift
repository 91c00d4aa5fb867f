import Foundation
import FuzzSupport

// fuzzer [SEED]               goes on until a case ends the process; the seed of the case at fault repeats it alone
// fuzzer workload SEED        runs one workload and prints what it left behind, as one number
let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "workload" {
    let seed = arguments.dropFirst().first.flatMap { UInt64($0) } ?? 1
    print(try Workload(seed: seed).run())
} else {
    var seed = arguments.first.flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max / 2)
    let apis = try ServedShape.all(ProtocolFiles.read(URL(filePath: FileManager.default.currentDirectoryPath)))
    let storage = try StorageFuzz()
    print("fuzz: begins with seed \(seed); SEED=\(seed) repeats it")
    var rounds = 0
    while true {
        try RequestFuzz(apis).round(seed)
        for step in 0..<10 { try storage.round(seed &+ UInt64(step)) }
        seed &+= 1
        rounds += 1
        if rounds % 500 == 0 { print("fuzz: \(rounds) rounds, seed \(seed)") }
    }
}
