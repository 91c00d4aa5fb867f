#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

enum TestFiles {
    /// Lets everybody read, as an older version or a careless hand did.
    static func open(_ path: String) {
        chmod(path, 0o755)
    }
}
