import ClusterCore
import KafkaProtocol
import NIOCore

/// Cuts the bytes of a connection into frames: four bytes of length, then that many bytes.
///
/// Whole frames are handed out where they lie in the received buffer; only what is incomplete, or may not be handled
/// yet, is copied and kept.
struct FrameAssembler {
    /// Why handing out frames ended.
    enum Stop: Equatable {
        /// Every whole frame was handed out.
        case needsMore
        /// The receiver asked to stop; ``resume(_:_:)`` goes on from there.
        case held
        /// A length that is negative or above the limit; the stream cannot be read on.
        case illegalLength(Int)
        /// A length that only requests with records may have, before another one; the stream cannot be read on.
        case tooLong(APIKey, Int)
    }

    /// What became of a frame that was handed out.
    enum Taken {
        /// It was handled; the next one is wanted.
        case next
        /// It was handled; the next one has to wait.
        case last
        /// It has to wait itself, and is handed out again later.
        case notYet
    }

    static let lengthBytes = 4
    private static let keyBytes = 2
    /// Memory is reserved for a frame's announced length up to this much, and beyond as its bytes come in: a length
    /// alone costs a client nothing, so it must not cost us much either.
    static let reserveBytes = 1024 * 1024

    /// Longest frame that is taken; may grow once it is known who sends.
    var maxFrameBytes: Int
    /// Longest frame of requests that bring no records (of everything but Produce). It is known by the frame's first
    /// bytes, its API key, which have to come before anything is made of a longer one.
    let maxShortFrameBytes: Int
    /// What could not be handed out yet.
    private var kept = ByteBuffer()

    init(maxFrameBytes: Int, maxShortFrameBytes: Int = .max) {
        self.maxFrameBytes = maxFrameBytes
        self.maxShortFrameBytes = maxShortFrameBytes
    }

    /// Bytes that wait to be handed out.
    var keptBytes: Int { kept.readableBytes }
    /// Memory held for them.
    var keptCapacity: Int { kept.capacity }

    /// Hands out the whole frames of what is kept followed by `chunk`.
    /// - Parameter handle: takes a frame, valid during the call, and says what became of it.
    mutating func receive(
        _ chunk: ByteBuffer, _ buffers: LoopBuffers, _ handle: (UnsafeRawBufferPointer) -> Taken
    ) -> Stop {
        var chunk = chunk
        while kept.readableBytes > 0 {
            // Only what the first kept frame lacks: what follows it can be handed out in place.
            guard let missing = missingBytes, missing > 0 else {
                keep(&chunk, buffers)
                return resume(buffers, handle)
            }
            guard var part = chunk.readSlice(length: min(missing, chunk.readableBytes)), part.readableBytes > 0 else {
                return .needsMore
            }
            kept.writeBuffer(&part)
            let stop = resume(buffers, handle)
            guard stop == .needsMore else {
                keep(&chunk, buffers)
                return stop
            }
        }
        var stop = Stop.needsMore
        let used = chunk.withUnsafeReadableBytes { scan($0, &stop, handle) }
        chunk.moveReaderIndex(forwardBy: used)
        keep(&chunk, buffers)
        return stop
    }

    /// Keeps `chunk` without looking at it.
    mutating func hold(_ chunk: ByteBuffer, _ buffers: LoopBuffers) {
        var chunk = chunk
        keep(&chunk, buffers)
    }

    /// Hands out the whole frames of what is kept.
    mutating func resume(_ buffers: LoopBuffers, _ handle: (UnsafeRawBufferPointer) -> Taken) -> Stop {
        var stop = Stop.needsMore
        let used = kept.withUnsafeReadableBytes { scan($0, &stop, handle) }
        kept.moveReaderIndex(forwardBy: used)
        if kept.readableBytes == 0 {
            release(buffers)
        } else if kept.readerIndex > kept.capacity / 2 {
            kept.discardReadBytes()
        }
        return stop
    }

    /// Forgets what is kept.
    mutating func release(_ buffers: LoopBuffers) {
        if kept.capacity > 0 {
            buffers.give(kept)
        }
        kept = ByteBuffer()
    }

    private func scan(
        _ bytes: UnsafeRawBufferPointer, _ stop: inout Stop, _ handle: (UnsafeRawBufferPointer) -> Taken
    ) -> Int {
        var position = 0
        while bytes.count - position >= Self.lengthBytes {
            let length = Self.length(bytes, at: position)
            guard length >= 0, length <= maxFrameBytes else {
                stop = .illegalLength(length)
                return position
            }
            let start = position + Self.lengthBytes
            if length > maxShortFrameBytes, bytes.count - start >= Self.keyBytes {
                let key = APIKey(rawValue: bytes.loadUnaligned(fromByteOffset: start, as: Int16.self).bigEndian)
                guard key == .produce else {
                    stop = .tooLong(key, length)
                    return position
                }
            }
            guard bytes.count - start >= length else {
                break
            }
            let end = start + length
            switch handle(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) {
            case .next:
                position = end
            case .last:
                stop = .held
                return end
            case .notYet:
                stop = .held
                return position
            }
        }
        return position
    }

    /// Bytes that the first kept frame, or its length, still lacks; 0 or less when it is whole.
    private var missingBytes: Int? {
        kept.withUnsafeReadableBytes { bytes in
            guard bytes.count >= Self.lengthBytes else {
                return Self.lengthBytes - bytes.count
            }
            let length = Self.length(bytes, at: 0)
            return length < 0 || length > maxFrameBytes ? nil : Self.lengthBytes + length - bytes.count
        }
    }

    private mutating func keep(_ chunk: inout ByteBuffer, _ buffers: LoopBuffers) {
        guard chunk.readableBytes > 0 else {
            return
        }
        if kept.readableBytes == 0 {
            release(buffers)
            kept = buffers.take(max(chunk.readableBytes, announcedBytes(chunk)))
        }
        kept.writeBuffer(&chunk)
    }

    private func announcedBytes(_ chunk: ByteBuffer) -> Int {
        guard let length = chunk.getInteger(at: chunk.readerIndex, as: Int32.self), length > 0 else {
            return 0
        }
        return min(Self.lengthBytes + Int(length), Self.reserveBytes)
    }

    @inline(__always)
    private static func length(_ bytes: UnsafeRawBufferPointer, at position: Int) -> Int {
        Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Int32.self)))
    }
}

extension FrameAssembler {
    /// What a TLS client's first bytes say when they are read as a length: a handshake record of version 3.
    private static let tlsRecordStart = 0x1603

    /// What is wrong with a length that no frame may have.
    func complaint(aboutLength length: Int, on listener: ListenerName) -> String {
        length < 0
            ? "frame length \(length) is negative"
            : length >> 16 == Self.tlsRecordStart
                ? "a TLS client on listener \(listener.rawValue), which is not encrypted"
                : "frame of \(length) bytes exceeds the limit of \(maxFrameBytes)"
    }
}
