import KafkaProtocol
import LogStorage

/// Lines about faults that come again with every request while they last, as those of a full disk do: the first is
/// told at once, the rest is counted and told by housekeeping. So a fault is one line and then at most one more in each
/// ``Cluster/housekeepingInterval``, whatever clients do.
struct RepeatedNotices {
    enum Kind: Int, CaseIterable {
        case append, read, flush, metadata, checkpoints, groups, upkeep, removal

        /// What happened to subjects that had no line of their own.
        fileprivate var inGeneral: String {
            switch self {
            case .append: "appends failed"
            case .read: "reads failed"
            case .flush: "flushes failed"
            case .metadata: "metadata records could not be stored"
            case .checkpoints: "checkpoints were not written"
            case .groups: "groups or offsets could not be stored"
            case .upkeep: "upkeep failed"
            case .removal: "directories were not removed yet"
            }
        }
    }

    /// Partitions (groups, directories, files) of one kind that get a line of their own in one interval; further ones
    /// share one.
    static let subjectsPerKind = 20

    private struct Told {
        var level: Notice.Level
        var text: String
        /// How often it came since it was told.
        var count = 0
    }

    private var subjects: [Kind: [String: Told]] = [:]
    private var others: [Kind: Told] = [:]

    /// - Parameters:
    ///   - subject: who has the fault; the same fault of another is another line.
    /// - Returns: the line that is due at once.
    mutating func note(_ kind: Kind, of subject: String, _ level: Notice.Level, _ text: String) -> Notice? {
        if let count = subjects[kind]?[subject]?.count {
            subjects[kind]?[subject] = Told(level: level, text: text, count: count +| 1)
            return nil
        }
        guard subjects[kind]?.count ?? 0 < Self.subjectsPerKind else {
            others[kind] = Told(level: level, text: text, count: (others[kind]?.count ?? 0) +| 1)
            return nil
        }
        subjects[kind, default: [:]][subject] = Told(level: level, text: text)
        return Notice(level: level, text: text)
    }

    /// Ends an interval: what came again in it is told once, what did not is forgotten.
    mutating func take() -> [Notice] {
        var lines: [Notice] = []
        for kind in Kind.allCases {
            for (subject, told) in (subjects[kind] ?? [:]).sorted(by: { $0.key < $1.key }) {
                guard told.count > 0 else {
                    subjects[kind]?[subject] = nil
                    continue
                }
                subjects[kind]?[subject]?.count = 0
                let times = told.count == 1 ? "once more" : "\(told.count) times more"
                lines.append(Notice(level: told.level, text: "\(told.text) (\(times) since that was told)"))
            }
            if let told = others.removeValue(forKey: kind) {
                let text = "\(kind.inGeneral) \(told.count) times elsewhere, the last one: \(told.text)"
                lines.append(Notice(level: told.level, text: text))
            }
        }
        return lines
    }
}

extension Cluster {
    /// Says that something went wrong which may do so again and again; see ``RepeatedNotices``.
    mutating func complain(
        _ kind: RepeatedNotices.Kind, of subject: String = "", _ text: String, level: Notice.Level = .error
    ) {
        if let notice = repeatedNotices.note(kind, of: subject, level, text) {
            notices.append(notice)
        }
    }

    /// Faults of reading are told to readers as a code only.
    mutating func reportUnreadable() {
        for (name, error) in upkeep.changes.takeUnreadable() {
            guard let partition = topics[name.topicID]?.partition(name.index) else {
                continue
            }
            let topic = "\(partition.topicName)-\(partition.index)"
            let text = "partition \(topic): readers of some of its records get an error: \(error)"
            complain(.read, of: error.isTransient ? topic : error.path, text)
        }
    }
}
