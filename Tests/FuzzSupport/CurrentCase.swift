#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What is being tried at this moment. A trap ends the process without a word about its input; so this is written to
/// standard error when one comes, also when the stack has run over, and when a case takes longer than it may.
///
/// For programs with one thread: the signal stack is that of the thread that names the first case.
package enum CurrentCase {
    /// Seconds that one case may take.
    nonisolated(unsafe) package static var patience: UInt32 = 120

    /// Bytes of a name, and of an input, that are remembered.
    private static let capacity = 65_536
    private static let signalStackSize = 65_536
    nonisolated(unsafe) private static let text = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    nonisolated(unsafe) private static let input = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    nonisolated(unsafe) private static var textCount = 0
    nonisolated(unsafe) private static var inputCount = 0
    nonisolated(unsafe) private static var isArmed = false
    nonisolated(unsafe) private static let earlier = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)

    /// Names the case that begins now, and gives it its time.
    /// - Parameter bytes: what the case consists of, to be shown with its name.
    package static func begin(_ name: String, _ bytes: [UInt8] = []) {
        arm()
        var name = name
        textCount = name.withUTF8 { copy(UnsafeRawBufferPointer($0), to: text) }
        inputCount = bytes.withUnsafeBytes { copy($0, to: input) }
        alarm(patience)
    }

    package static func end() {
        textCount = 0
        alarm(0)
    }

    /// The case with its bytes, for failures that can be caught.
    package static var description: String {
        let name = String(decoding: UnsafeBufferPointer(start: text, count: textCount), as: UTF8.self)
        let bytes = UnsafeBufferPointer(start: input, count: inputCount)
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return digits.isEmpty ? name : "\(name); bytes \(digits)"
    }

    private static func copy(_ bytes: UnsafeRawBufferPointer, to place: UnsafeMutablePointer<UInt8>) -> Int {
        let count = min(bytes.count, capacity)
        UnsafeMutableRawPointer(place).copyMemory(
            from: UnsafeRawPointer(bytes.baseAddress ?? UnsafeRawPointer(place)), byteCount: count)
        return count
    }

    // MARK: Signals

    private static func arm() {
        guard !isArmed else { return }
        isArmed = true
        // A stack that has run over cannot take a handler's frame.
        var stack = stack_t()
        stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: signalStackSize, alignment: 16)
        stack.ss_size = .init(signalStackSize)
        sigaltstack(&stack, nil)
        // Who started this program may have handed down a mask that keeps them all out.
        var reported = sigset_t()
        sigemptyset(&reported)
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGALRM] {
            install(number)
            sigaddset(&reported, number)
        }
        sigprocmask(SIG_UNBLOCK, &reported, nil)
    }

    /// Only what a signal handler may do.
    private static let report: @convention(c) (Int32) -> Void = { number in
        if textCount > 0 {
            writeAll(number == SIGALRM ? "\nfuzz: this case does not end: " : "\nfuzz: this case ends the process: ")
            _ = write(2, text, textCount)
            if inputCount > 0 {
                writeAll("; bytes ")
                for index in 0..<inputCount { writeHex(input[index]) }
            }
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
        action.sa_flags = SA_ONSTACK
        sigaction(number, &action, earlier + Int(number))
    }

    private static func writeHex(_ byte: UInt8) {
        writeDigit(byte >> 4)
        writeDigit(byte & 15)
    }

    private static func writeDigit(_ digit: UInt8) {
        var character = digit < 10 ? 48 + digit : 87 + digit
        _ = write(2, &character, 1)
    }

    private static func writeAll(_ message: StaticString) {
        _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
    }
}
