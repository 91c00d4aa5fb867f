import KafkaClient
import KafkaProtocol
import Testing

/// A batch of `count` records from `offset` on.
func batch(at offset: Int64, count: Int = 1, epoch: Int32 = 0) throws -> [UInt8] {
    var builder = RecordBatchBuilder(baseOffset: offset, leaderEpoch: epoch)
    for index in 0..<count {
        builder.append(key: nil, value: Array("value \(offset + Int64(index))".utf8), timestamp: 1_000)
    }
    return try builder.build()
}

@Suite("Batches in a fetch answer")
struct FetchedBatchesTests {
    private func walk<R>(_ bytes: [UInt8], from offset: Int64, _ body: (FetchedBatches) throws -> R) rethrows -> R {
        try bytes.withUnsafeBytes { try body(FetchedBatches($0, from: offset)) }
    }

    @Test("a partial batch at the end is left out, wherever it is cut")
    func cutsPartialBatches() throws {
        let first = try batch(at: 0, count: 3)
        let second = try batch(at: 3, count: 2)
        for length in 0..<second.count {
            walk(first + second.prefix(length), from: 0) { batches in
                #expect(batches.bytes.elementsEqual(first))
                #expect(batches.nextOffset == 3)
                #expect(batches.fault == nil)
            }
        }
        walk(first + second, from: 0) { #expect($0.count == 2 && $0.nextOffset == 5) }
    }

    @Test("batches below the offset asked for are dropped, the one that holds it is kept whole")
    func dropsOldBatches() throws {
        let bytes = try batch(at: 0, count: 3) + batch(at: 3, count: 4)
        walk(bytes, from: 5) { batches in
            #expect(batches.firstOffset == 3)
            #expect(batches.count == 1)
            #expect(batches.nextOffset == 7)
        }
    }

    @Test("gaps are fine, overlaps are a fault")
    func checksOrder() throws {
        try walk(batch(at: 0) + batch(at: 10), from: 0) { #expect($0.count == 2 && $0.fault == nil) }
        try walk(batch(at: 5, count: 5) + batch(at: 2), from: 5) { batches in
            #expect(batches.count == 1)
            #expect(batches.fault != nil)
        }
    }

    @Test("before a batch that goes back nothing is kept from the last gap on, whose end may be the wrong one")
    func keepsNothingBehindGap() throws {
        let sound = try batch(at: 0) + batch(at: 1, count: 2)
        let bytes = try sound + batch(at: 11) + batch(at: 4) + batch(at: 5)
        walk(bytes, from: 0) { batches in
            #expect(batches.bytes.elementsEqual(sound))
            #expect(batches.count == 2 && batches.nextOffset == 3 && batches.gap == nil)
            #expect(batches.fault == .badBaseOffset(4, expected: 12))
        }
        try walk(batch(at: 11) + batch(at: 4), from: 3) { batches in
            #expect(batches.count == 0 && batches.nextOffset == 3 && batches.fault != nil)
        }
        try walk(batch(at: 0, count: 3) + batch(at: 1, count: 5), from: 0) { batches in
            #expect(batches.count == 1 && batches.fault == .badBaseOffset(1, expected: 3))
        }
        try walk(batch(at: 3) + batch(at: 9) + batch(at: 20), from: 3) { #expect($0.gap == 4..<9) }
    }

    @Test("a batch at the end behind a gap is doubtful, unless what begins behind it shows that it is in order")
    func doubtfulEnd() throws {
        let sound = try batch(at: 0) + batch(at: 1, count: 2)
        let bytes = try sound + batch(at: 11)
        walk(bytes, from: 0) { batches in
            #expect(batches.doubtfulEnd == sound.count && batches.count == 3)
            let rest = batches.withoutDoubtfulEnd(from: 0)
            #expect(rest.bytes.elementsEqual(sound) && rest.nextOffset == 3 && rest.gap == nil)
        }
        try walk(batch(at: 0, count: 5) + batch(at: 11), from: 3) { #expect($0.doubtfulEnd != 0 && $0.count == 2) }
        try walk(batch(at: 11), from: 3) { #expect($0.doubtfulEnd == 0) }
        try walk(batch(at: 11) + batch(at: 12), from: 3) { #expect($0.doubtfulEnd == nil && $0.gap == 3..<11) }
        walk(sound, from: 0) { #expect($0.doubtfulEnd == nil) }
        for length in [8, 30] {
            try walk(bytes + batch(at: 12).prefix(length), from: 0) { #expect($0.doubtfulEnd == nil && $0.count == 3) }
            try walk(bytes + batch(at: 4).prefix(length), from: 0) { batches in
                #expect(batches.fault == .badBaseOffset(4, expected: 12) && batches.doubtfulEnd == nil)
                #expect(batches.bytes.elementsEqual(sound))
            }
        }
        try walk(bytes + batch(at: 4).prefix(7), from: 0) { #expect($0.doubtfulEnd == sound.count) }
    }

    @Test("leader epochs that fall are noticed")
    func checksEpochs() throws {
        try walk(batch(at: 0, epoch: 2) + batch(at: 1, epoch: 5), from: 0) { batches in
            #expect(batches.epochsAreMonotonic)
            #expect(batches.lastEpoch == 5)
        }
        try walk(batch(at: 0, epoch: 5) + batch(at: 1, epoch: 2), from: 0) { #expect(!$0.epochsAreMonotonic) }
    }

    @Test("a batch of an old format is a fault that names the format", arguments: [0, 1] as [UInt8])
    func findsOldFormats(magic: UInt8) throws {
        var old = try batch(at: 1)
        old[RecordBatchHeader.Position.magic] = magic
        try walk(batch(at: 0) + old, from: 0) { batches in
            #expect(batches.count == 1)
            #expect(batches.fault == .unsupportedMagic(Int8(magic)))
        }
    }
}
