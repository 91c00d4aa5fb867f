import KafkaProtocol
import KafkaTransport

extension Fleet {
    private static let samplingMs: Int64 = 1_000

    /// Nothing is looked at before the first second is over.
    func beginSampling() {
        sampling = Task { [weak self] in
            var next = MonotonicClock.nowMs()
            while true {
                next = max(next, MonotonicClock.nowMs() -| Self.samplingMs) +| Self.samplingMs
                try? await Task.sleep(for: .milliseconds(max(1, next -| MonotonicClock.nowMs())))
                guard !Task.isCancelled, let self else {
                    return
                }
                await self.sample()
            }
        }
    }

    /// Looks once at every cluster; one that is slow to answer keeps no other waiting.
    func sample() async {
        let runtimes = runtimes
        let followed = runtimes.map(\.sampler.followed)
        let room = (
            topics: max(0, ClusterSampler.topicLimit - followed.reduce(0) { $0 + $1.topics }) / max(1, runtimes.count),
            mirrorPartitions: max(
                0, ClusterSampler.mirrorPartitionLimit - followed.reduce(0) { $0 + $1.mirrorPartitions })
                / max(1, runtimes.count)
        )
        await withTaskGroup(of: Void.self) { group in
            for runtime in runtimes {
                // One that is being closed has nothing to tell.
                group.addTask { try? await runtime.sampler.sample(runtime, room: room) }
            }
        }
    }
}
