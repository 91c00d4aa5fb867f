import Foundation
import FuzzSupport

/// Cases that go wrong on purpose: what the fuzzer says of them is tested.
enum Fault {
    private struct Refusal: Error {}

    static func happen(_ kind: String, _ summary: inout Summary) -> Never {
        let bytes: [UInt8] = [0x00, 0xca, 0xfe]
        CurrentCase.patience = 1
        summary.add("faults") {
            var report = FuzzReport()
            report.attempt("seed 7, a case that ends in \(kind)", bytes) {
                switch kind {
                case "trap": _ = [0][bytes.count]
                case "overflow": say("\(depth(UInt64(bytes.count)))")
                case "hang": while bytes.count == 3 {}
                default: throw Refusal()
                }
            }
            return report
        }
        summary.end()
    }

    /// Ends long after the stack, and is no tail call.
    @inline(never)
    private static func depth(_ start: UInt64) -> UInt64 { start == .max ? 0 : depth(start &+ 1) ^ start }
}
