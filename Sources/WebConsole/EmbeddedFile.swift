import CWebConsole

/// One of the console's files, in the program's constant memory.
package struct EmbeddedFile: Sendable {
    /// Relative to `Sources/WebConsole/Pages`.
    package let path: String
    private let index: Int

    /// All of them, in the order of their paths. Reads none.
    package static var all: [EmbeddedFile] {
        (0..<web_console_file_count()).map { index in
            EmbeddedFile(path: String(cString: web_console_files()[index].path), index: index)
        }
    }

    /// The file's content; the memory lives as long as the process.
    package func withBytes<T, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> T) throws(E) -> T {
        let file = web_console_files()[index]
        return try body(UnsafeRawBufferPointer(start: file.bytes, count: file.size))
    }

    /// By the file's ending; nil when browsers would not be told the right thing.
    package var contentType: String? {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "json", "map": "application/json"
        case "svg": "image/svg+xml"
        case "txt": "text/plain; charset=utf-8"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        default: nil
        }
    }

    /// Whether compressing makes it smaller.
    var isText: Bool {
        !["png", "ico", "woff2"].contains(path.split(separator: ".").last ?? "")
    }
}
