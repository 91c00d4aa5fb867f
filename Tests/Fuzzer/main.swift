import Foundation
import FuzzSupport

// fuzzer                      every number at every edge, then as with a seed
// fuzzer SEED                 goes on until a case ends the process; the seed of the case at fault repeats it alone
// fuzzer workload SEED        runs one workload and prints what it left behind, as one number

/// A line that is seen when it is written, also through a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "workload" {
    let seed = arguments.dropFirst().first.flatMap { UInt64($0) } ?? 1
    say(try Workload(seed: seed).run())
} else {
    let given = arguments.first.flatMap { UInt64($0) }
    var seed = given ?? UInt64.random(in: 0...UInt64.max / 2)
    let apis = try ServedShape.all(ProtocolFiles.read(URL(filePath: FileManager.default.currentDirectoryPath)))
    let storage = try StorageFuzz()
    if given == nil {
        say("fuzz: \(try storage.exhaust()) damaged files")
        say("fuzz: \(try ConfigFuzz(apis).exhaust()) values of configs")
        say("fuzz: \(try RequestFuzz(apis).exhaust()) requests with a number at the edge, or cut short")
    }
    say("fuzz: begins with seed \(seed); SEED=\(seed) repeats it")
    var rounds = 0
    while true {
        try RequestFuzz(apis).round(seed)
        for step in 0..<10 { try storage.round(seed &+ UInt64(step)) }
        seed &+= 1
        rounds += 1
        if rounds % 500 == 0 { say("fuzz: \(rounds) rounds, seed \(seed)") }
    }
}
