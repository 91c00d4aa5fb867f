/// Cuts a stream of bytes into JSON documents, whether or not anything stands between them.
struct JSONSplitter {
    /// Bytes of one document at most.
    static let maximumDocumentBytes = 32 * 1024 * 1024

    private var pending: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// The documents that these bytes complete. What is no object comes out at the next white space, to be refused.
    /// - Throws: 413 for a document that is too long.
    mutating func take(_ bytes: some Sequence<UInt8>) throws(RESTError) -> [[UInt8]] {
        var documents: [[UInt8]] = []
        for byte in bytes {
            let isSpace = byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
            if pending.isEmpty, isSpace {
                continue
            }
            if depth == 0, !isInString, isSpace {
                documents.append(cut())
                continue
            }
            pending.append(byte)
            guard pending.count <= Self.maximumDocumentBytes else {
                throw RESTError(
                    status: 413, code: 413, message: "A record is larger than \(Self.maximumDocumentBytes) bytes.")
            }
            if step(byte) {
                documents.append(cut())
            }
        }
        return documents
    }

    /// What is left at the end of the stream; nil when nothing is.
    mutating func finish() -> [UInt8]? {
        pending.isEmpty ? nil : cut()
    }

    /// Whether the byte ends an object or array that no other contains.
    private mutating func step(_ byte: UInt8) -> Bool {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return false
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth = max(0, depth - 1)
            return depth == 0
        default: break
        }
        return false
    }

    private mutating func cut() -> [UInt8] {
        defer {
            pending = []
            depth = 0
            isInString = false
            isEscaped = false
        }
        return pending
    }
}
