import CPlatform
import Dispatch

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// Every call to the operating system that this module makes itself is in this file.

package enum Process {
    package static var id: Int32 { getpid() }

    /// Ends the process at once, without cleaning up.
    package static func endNow(_ status: Int32) -> Never {
        _exit(status)
    }

    /// Whatever this process makes from now on is its owner's alone, also where a library asks for more.
    static func keepFilesPrivate() {
        umask(0o077)
    }

    /// Gives the memory of code that only the start needed back to the system.
    static func releaseStartupPages() {
        twinlog_release_code_pages()
    }

    /// Milliseconds on a clock that only goes forward.
    static func monotonicMs() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
    }
}

package enum Console {
    package static func out(_ line: String) { write(line, to: STDOUT_FILENO) }
    package static func err(_ line: String) { write(line, to: STDERR_FILENO) }

    private static func write(_ line: String, to descriptor: Int32) {
        var text = line + "\n"
        text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let count = systemWrite(descriptor, bytes.baseAddress! + done, bytes.count - done)
                guard count > 0 || errno == EINTR else {
                    return
                }
                done += max(0, count)
            }
        }
    }

    /// `2026-01-31T12:00:00.000Z`.
    static func timestamp(_ ms: Int64) -> String {
        var seconds = time_t(ms / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { digits(Int($0), 2) }.joined(separator: ":")
        return date.map { digits($0, 2) }.joined(separator: "-") + "T" + time + "." + digits(Int(ms % 1000), 3) + "Z"
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

/// A file that only one process can hold; given up when this is released or the process ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``StartError``: the file cannot be made, or another process holds it.
    init(path: String, directory: String) throws(StartError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StartError(.cannotCreate, "data directory \(directory) cannot be written: \(systemText(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StartError(.cannotCreate, "data directory \(directory) is in use by another process")
        }
    }

    deinit { close(descriptor) }
}

enum Files {
    /// Whether there is something that is no regular file. A symbolic link is none, whatever it leads to.
    static func isIrregular(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    /// The folder above one, whatever symbolic links lead there; nil when there is no such folder.
    static func parent(of path: String) -> String? {
        guard let resolved = realpath(path, nil) else {
            return nil
        }
        defer { free(resolved) }
        let full = String(cString: resolved)
        return full.lastIndex(of: "/").map { $0 == full.startIndex ? "/" : String(full[..<$0]) }
    }

    /// Makes a directory that only its owner may enter, and those above it. One that is there has to be ours, and is
    /// closed to others when it is not.
    ///
    /// - Parameter user: who runs this process; root may use what is another's.
    /// - Returns: whether it was open to others.
    @discardableResult
    static func makePrivateDirectory(_ path: String, user: UInt32 = geteuid()) throws(StartError) -> Bool {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw StartError(.cannotCreate, "data directory \(path) is not a directory")
            }
            guard status.st_uid == user || user == 0 else {
                throw StartError(
                    .cannotCreate, "data directory \(path) belongs to another user, who could read secrets")
            }
            guard status.st_mode & 0o077 != 0 else {
                return false
            }
            guard chmod(path, status.st_mode & 0o7700) == 0 else {
                throw StartError(
                    .cannotCreate, "data directory \(path) cannot be closed to others: \(systemText(errno))")
            }
            return true
        }
        try makeMissingDirectory(path)
        return false
    }

    /// Takes away what others may do with files and directories below `path`. Symbolic links are not followed.
    /// - Returns: how many had been open to others.
    static func tighten(below path: String) -> Int {
        guard let directory = opendir(path) else {
            return 0
        }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let child = path + "/" + name
            var status = stat()
            guard name != ".", name != "..", lstat(child, &status) == 0 else {
                continue
            }
            let kind = status.st_mode & S_IFMT
            guard kind == S_IFDIR || kind == S_IFREG else {
                continue
            }
            if status.st_mode & 0o077 != 0, chmod(child, status.st_mode & 0o7700) == 0 {
                count += 1
            }
            if kind == S_IFDIR {
                count += tighten(below: child)
            }
        }
        return count
    }

    private static func makeMissingDirectory(_ path: String) throws(StartError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST {
            return
        }
        let parent = path.split(separator: "/", omittingEmptySubsequences: true).dropLast().joined(separator: "/")
        guard errno == ENOENT, !parent.isEmpty else {
            throw StartError(.cannotCreate, "data directory \(path) cannot be made: \(systemText(errno))")
        }
        do throws(StartError) {
            try makePrivateDirectory(path.hasPrefix("/") ? "/" + parent : parent)
        } catch {
            throw StartError(.cannotCreate, "data directory \(path) cannot be made: \(error.message)")
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw StartError(.cannotCreate, "data directory \(path) cannot be made: \(systemText(errno))")
        }
    }
}

private func systemText(_ code: Int32) -> String {
    String(cString: strerror(code))
}

package enum ServerEnvironment {
    /// The `TWINLOG_…` variables of this process.
    package static func variables() -> [String: String] {
        var variables: [String: String] = [:]
        for name in ServeOption.allCases.map(\.environmentName) + [email, password] {
            if let value = getenv(name) {
                variables[name] = String(cString: value)
            }
        }
        return variables
    }

    /// Who can log in, when both are set; they are no options, since a password has no place on a command line.
    static let email = "TWINLOG_EMAIL"
    static let password = "TWINLOG_PASSWORD"

    /// The text of a configuration file.
    package static func text(_ path: String) throws(StartError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StartError(.configuration, "\(path): \(systemText(errno))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count >= 0, bytes.count <= maximumFileBytes else {
                throw StartError(.configuration, "\(path): \(count < 0 ? systemText(errno) : "too large")")
            }
            guard count > 0 else {
                return String(decoding: bytes, as: UTF8.self)
            }
            bytes += chunk[..<count]
        }
    }

    /// A configuration file is a page of text, not a log given by mistake.
    private static let maximumFileBytes = 1024 * 1024
}

enum ListenFailure {
    /// What a failed bind means, in words.
    static func text(_ code: Int32) -> String {
        isInUse(code) ? "the port is in use" : systemText(code)
    }

    static func isInUse(_ code: Int32) -> Bool { code == EADDRINUSE }
}

/// The signals that ask for a stop.
enum StopSignals {
    /// Held for as long as the process runs. Unchecked: written once, at the start.
    nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

    /// Signals that follow the first so soon, in milliseconds, are the same request: a terminal sends Ctrl-C to make
    /// and to us, and make or a supervisor passes it on.
    static let sameRequestMs: Double = 1_000

    /// Waits for the first of `signals`, then for `stop`. Each that asks again meanwhile is given to `force`, with its
    /// time.
    static func obey<T>(
        _ signals: AsyncStream<Double>, stop: () async -> T, force: @escaping @Sendable (Double) -> Void
    ) async -> T {
        var iterator = signals.makeAsyncIterator()
        let asked = await iterator.next() ?? 0
        let impatience = Task {
            for await again in signals where again - asked > sameRequestMs {
                force(again)
            }
        }
        defer { impatience.cancel() }
        return await stop()
    }

    /// Yields for each signal from now on when it came, by ``Process/monotonicMs()``. Returns once they are listened
    /// to: another thread does that, on a busy machine later than the server is ready, and what comes before is lost.
    static func stream(of numbers: [Int32] = [SIGTERM, SIGINT]) async -> AsyncStream<Double> {
        let (stream, continuation) = AsyncStream.makeStream(of: Double.self)
        for number in numbers {
            #if !os(Linux)
            // There the system would end the process beside telling us; here listening replaces that.
            signal(number, SIG_IGN)
            #endif
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(Process.monotonicMs()) }
            sources.append(source)
            await withCheckedContinuation { listens in
                source.setRegistrationHandler { listens.resume() }
                source.resume()
            }
        }
        return stream
    }
}
