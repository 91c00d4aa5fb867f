/// Why bytes could not be compressed or decompressed.
package enum CompressionError: Error, Equatable, Sendable {
    /// The bytes are not what the codec writes.
    case corrupt(Compression)
    /// The bytes end before the compressed stream does.
    case truncated(Compression)
    /// The output would be larger than this many bytes.
    case limitExceeded(Int)
    /// The library could not get memory, or refused its parameters.
    case libraryFailure(Compression)
}
