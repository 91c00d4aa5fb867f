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

    /// Makes a symbolic link.
    /// - Returns: whether it is there.
    static func link(_ path: String, to target: String) -> Bool {
        symlink(target, path) == 0
    }
}
