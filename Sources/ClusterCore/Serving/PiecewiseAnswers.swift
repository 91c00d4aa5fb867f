import KafkaProtocol

/// Answers that consist of one long array and are too long to be made at once, or to be held: their elements are
/// encoded twice, a piece at a time. First to know how long the answer is, in slices, between which others are served;
/// then as the client takes it.
struct PiecewiseAnswers {
    fileprivate struct Item {
        let token: RequestToken
        let place: SliceKind?
        var answer: PiecewiseAnswer
    }

    /// Answers whose length is not known yet. Each has its turn. A connection has one at most.
    private var items: [Item] = []

    /// Bytes of memory that what they are made from takes.
    private(set) var heldBytes = 0

    var isEmpty: Bool { items.isEmpty }
    var count: Int { items.count }
    private(set) var places = SliceCounts()

    fileprivate mutating func append(_ item: Item) {
        heldBytes = heldBytes +| item.answer.heldBytes
        places.note(item.place, 1)
        items.append(item)
    }

    fileprivate mutating func next() -> Item? {
        guard let item = items.first else {
            return nil
        }
        heldBytes = heldBytes -| item.answer.heldBytes
        places.note(item.place, -1)
        items.removeFirst()
        return item
    }

    func isMeasuring(for connection: ConnectionID) -> Bool { items.contains { $0.token.connection == connection } }

    mutating func removeAll(of connection: ConnectionID) {
        items.removeAll { $0.token.connection == connection }
        places = SliceCounts()
        items.forEach { places.note($0.place, 1) }
        heldBytes = items.reduce(0) { $0 +| $1.answer.heldBytes }
    }
}

extension Cluster {
    /// Answers with a response that is nothing but a throttle time and an array.
    ///
    /// - Parameters:
    ///   - count: elements of the array; not 0.
    ///   - perPiece: elements that are made in one go.
    ///   - isFlexible: whether this version has compact arrays and tagged fields.
    ///   - make: the response with only these elements; always the same for the same range.
    mutating func answerInPieces<Response: KafkaResponse>(
        _ context: RequestContext, count: Int, perPiece: Int, isFlexible: Bool,
        _ make: @escaping @Sendable (Range<Int>) -> Response
    ) {
        let version = context.version
        var answer = PiecewiseAnswer(count: count, perPiece: perPiece, isFlexible: isFlexible) { range, writer in
            make(range).encode(into: &writer, version: version)
        }
        answer.heldBytes = context.heldBytes
        piecewise.append(PiecewiseAnswers.Item(token: context.token, place: context.place, answer: answer))
        schedulePiecewise()
    }

    private mutating func schedulePiecewise() {
        guard !isPiecewiseScheduled else {
            return
        }
        isPiecewiseScheduled = true
        timers.schedule(.piecewise, at: deadline(after: Self.sliceInterval))
    }

    /// One slice of one answer.
    mutating func workOnPiecewiseAnswers() {
        isPiecewiseScheduled = false
        guard var item = piecewise.next() else {
            return
        }
        item.answer.measureNext()
        if item.answer.isMeasured {
            deliver(item.answer, to: item.token)
        } else {
            piecewise.append(item)
        }
        if !piecewise.isEmpty {
            schedulePiecewise()
        }
    }
}

/// The body of an answer that is encoded piece by piece.
struct PiecewiseAnswer: KafkaResponse {
    /// Bytes of a throttle time.
    private static let throttleBytes = 4

    private let count: Int
    private let perPiece: Int
    private let isFlexible: Bool
    /// Bytes of memory of the request that it is made from, until it has left.
    fileprivate(set) var heldBytes = 0
    private let encode: @Sendable (Range<Int>, inout WireWriter) -> Void
    /// Bytes of each piece that is measured.
    private var sizes: [Int] = []

    init(
        count: Int, perPiece: Int, isFlexible: Bool, encode: @escaping @Sendable (Range<Int>, inout WireWriter) -> Void
    ) {
        self.count = count
        self.perPiece = perPiece
        self.isFlexible = isFlexible
        self.encode = encode
    }

    /// Made, never read, and never empty.
    init() {
        self.init(count: 0, perPiece: 1, isFlexible: false) { _, _ in }
    }

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        self.init()
    }

    var isMeasured: Bool { sizes.count * perPiece >= count }
    var recordBytes: Int { sizes.reduce(0, +) }

    mutating func measureNext() {
        sizes.append(bytes(ofPiece: sizes.count).count)
    }

    /// Elements of one piece, encoded.
    fileprivate func bytes(ofPiece index: Int) -> ArraySlice<UInt8> {
        let range = index * perPiece..<min((index + 1) * perPiece, count)
        var writer = WireWriter(capacity: sizes.max() ?? 4096)
        encode(range, &writer)
        var frame = WireWriter(capacity: 16)
        writeHead(range.count, &frame)
        let whole = writer.copyBytes()
        // What surrounds the elements is the answer's, not the piece's.
        return whole[frame.count..<(whole.count - (isFlexible ? 1 : 0))]
    }

    private func writeHead(_ elements: Int, _ writer: inout WireWriter) {
        writer.writeInt32(0)
        writer.writeArrayCount(elements, compact: isFlexible)
    }

    func encode(into writer: inout WireWriter, version: Int16) {
        writeHead(count, &writer)
        writer.writeSource(PieceSource(self, sizes: sizes), recordBytes)
        if isFlexible {
            writer.writeUnsignedVarint(0)
        }
    }
}

/// The elements of a ``PiecewiseAnswer``, made as they are taken; holds one piece.
///
/// Unchecked: used on the thread that steps the cluster, like every source of an ``AnswerStream``.
private final class PieceSource: RecordSource, @unchecked Sendable {
    private let answer: PiecewiseAnswer
    private let sizes: [Int]
    /// The piece at hand, and the bytes before it.
    private var index = 0
    private var before = 0
    private var piece: ArraySlice<UInt8>?

    init(_ answer: PiecewiseAnswer, sizes: [Int]) {
        self.answer = answer
        self.sizes = sizes
    }

    func copyRecords(from start: Int, into memory: UnsafeMutableRawBufferPointer) -> Bool {
        if start < before {
            (index, before, piece) = (0, 0, nil)
        }
        var filled = 0
        while filled < memory.count {
            guard index < sizes.count else {
                return false
            }
            let skipped = start + filled - before
            guard skipped < sizes[index] else {
                before += sizes[index]
                index += 1
                piece = nil
                continue
            }
            let bytes = piece ?? answer.bytes(ofPiece: index)
            guard bytes.count == sizes[index] else {
                return false
            }
            piece = bytes
            let part = bytes.dropFirst(skipped).prefix(memory.count - filled)
            part.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: memory[filled...]).copyMemory(from: $0) }
            filled += part.count
        }
        return true
    }
}
