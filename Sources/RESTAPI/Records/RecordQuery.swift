/// What a reading of records was asked for, by its query parameters.
struct RecordQuery: Sendable {
    /// Where to begin.
    enum Start: Sendable, Equatable {
        case beginning
        /// The newest ones.
        case latest
        /// Negative ones count from the end.
        case offset(Int64)
        /// Milliseconds since the epoch: the first record at or after.
        case time(Int64)
        /// Go on: the next offset by partition; others are not read.
        case positions([Int32: Int64])
        /// The newest ones below an offset, by partition; others are not read.
        case before([Int32: Int64])
    }

    static let largestLimit = 1_000
    static let largestPartBytes = 1 << 20
    /// Records that one request may look at.
    static let mostExamined = 1_000_000_000
    /// Partitions that `positions` may name.
    private static let mostPositions = 10_000

    /// nil for all partitions.
    let partition: Int32?
    let start: Start
    let limit: Int
    let filter: RecordFilter?
    let showsControl: Bool
    /// Bytes of a key, a value or a header beyond which it is cut.
    let partBytes: Int
    let mostExamined: Int
    let readCommitted: Bool
    /// Whether texts come as bytes, too.
    let showsBytes: Bool

    init(_ request: RESTRequest) throws(RESTError) {
        let partition = try Self.integer(request, "partition", -1...Int64(Int32.max)) ?? -1
        self.partition = partition < 0 ? nil : Int32(partition)
        start = try Self.start(request)
        limit = Int(try Self.integer(request, "limit", 1...Int64(Self.largestLimit)) ?? 50)
        filter = try RecordFilter(request)
        showsControl = try request.flag("control", default: false)
        partBytes = Int(try Self.integer(request, "max_value_bytes", 0...Int64(Self.largestPartBytes)) ?? 65_536)
        mostExamined = Int(try Self.integer(request, "max_examined", 1...Int64(Self.mostExamined)) ?? 100_000)
        showsBytes = try request.flag("raw", default: false)
        switch request.query["isolation"] ?? "read_uncommitted" {
        case "read_uncommitted": readCommitted = false
        case "read_committed": readCommitted = true
        case let text:
            throw Self.wrong("isolation", "must be read_uncommitted or read_committed, not '\(text)'")
        }
    }

    static func wrong(_ name: String, _ problem: String) -> RESTError {
        RESTError(
            status: 400, code: 400, message: "Query parameter '\(name)' \(problem).", source: .parameter(name))
    }

    private static func integer(
        _ request: RESTRequest, _ name: String, _ range: ClosedRange<Int64>
    ) throws(RESTError) -> Int64? {
        guard let text = request.query[name], !text.isEmpty else {
            return nil
        }
        guard let value = Int64(text), range.contains(value) else {
            throw wrong(name, "must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private static func start(_ request: RESTRequest) throws(RESTError) -> Start {
        // To go on with a request, it is enough to add where.
        if let positions = try positions(request, "positions") {
            return .positions(positions)
        }
        if let positions = try positions(request, "before") {
            return .before(positions)
        }
        let given = ["offset", "timestamp", "from"].filter { request.query[$0]?.isEmpty == false }
        guard given.count < 2 else {
            throw wrong(given[1], "cannot be together with '\(given[0])'")
        }
        if let offset = try integer(request, "offset", Int64.min...Int64.max) {
            return .offset(offset)
        }
        if let text = request.query["timestamp"], !text.isEmpty {
            guard let time = Timestamp.ms(text) else {
                throw wrong("timestamp", "must be milliseconds since 1970 or a time like 2026-01-31T12:00:00Z")
            }
            return .time(time)
        }
        switch request.query["from"] {
        case nil, "", "latest": return .latest
        case "beginning": return .beginning
        case .some(let text): throw wrong("from", "must be beginning or latest, not '\(text)'")
        }
    }

    /// `PARTITION:OFFSET,…`.
    private static func positions(_ request: RESTRequest, _ name: String) throws(RESTError) -> [Int32: Int64]? {
        guard let text = request.query[name], !text.isEmpty else {
            return nil
        }
        var positions: [Int32: Int64] = [:]
        for item in text.split(separator: ",") {
            let sides = item.split(separator: ":", omittingEmptySubsequences: false)
            guard sides.count == 2, let partition = Int32(sides[0]), let offset = Int64(sides[1]), partition >= 0,
                offset >= 0, positions.count < mostPositions
            else {
                throw wrong(name, "must be a list of PARTITION:OFFSET, like 0:17,1:4")
            }
            positions[partition] = offset
        }
        return positions
    }
}
