import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaTransport

@Suite("Frames")
struct FrameAssemblerTests {
    static func frame(_ body: [UInt8]) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (24 - 8 * $0)) } + body
    }

    static let bodies: [[UInt8]] = [
        [1, 2, 3], [], [9], [UInt8](repeating: 5, count: 300), (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }, [4],
    ]

    @Test(
        "however the bytes are cut, the same frames come out",
        arguments: [1, 2, 3, 4, 5, 7, 64, 304, 4_096, 65_536, 1_000_000])
    func anyCut(size: Int) {
        let stream = Self.bodies.flatMap(Self.frame)
        let buffers = LoopBuffers()
        var assembler = FrameAssembler(maxFrameBytes: 100_000)
        var seen: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            let chunk = ByteBuffer(bytes: stream[start..<min(start + size, stream.count)])
            let stop = assembler.receive(chunk, buffers) { frame in
                seen.append(Array(frame))
                return .next
            }
            #expect(stop == .needsMore)
        }
        #expect(seen == Self.bodies)
        #expect(assembler.keptBytes == 0)
    }

    @Test(
        "a held stream goes on where it stopped, and bytes that came meanwhile are behind it",
        arguments: [1, 5, 400_000])
    func holding(size: Int) {
        let stream = Self.bodies.flatMap(Self.frame)
        let buffers = LoopBuffers()
        var assembler = FrameAssembler(maxFrameBytes: 100_000)
        var seen: [[UInt8]] = []
        let takeOne: (UnsafeRawBufferPointer) -> FrameAssembler.Taken = { frame in
            seen.append(Array(frame))
            return .last
        }
        var isHeld = false
        for start in stride(from: 0, to: stream.count, by: size) {
            let chunk = ByteBuffer(bytes: stream[start..<min(start + size, stream.count)])
            if isHeld {
                assembler.hold(chunk, buffers)
            } else {
                isHeld = assembler.receive(chunk, buffers, takeOne) == .held
            }
        }
        #expect(seen == Array(Self.bodies.prefix(1)))
        for _ in 1..<Self.bodies.count {
            #expect(assembler.resume(buffers, takeOne) == .held)
        }
        #expect(seen == Self.bodies)
        #expect(assembler.resume(buffers, takeOne) == .needsMore)
        #expect(assembler.keptBytes == 0)
    }

    @Test(
        "lengths that cannot be are refused as soon as they are there",
        arguments: [[0xff, 0xff, 0xff, 0xff], [0, 0, 0, 11]])
    func illegalLengths(head: [UInt8]) {
        for cut in 1...4 {
            let buffers = LoopBuffers()
            var assembler = FrameAssembler(maxFrameBytes: 10)
            var stop = assembler.receive(ByteBuffer(bytes: head[..<cut]), buffers) { _ in .next }
            if cut < 4 {
                #expect(stop == .needsMore)
                stop = assembler.receive(ByteBuffer(bytes: head[cut...]), buffers) { _ in .next }
            }
            #expect(stop == .illegalLength(head[0] == 0xff ? -1 : 11))
        }
    }

    @Test("a length that only Produce may have is refused once the API key is there, and not before", arguments: 1...7)
    func longRequests(cut: Int) {
        let limit = 1_000
        let cases: [(APIKey, Int)] = [
            (.produce, limit + 1), (.metadata, limit), (.metadata, limit + 1), (.fetch, 5_000),
        ]
        for (key, length) in cases {
            let head: [UInt8] = [0, 0, UInt8(length >> 8), UInt8(length & 0xff), 0, UInt8(key.rawValue), 0]
            let buffers = LoopBuffers()
            var assembler = FrameAssembler(maxFrameBytes: 10_000, maxShortFrameBytes: limit)
            var stop = assembler.receive(ByteBuffer(bytes: head[..<cut]), buffers) { _ in .next }
            if cut < 6 {
                #expect(stop == .needsMore)
                stop = assembler.receive(ByteBuffer(bytes: head[cut...]), buffers) { _ in .next }
            }
            #expect(stop == (key == .produce || length == limit ? .needsMore : .tooLong(key, length)))
        }
    }

    @Test("an announced length alone reserves no more than a megabyte")
    func announcedLength() {
        let buffers = LoopBuffers()
        var assembler = FrameAssembler(maxFrameBytes: 100 << 20)
        _ = assembler.receive(ByteBuffer(bytes: [0x06, 0, 0, 0, 1, 2, 3]), buffers) { _ in .next }
        #expect(assembler.keptCapacity <= 1 << 20)
    }

    @Test("lines about clients are limited per second and what was left out is counted")
    func throttle() {
        var throttle = LogThrottle(limit: 2)
        #expect(throttle.admit(5_000) == .admit(suppressed: 0))
        #expect(throttle.admit(5_500) == .admit(suppressed: 0))
        #expect(throttle.admit(5_999) == .suppress)
        #expect(throttle.admit(5_999) == .suppress)
        #expect(throttle.admit(6_000) == .admit(suppressed: 2))
        #expect(throttle.admit(6_001) == .admit(suppressed: 0))
    }

    @Test("lines about what is usual are limited per minute")
    func throttleOfMinutes() {
        var throttle = LogThrottle(limit: 1, windowMs: 60_000)
        #expect(throttle.admit(60_000) == .admit(suppressed: 0))
        #expect(throttle.admit(119_999) == .suppress)
        #expect(throttle.admit(120_000) == .admit(suppressed: 1))
    }
}
