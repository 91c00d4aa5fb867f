import Foundation
import Testing

@testable import Emulator

@Suite("Signals that ask for a stop")
struct StopSignalTests {
    @Test(
        "what follows the first within a second is the same request; what comes later forces the end",
        .timeLimit(.minutes(1)))
    func asksAgain() async {
        let (signals, signal) = AsyncStream.makeStream(of: Double.self)
        let (forced, force) = AsyncStream.makeStream(of: Double.self)
        for time in [5_000, 5_000.1, 5_400, 6_000] { signal.yield(time) }
        let end = await StopSignals.obey(signals) { () -> Double? in
            signal.yield(6_001)
            // A stop that would never end by itself.
            return await forced.first { _ in true }
        } force: { time in
            force.yield(time)
        }
        #expect(end == 6_001)
    }

    @Test("a signal that comes as soon as they are listened to is heard", .timeLimit(.minutes(1)))
    func isHeard() async {
        for number in [SIGUSR1, SIGUSR2, SIGWINCH, SIGURG] {
            let signals = await StopSignals.stream(of: [number])
            kill(getpid(), number)
            #expect(await signals.first { _ in true } != nil)
        }
    }

    @Test("a stop that nobody asks for again ends with what it found", .timeLimit(.minutes(1)))
    func ends() async {
        let (signals, signal) = AsyncStream.makeStream(of: Double.self)
        signal.yield(1)
        let end = await StopSignals.obey(signals) { "done" } force: { time in Issue.record("forced at \(time)") }
        #expect(end == "done")
    }
}
