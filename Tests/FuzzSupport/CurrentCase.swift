#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What is being tried at this moment. A trap ends the process without a word about its input; so this is written to
/// standard error when one comes, and also when a case takes longer than it may.
package enum CurrentCase {
    /// Seconds that one case may take.
    package static let patience: UInt32 = 120

    private static let capacity = 4_096
    nonisolated(unsafe) private static let text = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    nonisolated(unsafe) private static var length = 0
    nonisolated(unsafe) private static var isArmed = false
    nonisolated(unsafe) private static let earlier = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)

    /// Names the case that begins now, and gives it its time. An empty name ends the last one.
    package static func note(_ name: String) {
        if !isArmed {
            isArmed = true
            for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGALRM] { install(number) }
        }
        var name = name
        length = name.withUTF8 { bytes in
            let count = min(bytes.count, capacity)
            if let start = bytes.baseAddress { text.update(from: start, count: count) }
            return count
        }
        alarm(length == 0 ? 0 : patience)
    }

    /// Only what a signal handler may do.
    private static let report: @convention(c) (Int32) -> Void = { number in
        if length > 0 {
            writeAll(number == SIGALRM ? "\nfuzz: this case does not end: " : "\nfuzz: this case ends the process: ")
            _ = write(2, text, length)
            writeAll("\n")
        }
        // Whoever was there before (Swift's backtraces) takes over: the instruction at fault runs again.
        sigaction(number, earlier + Int(number), nil)
        if number == SIGALRM { raise(SIGKILL) }
        if number == SIGABRT { raise(SIGABRT) }
    }

    private static func install(_ number: Int32) {
        var action = sigaction()
        #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = report
        #else
        action.__sigaction_handler.sa_handler = report
        #endif
        sigaction(number, &action, earlier + Int(number))
    }

    private static func writeAll(_ message: StaticString) {
        _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
    }
}
