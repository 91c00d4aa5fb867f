import Foundation
import Synchronization

/// A client that produces one small record after the other, a millisecond apart, on a thread of its own: how long its
/// answers take is how long the cluster's loop was held by others.
package final class StallProbe: Sendable {
    private struct State {
        var latencies: [Double] = []
        var failure: String?
        var isStopping = false
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let address: Address
    private let frame: [UInt8]
    private let topic: String

    /// `topic` has a partition 0 already.
    package init(_ address: Address, topic: String) {
        self.address = address
        self.topic = topic
        let batch = BatchShape(recordSize: 100, recordCount: 1, name: "").encode()
        frame = Request.produce(topic: topic, partition: 0, batch: batch)
        Thread.detachNewThread { [self] in run() }
    }

    private func run() {
        do {
            let connection = try AdminConnection(address)
            while !state.withLock({ $0.isStopping }) {
                let begin = Clock.now()
                let answer = try connection.call(frame)
                let error = answer.withUnsafeBytes { Answer.produceError($0, topic: topic) }
                guard error == 0 else { throw BenchmarkError("probe: error \(error)") }
                let took = Clock.seconds(since: begin) * 1000
                state.withLock { $0.latencies.append(took) }
                Clock.pause(milliseconds: 1)
            }
        } catch {
            state.withLock { $0.failure = "\(error)" }
        }
        state.withLock { $0.hasEnded = true }
    }

    /// Ends the probe and tells its median, 99th percentile and longest answer in milliseconds.
    package func stop() throws -> (p50: Double, p99: Double, longest: Double) {
        state.withLock { $0.isStopping = true }
        let begin = Clock.now()
        while !state.withLock({ $0.hasEnded }) {
            guard Clock.seconds(since: begin) < 60 else { throw BenchmarkError("the probe has no answer after 60 s") }
            Clock.pause(milliseconds: 1)
        }
        let (latencies, failure) = state.withLock { ($0.latencies.sorted(), $0.failure) }
        if let failure { throw BenchmarkError("the probe failed: \(failure)") }
        guard let longest = latencies.last else { throw BenchmarkError("the probe had no answer") }
        return (latencies[latencies.count / 2], latencies[latencies.count * 99 / 100], longest)
    }
}
