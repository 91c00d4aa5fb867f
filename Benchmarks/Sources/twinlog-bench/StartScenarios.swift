import Foundation
import LoadGenerator

/// From starting the process to the first answer that any client can have.
extension Run {
    static let firstStart = "first start"
    static let restart = "restart after a clean stop"
    static let binary = "the program"

    mutating func starts() throws {
        let executable = try executable()
        let size = try FileManager.default.attributesOfItem(atPath: executable)[.size] as? Int ?? 0
        report.add(.start, Self.binary, ["MB": Double(size) / 1e6])
        let probe = try StartProbe(
            executable: executable, options: options.serverOptions, dataParent: options.data)
        var first: [StartProbe.Life] = []
        var again: [StartProbe.Life] = []
        // In turns, so that what else the machine does meets both alike.
        for _ in 0..<max(5, Int(50 * options.seconds)) {
            probe.forget()
            first.append(try probe.live())
            again.append(try probe.live())
        }
        add(Self.firstStart, first)
        add(Self.restart, again)
        probe.forget()
        _ = try probe.live(endsWith: SIGKILL) { address in
            try AdminConnection(address).createTopic("many", partitions: 10_000)
        }
        add("restart after kill -9, 10,000 partitions", [try probe.live()])
        add("restart after a clean stop, 10,000 partitions", [try probe.live()])
    }

    private mutating func add(_ name: String, _ lives: [StartProbe.Life]) {
        func median(_ value: (StartProbe.Life) -> Double) -> Double {
            lives.map(value).sorted()[lives.count / 2] * 1000
        }
        report.add(
            .start, name,
            [
                "median ms": median(\.answerSeconds), "best ms": (lives.map(\.answerSeconds).min() ?? 0) * 1000,
                "CPU ms": median(\.cpuSeconds), "stop ms": median(\.stopSeconds),
            ])
    }
}
