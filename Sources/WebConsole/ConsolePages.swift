import Crypto
import KafkaProtocol
import Synchronization

/// What of a request decides which file answers it.
package struct ConsoleRequest: Sendable {
    /// Path segments, percent-decoded.
    package var path: [String]
    /// Headers `Accept`, `Accept-Encoding` and `If-None-Match`.
    package var accept: String?
    package var acceptEncoding: String?
    package var ifNoneMatch: String?

    package init(
        path: [String], accept: String? = nil, acceptEncoding: String? = nil, ifNoneMatch: String? = nil
    ) {
        self.path = path
        self.accept = accept
        self.acceptEncoding = acceptEncoding
        self.ifNoneMatch = ifNoneMatch
    }
}

/// A file with the headers that it is sent with, or a 304.
package struct ConsoleAnswer: Sendable {
    package var status: Int
    /// Lower-case names.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
}

/// The web console's files as answers to browsers.
///
/// Files have addresses that name the content of all of them together (`/console/{hash}/app.js`), so that browsers keep
/// them for ever and modules that import each other by relative addresses are of one build. Only `index.html` is asked
/// for again each time; it answers every address of the console.
///
/// Nothing happens before the first request: what is computed then is kept.
package final class ConsolePages: Sendable {
    private struct Kept {
        var hash: String?
        /// Compressed files by path.
        var compressed: [String: [UInt8]] = [:]
    }

    private let kept = Mutex(Kept())
    private let files: [String: EmbeddedFile]

    /// First segments of the console's own addresses.
    private static let places: Set<String> = ["environments", "clusters", "login", "home"]
    /// Smaller files are sent as they are: one packet either way.
    private static let smallestCompressed = 512

    package init() {
        files = Dictionary(EmbeddedFile.all.map { ($0.path, $0) }) { first, _ in first }
    }

    /// Names the content of all files together: hexadecimal digits.
    package var hash: String {
        kept.withLock { kept in
            if let hash = kept.hash {
                return hash
            }
            let hash = Self.hash(of: files.values.sorted { $0.path < $1.path })
            kept.hash = hash
            return hash
        }
    }

    private static func hash(of files: [EmbeddedFile]) -> String {
        var hash = SHA256()
        for file in files {
            file.withBytes { bytes in
                // Neither a path nor a number has a zero, so that no two sets make the same bytes.
                hash.update(data: Array("\(file.path)\u{0}\(bytes.count)\u{0}".utf8))
                hash.update(bufferPointer: bytes)
            }
        }
        let digits = Array("0123456789abcdef".utf8)
        let bytes = Array(hash.finalize()).prefix(10)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The answer to a GET, or nil when the request is none for the console.
    package func answer(to request: ConsoleRequest) -> ConsoleAnswer? {
        if request.path.first == "console" {
            guard request.path.count > 2, request.path[1] == hash else {
                return nil
            }
            return file(request.path.dropFirst(2).joined(separator: "/"), request)
        }
        guard request.path.first.map({ Self.places.contains($0) }) ?? true, isFromBrowser(request) else {
            return nil
        }
        return index(request)
    }

    /// Browsers name HTML when a person opens an address; programs do not.
    private func isFromBrowser(_ request: ConsoleRequest) -> Bool {
        request.accept?.lowercased().contains("text/html") ?? false
    }

    private func file(_ path: String, _ request: ConsoleRequest) -> ConsoleAnswer? {
        guard let file = files[path], path != "index.html", let type = file.contentType else {
            return nil
        }
        var answer = ConsoleAnswer(
            status: 200,
            headers: Self.security + [
                ("content-type", type), ("cache-control", "public, max-age=31536000, immutable"),
                ("vary", "Accept-Encoding"),
            ], body: [])
        let bytes = file.withBytes { Array($0) }
        fill(&answer, bytes, path: path, isText: file.isText, request)
        return answer
    }

    private func index(_ request: ConsoleRequest) -> ConsoleAnswer? {
        guard let file = files["index.html"] else {
            return nil
        }
        let tag = "W/\"\(hash)\""
        let headers =
            Self.security + [
                ("cache-control", "no-cache"), ("etag", tag), ("vary", "Accept, Accept-Encoding"),
            ]
        let known = request.ifNoneMatch?.split(separator: ",").map { $0.drop { $0 == " " } } ?? []
        if known.contains(where: { $0.hasPrefix(tag) || $0 == "*" || $0.hasPrefix(tag.dropFirst(2)) }) {
            return ConsoleAnswer(status: 304, headers: headers, body: [])
        }
        var answer = ConsoleAnswer(
            status: 200, headers: headers + [("content-type", "text/html; charset=utf-8")], body: [])
        let page = file.withBytes { Self.replacing("{{hash}}", with: hash, in: $0) }
        fill(&answer, page, path: "index.html", isText: true, request)
        return answer
    }

    private static func replacing(_ mark: String, with text: String, in bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let mark = Array(mark.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: mark) {
                result += text.utf8
                index += mark.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// Gives an answer its body, compressed if that helps and the client takes it.
    private func fill(
        _ answer: inout ConsoleAnswer, _ bytes: [UInt8], path: String, isText: Bool, _ request: ConsoleRequest
    ) {
        answer.body = bytes
        guard isText, bytes.count >= Self.smallestCompressed, takesGzip(request) else {
            return
        }
        let compressed = kept.withLock { kept in
            if let known = kept.compressed[path] {
                return known
            }
            let made = (try? bytes.withUnsafeBytes { try Compression.gzip.compress($0, level: 9) }) ?? []
            kept.compressed[path] = made
            return made
        }
        if !compressed.isEmpty, compressed.count < bytes.count {
            answer.body = compressed
            answer.headers.append(("content-encoding", "gzip"))
        }
    }

    /// Whether `Accept-Encoding` names gzip, and not with the weight 0.
    private func takesGzip(_ request: ConsoleRequest) -> Bool {
        (request.acceptEncoding ?? "").split(separator: ",").contains { coding in
            let parts = coding.lowercased().split { $0 == ";" || $0 == " " }
            guard parts.first == "gzip" || parts.first == "x-gzip" || parts.first == "*" else {
                return false
            }
            let weight = parts.first { $0.hasPrefix("q=") }?.dropFirst(2)
            return weight.map { !$0.allSatisfy { $0 == "0" || $0 == "." } } ?? true
        }
    }

    /// The console loads nothing but its own files and talks to nobody but this server; nobody may frame it.
    private static let security: [(name: String, value: String)] = [
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                + "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
    ]
}
