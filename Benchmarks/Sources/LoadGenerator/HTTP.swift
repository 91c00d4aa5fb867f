/// One HTTP request over a connection of its own.
package enum HTTP {
    /// Sends JSON and returns status and body.
    package static func call(
        _ method: String, _ path: String, body: String = "", at address: Address
    ) throws -> (status: Int, body: String) {
        let descriptor = try Socket.connect(address, blocking: true)
        defer { Socket.close(descriptor) }
        let request = """
            \(method) \(path) HTTP/1.1\r
            Host: \(address)\r
            Content-Type: application/json\r
            Content-Length: \(body.utf8.count)\r
            Connection: close\r
            \r
            \(body)
            """
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            rest = rest.dropFirst(try rest.withUnsafeBytes { try Socket.write(descriptor, $0) } ?? 0)
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while let count = try buffer.withUnsafeMutableBytes({ try Socket.read(descriptor, into: $0) }), count > 0 {
            answer += buffer[..<count]
        }
        let text = String(decoding: answer, as: UTF8.self)
        let words = text.split(separator: " ", maxSplits: 2)
        guard words.count > 1, let status = Int(words[1]) else { throw BenchmarkError("no HTTP answer to \(path)") }
        return (status, text)
    }

    /// A call that must succeed.
    package static func must(_ method: String, _ path: String, body: String, at address: Address) throws {
        let answer = try call(method, path, body: body, at: address)
        guard (200..<300).contains(answer.status) else {
            throw BenchmarkError("\(method) \(path): \(answer.status) \(answer.body)")
        }
    }
}

/// A connection that begins a request and never ends it.
package final class HalfRequest {
    private let descriptor: Int32

    package init(_ address: Address) throws {
        descriptor = try Socket.connect(address, blocking: true)
        _ = try Array("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half: ".utf8).withUnsafeBytes {
            try Socket.write(descriptor, $0)
        }
    }

    deinit { Socket.close(descriptor) }
}
