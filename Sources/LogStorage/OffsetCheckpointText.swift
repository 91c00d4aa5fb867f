/// The content of a file of offsets, kept in pieces so that a change costs what it changes. Not for two threads at a
/// time: whoever hands it to another one leaves it alone until that one is done.
package final class OffsetCheckpointText: @unchecked Sendable {
    /// Offsets by topic and partition.
    package typealias Positions = [String: [Int32: Int64]]

    private struct Topic {
        var offsets: [Int32: Int64] = [:]
        var lines: [UInt8] = []
    }

    private var topics: [String: Topic] = [:]
    /// In order.
    private var names: [String] = []
    private var count = 0

    package init() {}

    /// - Parameters:
    ///   - changes: 0 takes a partition out.
    ///   - gone: topics that are taken out before.
    package func change(_ changes: Positions, gone: Set<String> = []) {
        var hasNewNames = false
        for name in gone {
            if let topic = topics.removeValue(forKey: name) {
                count -= topic.offsets.count
                hasNewNames = true
            }
        }
        for (name, offsets) in changes {
            var topic = topics.removeValue(forKey: name)
            hasNewNames = hasNewNames || topic == nil
            count -= topic?.offsets.count ?? 0
            for (partition, offset) in offsets {
                topic = topic ?? Topic()
                topic?.offsets[partition] = offset > 0 ? offset : nil
            }
            guard var topic, !topic.offsets.isEmpty else {
                hasNewNames = true
                continue
            }
            var text = ""
            for (partition, offset) in topic.offsets.sorted(by: { $0.key < $1.key }) {
                text += "\(name) \(partition) \(offset)\n"
            }
            topic.lines = Array(text.utf8)
            count += topic.offsets.count
            topics[name] = topic
        }
        if hasNewNames {
            names = topics.keys.sorted()
        }
    }

    /// The whole file.
    package func encoded() -> [UInt8] {
        var bytes = Array("0\n\(count)\n".utf8)
        for name in names {
            bytes += topics[name]?.lines ?? []
        }
        return bytes
    }
}
