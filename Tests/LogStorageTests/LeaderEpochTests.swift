import Testing

@testable import LogStorage

@Suite("Leader epochs")
struct LeaderEpochTests {
    private func epochs(_ entries: [(Int32, Int64)]) -> LeaderEpochs {
        var epochs = LeaderEpochs()
        for (epoch, start) in entries { _ = epochs.assign(epoch, startOffset: start) }
        return epochs
    }

    @Test(
        "an epoch ends where the next known one begins",
        arguments: [
            // requested, epoch answered, end answered
            (Int32(-1), Int32(-1), Int64(-1)), (0, 0, 10), (1, 1, 10), (2, 2, 25), (3, 2, 25), (4, 2, 25), (5, 5, 40),
            (6, 5, 40), (7, 7, 99), (8, -1, -1),
        ])
    func endOffset(requested: Int32, epoch: Int32, end: Int64) {
        let epochs = epochs([(2, 10), (5, 25), (7, 40)])
        let answer = epochs.endOffset(for: requested, logEndOffset: 99)
        #expect(answer == (epoch, end))
    }

    @Test("nothing is known of a log without epochs")
    func empty() {
        #expect(LeaderEpochs().endOffset(for: 0, logEndOffset: 5) == (-1, -1))
        #expect(LeaderEpochs().latest == nil)
    }

    @Test("entries that contradict a new one go")
    func contradictions() {
        var epochs = epochs([(2, 10), (5, 25), (7, 40)])
        let changed1 = epochs.assign(6, startOffset: 20)
        #expect(changed1)
        #expect(epochs.entries == [.init(epoch: 2, startOffset: 10), .init(epoch: 6, startOffset: 20)])
        let changed2 = epochs.assign(6, startOffset: 30)
        #expect(!changed2)
        let changed3 = epochs.assign(8, startOffset: 20)
        #expect(changed3)
        #expect(epochs.entries == [.init(epoch: 2, startOffset: 10), .init(epoch: 8, startOffset: 20)])
    }

    @Test("cutting the front keeps the epoch that is current there")
    func truncateFront() {
        var epochs = epochs([(2, 10), (5, 25), (7, 40)])
        let changed4 = epochs.truncate(before: 30)
        #expect(changed4)
        #expect(epochs.entries == [.init(epoch: 5, startOffset: 30), .init(epoch: 7, startOffset: 40)])
        let changed5 = epochs.truncate(before: 40)
        #expect(changed5)
        #expect(epochs.entries == [.init(epoch: 7, startOffset: 40)])
        let changed6 = epochs.truncate(before: 40)
        #expect(!changed6)
    }

    @Test("cutting the end drops epochs that begin there")
    func truncateEnd() {
        var epochs = epochs([(2, 10), (5, 25), (7, 40)])
        let changed7 = epochs.truncate(from: 41)
        #expect(!changed7)
        let changed8 = epochs.truncate(from: 25)
        #expect(changed8)
        #expect(epochs.entries == [.init(epoch: 2, startOffset: 10)])
    }

    @Test("an offset belongs to the last epoch that begins at it or before")
    func epochOfOffset() {
        let epochs = epochs([(2, 10), (5, 25)])
        #expect(epochs.epoch(forOffset: 9) == nil)
        #expect(epochs.epoch(forOffset: 10) == 2)
        #expect(epochs.epoch(forOffset: 24) == 2)
        #expect(epochs.epoch(forOffset: 1000) == 5)
    }
}
