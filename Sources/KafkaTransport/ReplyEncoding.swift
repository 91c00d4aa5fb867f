import ClusterCore
import KafkaProtocol
import NIOCore

extension Reply {
    static let lengthBytes = 4

    /// Bytes that the frame is expected to need.
    var expectedFrameBytes: Int { sizeHint + Reply.lengthBytes }

    /// Appends the answer as a frame, encoded in place when it fits into `sizeHint`.
    /// - Returns: false when the answer could not be made (stored records could not be read); nothing is appended then.
    func writeFrame(to buffer: inout ByteBuffer) -> Bool {
        guard framing != .nothing else {
            return true
        }
        var isWritten = false
        var overflow: [UInt8]?
        let start = buffer.writerIndex
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: expectedFrameBytes) { memory in
            let body = UnsafeMutableRawBufferPointer(rebasing: memory[Reply.lengthBytes...])
            var writer = WireWriter(borrowing: body)
            encode(into: &writer)
            guard !writer.failure else {
                return 0
            }
            isWritten = true
            if writer.overflowed {
                overflow = writer.copyBytes()
                return 0
            }
            memory.storeBytes(of: UInt32(writer.count).bigEndian, as: UInt32.self)
            return Reply.lengthBytes + writer.count
        }
        if let overflow {
            buffer.moveWriterIndex(to: start)
            buffer.writeInteger(UInt32(overflow.count))
            buffer.writeBytes(overflow)
        }
        return isWritten
    }
}
