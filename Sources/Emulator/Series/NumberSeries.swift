/// The last values of one number, oldest first. Equal ones that follow each other are stored once: what does not change
/// takes no memory, and most things do not.
struct RunSeries: Sendable {
    private struct Run {
        var value: Float
        var count: UInt16
    }

    /// Values that are kept.
    let limit: Int
    private(set) var count = 0
    private var runs: [Run] = []
    /// Runs at the front that are over.
    private var dropped = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// - Parameter value: nil where nothing is known.
    mutating func append(_ value: Double?, count added: Int = 1) {
        let value = value.map { Float($0) } ?? .nan
        var left = min(added, limit)
        while left > 0 {
            let room =
                runs.count > dropped && Self.areEqual(runs[runs.count - 1].value, value)
                ? Int(UInt16.max) - Int(runs[runs.count - 1].count) : 0
            let step = room > 0 ? min(room, left) : min(left, Int(UInt16.max))
            if room > 0 {
                runs[runs.count - 1].count += UInt16(step)
            } else {
                runs.append(Run(value: value, count: UInt16(step)))
            }
            count += step
            left -= step
        }
        trim()
    }

    private static func areEqual(_ left: Float, _ right: Float) -> Bool {
        left == right || left.isNaN && right.isNaN
    }

    private mutating func trim() {
        while count > limit {
            let excess = min(count - limit, Int(runs[dropped].count))
            runs[dropped].count -= UInt16(excess)
            count -= excess
            if runs[dropped].count == 0 {
                dropped += 1
            }
        }
        if dropped > 64, dropped > runs.count / 2 {
            runs.removeFirst(dropped)
            dropped = 0
        }
    }

    /// Whether it is full of zeros.
    var isSilent: Bool { count == limit && runs.count - dropped == 1 && runs[dropped].value == 0 }

    /// The last values, oldest first; `missing` stands for those before the first one.
    func values(last wanted: Int, missing: Double?) -> [Double?] {
        var values: [Double?] = []
        values.reserveCapacity(wanted)
        values += Array(repeating: missing, count: max(0, wanted - count))
        var skipped = max(0, count - wanted)
        for run in runs[dropped...] {
            let skip = min(skipped, Int(run.count))
            skipped -= skip
            let value = run.value.isNaN ? nil : Double(run.value)
            values += Array(repeating: value, count: Int(run.count) - skip)
        }
        return values
    }
}

/// A number over time in two resolutions: each second of the last minutes, each ten seconds of the last hour.
struct NumberSeries: Sendable {
    enum Kind: Sendable {
        /// So much in a second: the mean stands for ten of them.
        case rate
        /// So much at a moment: the last one stands for ten of them.
        case level
    }

    static let fineLimit = 300
    static let coarseLimit = 360

    let kind: Kind
    private(set) var fine = RunSeries(limit: fineLimit)
    private(set) var coarse = RunSeries(limit: coarseLimit)
    // Of the ten seconds that have begun.
    private var sum = 0.0
    private var known = 0
    private var last: Double?

    /// - Parameter silentFor: seconds of the ten that have begun in which there was nothing.
    init(_ kind: Kind, silentFor: Int = 0) {
        self.kind = kind
        known = kind == .rate ? silentFor : 0
    }

    /// - Parameter endsTen: whether ten seconds are complete with this one.
    mutating func append(_ value: Double?, endsTen: Bool) {
        fine.append(value)
        if let value {
            sum += value
            known += 1
        }
        last = value ?? last
        if endsTen {
            coarse.append(kind == .level ? last : known > 0 ? sum / Double(known) : nil)
            (sum, known, last) = (0, 0, nil)
        }
    }

    var isSilent: Bool { fine.isSilent && coarse.isSilent }

    func values(coarse isCoarse: Bool, last count: Int) -> [Double?] {
        // What had no traffic was not followed.
        (isCoarse ? coarse : fine).values(last: count, missing: kind == .rate ? 0 : nil)
    }
}
