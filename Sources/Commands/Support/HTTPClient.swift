import RESTAPI

/// Where the server is: `http://HOST:PORT[/PREFIX]`.
struct ServerURL: Equatable, CustomStringConvertible {
    let host: String
    let port: Int
    /// Path in front of every request, without a trailing slash.
    let prefix: String
    let description: String

    /// - Throws: when the text is no plain HTTP address. A missing scheme is `http`.
    init(_ text: String) throws(CLIError) {
        var rest = text[...]
        if let separator = text.firstRange(of: "://") {
            let scheme = text[..<separator.lowerBound].lowercased()
            guard scheme == "http" else {
                throw CLIError("the URL \"\(text)\" must start with http://")
            }
            rest = text[separator.upperBound...]
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        var path = rest[slash...]
        while path.last == "/" {
            path.removeLast()
        }
        let (host, port) = try ServerURL.split(authority, of: text)
        self.host = host
        self.port = port
        prefix = String(path)
        description = "http://\(authority)\(path)"
    }

    private static func split(_ authority: Substring, of text: String) throws(CLIError) -> (String, Int) {
        var host = authority
        var port = 80
        let afterBracket = authority.firstIndex(of: "]") ?? authority.startIndex
        if let colon = authority[afterBracket...].firstIndex(of: ":") {
            guard let number = UInt16(authority[authority.index(after: colon)...]), number > 0 else {
                throw CLIError("the URL \"\(text)\" has no valid port")
            }
            port = Int(number)
            host = authority[..<colon]
        }
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
        }
        guard !host.isEmpty else {
            throw CLIError("the URL \"\(text)\" has no host")
        }
        return (String(host), port)
    }

    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

struct HTTPReply {
    var status: Int
    var body: [UInt8]
}

/// HTTP/1.1, one request a connection: enough for a command that asks a local server one or two questions.
struct HTTPClient {
    let server: ServerURL
    /// For the whole exchange.
    var timeoutMs: Int64 = 30_000
    /// Answers that are larger are refused.
    static let maximumReplyBytes = 64 * 1024 * 1024

    /// - Parameter token: of a log-in, sent as a bearer token.
    func send(
        _ method: HTTPMethod, _ path: String, body: [UInt8]? = nil, token: String? = nil
    ) throws(CLIError) -> HTTPReply {
        var head = "\(method.rawValue) \(server.prefix)\(path) HTTP/1.1\r\nHost: \(server.authority)\r\n"
        head += "Accept: application/json\r\nUser-Agent: twinlog\r\nConnection: close\r\n"
        if let token {
            head += "Authorization: Bearer \(token)\r\n"
        }
        if let body {
            head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n"
        }
        do throws(SystemError) {
            let deadline = Platform.monotonicMs + timeoutMs
            let socket = try BlockingSocket(host: server.host, port: server.port, deadline: deadline)
            try socket.send(Array((head + "\r\n").utf8) + (body ?? []))
            var bytes: [UInt8] = []
            while bytes.count <= HTTPClient.maximumReplyBytes, let chunk = try socket.receive() {
                bytes += chunk
            }
            guard let reply = HTTPReply(parsing: bytes) else {
                throw SystemError(code: SystemError.protocolError)
            }
            return reply
        } catch {
            throw explain(error)
        }
    }

    private func explain(_ error: SystemError) -> CLIError {
        if error.code == SystemError.protocolError {
            return CLIError("\(server) did not answer with HTTP. Is another program listening there?")
        }
        let hint = error.isConnectionRefused ? ". Is \"twinlog serve\" running?" : ""
        return CLIError("cannot reach twinlog at \(server): \(error)\(hint)")
    }
}

extension HTTPReply {
    /// A complete answer, read to the end of its connection; nil when it is no HTTP or was cut off.
    init?(parsing bytes: [UInt8]) {
        guard let headEnd = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            return nil
        }
        let lines = String(decoding: bytes[..<headEnd.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let statusLine = lines.first?.split(separator: " ") ?? []
        guard statusLine.count >= 2, statusLine[0].hasPrefix("HTTP/1."), let status = Int(statusLine[1]) else {
            return nil
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else {
                return nil
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        self.status = status
        let rest = bytes[headEnd.upperBound...]
        if headers["transfer-encoding"]?.lowercased() == "chunked" {
            guard let body = HTTPReply.joinChunks(rest) else {
                return nil
            }
            self.body = body
        } else if let text = headers["content-length"], status != 204 {
            guard let length = Int(text), length >= 0, rest.count >= length else {
                return nil
            }
            body = Array(rest.prefix(length))
        } else {
            body = Array(rest)
        }
    }

    private static func joinChunks(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = bytes
        var body: [UInt8] = []
        while let lineEnd = rest.firstRange(of: Array("\r\n".utf8)) {
            let line = String(decoding: rest[..<lineEnd.lowerBound], as: UTF8.self)
            guard let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0 else {
                return nil
            }
            rest = rest[lineEnd.upperBound...]
            if size == 0 {
                return body
            }
            guard rest.count >= size + 2 else {
                return nil
            }
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
        }
        return nil
    }
}
