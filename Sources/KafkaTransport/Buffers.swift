import NIOCore

/// Memory that the connections of one loop take turns in using, so that an idle connection holds none and a busy one
/// does not allocate. Confined to its loop.
final class LoopBuffers {
    /// Bytes one read from a socket can bring.
    static let receiveBytes = 1024 * 1024
    /// The larger buffers are worth keeping: the system hands out and zeroes their pages at every new allocation.
    static let largeBytes = 1024 * 1024
    static let smallBytes = 4096
    /// A buffer that grew beyond this is given back to the system.
    static let keptBytes = 4 * 1024 * 1024

    private let allocator = ByteBufferAllocator()
    private var receiving = ByteBuffer()
    private var small: [ByteBuffer] = []
    private var large: [ByteBuffer] = []
    private let keptCount = 8

    /// An empty buffer that at least `capacity` bytes fit in.
    func take(_ capacity: Int) -> ByteBuffer {
        if capacity <= Self.smallBytes {
            return take(from: &small, max(capacity, Self.smallBytes))
        }
        return take(from: &large, max(capacity, Self.largeBytes))
    }

    private func take(from free: inout [ByteBuffer], _ capacity: Int) -> ByteBuffer {
        guard var buffer = free.popLast() else {
            return allocator.buffer(capacity: capacity)
        }
        // Takes new storage when the socket has not sent the old one yet.
        buffer.clear(minimumCapacity: capacity)
        return buffer
    }

    /// Takes a buffer back whose contents are no longer needed by the caller.
    func give(_ buffer: ByteBuffer) {
        let capacity = buffer.capacity
        if capacity >= Self.largeBytes {
            if capacity <= Self.keptBytes, large.count < keptCount {
                large.append(buffer)
            }
        } else if capacity >= Self.smallBytes, small.count < keptCount {
            small.append(buffer)
        }
    }

    func takeReceiveBuffer() -> ByteBuffer {
        guard receiving.capacity >= Self.receiveBytes else {
            return allocator.buffer(capacity: Self.receiveBytes)
        }
        // Moved out, not copied: whoever reads into it must be its only owner.
        var buffer = ByteBuffer()
        swap(&buffer, &receiving)
        buffer.clear()
        return buffer
    }

    func giveReceiveBuffer(_ buffer: ByteBuffer) {
        if buffer.capacity >= Self.receiveBytes {
            receiving = buffer
        }
    }

    /// Lets go of everything; called now and then, so that a burst does not leave its memory behind for good.
    func trim() {
        receiving = ByteBuffer()
        small.removeAll()
        large.removeAll()
    }
}

/// Makes the sockets of a loop read into one shared buffer, which their handlers give back once they have looked at it.
///
/// To be used with one read per wake-up (`maxMessagesPerRead` 1): NIO then keeps no buffer of its own, except the first
/// one of a connection, which is small for that reason.
struct SharedReceiveAllocator: RecvByteBufferAllocator, @unchecked Sendable {
    private static let firstBytes = 512

    private let buffers: LoopBuffers
    private var isFirst = true

    /// Confined to the loop of `buffers`, like the channels that it is given to.
    init(_ buffers: LoopBuffers) {
        self.buffers = buffers
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        isFirst ? allocator.buffer(capacity: Self.firstBytes) : buffers.takeReceiveBuffer()
    }

    mutating func record(actualReadBytes: Int) -> Bool {
        isFirst = false
        return true
    }

    /// No size: NIO asks for a buffer at every read instead of using its last one again.
    func nextBufferSize() -> Int? { nil }
}

enum TLSBuffers {
    /// Sizes of one read of ciphertext: from a handshake's to sixteen records'.
    static var allocator: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 2_048, initial: 4_096, maximum: 256 * 1_024)
    }
}
