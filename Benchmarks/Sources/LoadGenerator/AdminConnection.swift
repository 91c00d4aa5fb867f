/// A blocking connection for setting up: one request, one answer.
package final class AdminConnection {
    private let descriptor: Int32

    package init(_ address: Address) throws {
        descriptor = try Socket.connect(address, blocking: true)
    }

    deinit { Socket.close(descriptor) }

    /// Sends a whole frame and returns the answer without its length.
    package func call(_ frame: [UInt8]) throws -> [UInt8] {
        try send(frame)
        return try receive()
    }

    /// Sends a whole frame and does not wait.
    package func send(_ frame: [UInt8]) throws {
        try frame.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                sent += try Socket.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[sent...])) ?? 0
            }
        }
    }

    /// The next answer without its length.
    package func receive() throws -> [UInt8] {
        let size = try exactly(4).withUnsafeBytes { Int($0.number(Int32.self, at: 0)) }
        guard size >= 4, size < 1 << 28 else { throw BenchmarkError("an answer of \(size) bytes") }
        return try exactly(size)
    }

    private func exactly(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var received = 0
        try bytes.withUnsafeMutableBytes { memory in
            while received < count {
                let piece = try Socket.read(
                    descriptor, into: UnsafeMutableRawBufferPointer(rebasing: memory[received...]))
                guard piece != 0 else { throw BenchmarkError("the server closed the connection") }
                received += piece ?? 0
            }
        }
        return bytes
    }

    package func apiVersions() throws {
        let error = try call(Request.apiVersions()).withUnsafeBytes { $0.number(Int16.self, at: 4) }
        guard error == 0 else { throw BenchmarkError("ApiVersions: error \(error)") }
    }

    package func createTopic(_ name: String, partitions: Int, configs: [String: String] = [:]) throws {
        let answer = try call(Request.createTopic(name, partitions: Int32(partitions), configs: configs))
        let error = answer.withUnsafeBytes { $0.number(Int16.self, at: 4 + 4 + 4 + 2 + name.utf8.count) }
        guard error == 0 else { throw BenchmarkError("creating \(name): error \(error)") }
    }

    package func deleteTopic(_ name: String) throws {
        let answer = try call(Request.deleteTopic(name))
        let error = answer.withUnsafeBytes { $0.number(Int16.self, at: 4 + 4 + 4 + 2 + name.utf8.count) }
        guard error == 0 else { throw BenchmarkError("deleting \(name): error \(error)") }
    }

    /// The next offset of a partition, or nil while the server doesn't know the partition.
    package func endOffset(_ topic: String, partition: Int) throws -> Int64? {
        let answer = try call(Request.endOffset(topic: topic, partition: Int32(partition)))
        return answer.withUnsafeBytes { bytes in
            let row = 4 + 4 + 2 + topic.utf8.count + 4 + 4
            return bytes.number(Int16.self, at: row) == 0 ? bytes.number(Int64.self, at: row + 2 + 8) : nil
        }
    }
}
