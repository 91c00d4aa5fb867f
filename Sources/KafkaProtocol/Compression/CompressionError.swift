/// Why bytes could not be compressed or decompressed.
package enum CompressionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The bytes are not what the codec writes.
    case corrupt(Compression)
    /// The bytes end before the compressed stream does.
    case truncated(Compression)
    /// The output would be larger than this many bytes.
    case limitExceeded(Int)
    /// The library could not get memory, or refused its parameters.
    case libraryFailure(Compression)

    package var description: String {
        switch self {
        case .corrupt(let codec): "the bytes are not what \(codec.name) writes"
        case .truncated(let codec): "the \(codec.name) stream is cut off"
        case .limitExceeded(let limit): "more than \(limit) bytes when decompressed"
        case .libraryFailure(let codec): "the library of \(codec.name) has failed"
        }
    }
}
