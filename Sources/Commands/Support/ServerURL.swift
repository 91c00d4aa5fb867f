/// Where the server is: `http://HOST:PORT[/PREFIX]`, or the same with `https`.
struct ServerURL: Equatable, CustomStringConvertible {
    let isSecure: Bool
    let host: String
    let port: Int
    /// Path in front of every request, without a trailing slash.
    let prefix: String
    let description: String

    /// - Throws: when the text is no HTTP address. A missing scheme is `http`.
    init(_ text: String) throws(CLIError) {
        var rest = text[...]
        var scheme = "http"
        if let separator = text.firstRange(of: "://") {
            scheme = text[..<separator.lowerBound].lowercased()
            guard scheme == "http" || scheme == "https" else {
                throw CLIError("the URL \"\(text)\" must start with http:// or https://")
            }
            rest = text[separator.upperBound...]
        }
        isSecure = scheme == "https"
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        var path = rest[slash...]
        while path.last == "/" {
            path.removeLast()
        }
        guard path.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            throw CLIError("the URL \"\(text)\" has characters in its path that must be percent-encoded")
        }
        let (host, port) = try ServerURL.split(authority, of: text)
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        prefix = String(path)
        description = "\(scheme)://\(authority)\(path)"
    }

    private static func split(_ authority: Substring, of text: String) throws(CLIError) -> (String, Int?) {
        var host = authority
        var port: Int?
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
        guard !host.isEmpty, host.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else {
            throw CLIError("the URL \"\(text)\" has no host")
        }
        return (String(host), port)
    }

    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
