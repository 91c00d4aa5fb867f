#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// Every call to the operating system that this module makes itself is in this file.

/// Why a file of keys or certificates could not be used, in one line.
package struct CredentialError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String
    /// Whether a newer version of Twinlog could read it.
    package let isNewerFormat: Bool
    /// Whether the system could not read or write the file: no fault of whoever wished for something.
    package let isOfStorage: Bool

    package init(_ description: String, isNewerFormat: Bool = false, isOfStorage: Bool = false) {
        self.description = description
        self.isNewerFormat = isNewerFormat
        self.isOfStorage = isOfStorage
    }
}

/// Who may read a file.
package enum FileAccess: Sendable {
    /// 0600: keys and what is derived from them.
    case ownerOnly
    /// 0644: certificates.
    case everyone

    var mode: mode_t { self == .ownerOnly ? 0o600 : 0o644 }
}

package enum SecretFiles {
    /// Files of keys and certificates are short; a log given by mistake is not read into memory.
    package static let maximumBytes = 1024 * 1024

    /// The contents; nil when there is no such file.
    /// - Parameter wayOut: what to do about a file that is too long, with the words that lead to it.
    package static func read(
        _ path: String, wayOut: @autoclosure () -> String = ""
    ) throws(CredentialError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT {
                return nil
            }
            throw failure(path, "cannot be read")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = systemRead(descriptor, &chunk)
            if count < 0, errno == EINTR {
                continue
            }
            guard count >= 0 else {
                throw failure(path, "cannot be read")
            }
            guard count > 0 else {
                return bytes
            }
            bytes += chunk[..<count]
            guard bytes.count <= maximumBytes else {
                throw CredentialError("\(path) is longer than \(maximumBytes) bytes\(wayOut())")
            }
        }
    }

    /// Replaces the file in one step: whoever reads it sees the old contents or the new ones. It has its access rights
    /// before it has a byte, whatever the process's umask.
    /// - Parameter durable: false for what can be made anew, which need not wait for the disk.
    package static func replace(
        _ path: String, with bytes: [UInt8], _ access: FileAccess, durable: Bool = true
    ) throws(CredentialError) {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw failure(temporary, "cannot be written")
        }
        var isWritten = fchmod(descriptor, access.mode) == 0 && write(bytes, to: descriptor)
        isWritten = isWritten && (!durable || fsync(descriptor) == 0)
        let problem = errno
        isWritten = close(descriptor) == 0 && isWritten
        guard isWritten, rename(temporary, path) == 0 else {
            let error = CredentialError(
                "\(path) cannot be written: \(systemText(isWritten ? errno : problem))", isOfStorage: true)
            unlink(temporary)
            throw error
        }
        if durable {
            syncParent(of: path)
        }
    }

    /// Makes a directory that only its owner may enter. Its parent has to exist.
    package static func makeDirectory(_ path: String) throws(CredentialError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw failure(path, "cannot be made")
        }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Permission bits of a file; nil when it does not exist.
    package static func mode(of path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt32(status.st_mode & 0o7777) : nil
    }

    /// The path from the root on, without `.` and links; `path` itself when it does not exist.
    package static func absolutePath(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else {
            return path
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: buffer[done...]))
                guard count > 0 || errno == EINTR else {
                    return false
                }
                done += max(0, count)
            }
            return true
        }
    }

    /// The rename is durable once its directory is. Best effort: a lost rename leaves the old file.
    private static func syncParent(of path: String) {
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(parent.isEmpty ? "/" : parent, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }

    private static func failure(_ path: String, _ what: String) -> CredentialError {
        CredentialError("\(path) \(what): \(systemText(errno))", isOfStorage: true)
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    read(descriptor, &buffer, buffer.count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress!, bytes.count)
}

private func systemText(_ code: Int32) -> String {
    String(cString: strerror(code))
}
