#if canImport(Glibc)
import Glibc
private let systemWrite: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = Glibc.write
#elseif canImport(Darwin)
import Darwin
private let systemWrite: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = Darwin.write
#endif

/// Everything this module asks of the operating system.
enum Platform {
    // MARK: Environment and terminal

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    static func allVariables() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text)
            if let equals = pair.firstIndex(of: "=") {
                variables[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }

    static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// Whether colours and moving text may be written there.
    static func isInteractive(_ descriptor: Int32) -> Bool {
        isTerminal(descriptor) && environment("NO_COLOR") == nil && environment("TERM") != "dumb"
    }

    /// Columns of the terminal; nil when it is none, or does not say.
    static func terminalWidth(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard isTerminal(descriptor), ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    /// Writes to standard error, and nobody hears when that fails; what goes to standard output is written by
    /// ``StandardOutput``.
    static func write(_ text: String, to descriptor: Int32) {
        try? writeAll(Array(text.utf8), to: descriptor)
    }

    /// Waits as long as it takes, also where the other side has made the descriptor one that does not wait.
    static func writeAll(_ all: [UInt8], to descriptor: Int32) throws(SystemError) {
        var bytes = all[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                bytes = bytes.dropFirst(written)
            } else if errno == EAGAIN {
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, -1)
            } else if errno != EINTR {
                throw SystemError(code: errno)
            }
        }
    }

    /// Makes writing to a pipe that nobody reads an error, and fills those of the first three descriptors that we were
    /// started without, so that no file or connection of ours takes their place: using them fails as it should.
    static func holdStandardDescriptors() {
        signal(SIGPIPE, SIG_IGN)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // Gets the lowest free number.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// Runs `body` while the terminal does not show what is typed.
    static func withoutEcho<T>(_ body: () -> T) -> T {
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else {
            return body()
        }
        var silent = shown
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &silent)
        defer { tcsetattr(STDIN_FILENO, TCSANOW, &shown) }
        return body()
    }

    /// Writes a line to standard error; what it quotes from elsewhere can do nothing to a terminal.
    static func printError(_ text: String) {
        let line = isTerminal(STDERR_FILENO) ? TerminalText.escape(text, keepsLines: true) : text
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Milliseconds of a clock that only goes forward.
    static var monotonicMs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    static func sleep(ms: Int32) {
        poll(nil, 0, ms)
    }

    static func message(_ code: Int32) -> String {
        String(cString: strerror(code)).lowercased()
    }

    /// Milliseconds since the epoch.
    static var wallClockMs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    // MARK: Files

    /// What users give as a file of configs is short; a device or a log given by mistake is not read into memory.
    static let maximumFileBytes = 16 * 1024 * 1024

    /// - Throws: also when there is more than ``maximumFileBytes``.
    static func readFile(_ path: String) throws(SystemError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SystemError(code: errno)
        }
        defer { close(descriptor) }
        return try readAll(descriptor, atMost: maximumFileBytes)
    }

    static func readAll(_ descriptor: Int32, atMost limit: Int = .max) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try readSome(descriptor) {
            bytes += chunk
            guard bytes.count <= limit else {
                throw SystemError(code: EFBIG)
            }
        }
        return bytes
    }

    /// What is there, at most 64 KiB; nil at the end.
    static func readSome(_ descriptor: Int32) throws(SystemError) -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                return Array(chunk[..<count])
            }
            if count == 0 {
                return nil
            }
            guard errno == EINTR, !Interruption.requested else {
                throw SystemError(code: errno)
            }
        }
    }

    /// Waits until there is something to read, or the end. Looks for interruptions itself: a signal may be another
    /// thread's.
    static func waitForInput(_ descriptor: Int32) throws(SystemError) {
        while !Interruption.requested {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, 50) > 0 {
                return
            }
        }
        throw SystemError(code: EINTR)
    }

    static func fileExists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    static func isExecutable(_ path: String) -> Bool {
        access(path, X_OK) == 0
    }

    static func makeDirectory(_ path: String) throws(SystemError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw SystemError(code: errno)
        }
    }

    /// Replaces a file as a whole, readable by its owner only: a crash leaves the old contents or the new ones.
    static func replaceFile(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
        let temporary = "\(path).\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SystemError(code: errno)
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 || errno == EINTR else {
                break
            }
            rest = rest.dropFirst(max(written, 0))
        }
        let failure = rest.isEmpty && fsync(descriptor) == 0 ? 0 : errno
        guard close(descriptor) == 0, failure == 0, rename(temporary, path) == 0 else {
            let code = failure == 0 ? errno : failure
            unlink(temporary)
            throw SystemError(code: code)
        }
        // The rename outlives a power cut once its directory is on disk.
        let parent = open(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", O_RDONLY | O_CLOEXEC)
        fsync(parent)
        close(parent)
    }

    static func makeTemporaryDirectory(prefix: String) throws(SystemError) -> String {
        let base = environment("TMPDIR") ?? "/tmp"
        var template = Array("\(base)/\(prefix)-XXXXXX".utf8CString)
        guard template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) != nil else {
            throw SystemError(code: errno)
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func makeSymbolicLink(_ path: String, to target: String) throws(SystemError) {
        guard symlink(target, path) == 0 else {
            throw SystemError(code: errno)
        }
    }

    /// Removes a folder with everything in it; does not follow symbolic links.
    static func removeTree(_ path: String) {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard name != ".", name != ".." else {
                    continue
                }
                let child = "\(path)/\(name)"
                var status = stat()
                if lstat(child, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                    removeTree(child)
                } else {
                    unlink(child)
                }
            }
            closedir(directory)
        }
        rmdir(path)
    }

    /// The file this process was started from.
    static var executablePath: String {
        #if os(Linux)
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        if count > 0 {
            return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        #endif
        return CommandLine.arguments[0]
    }
}

/// A failed system call.
struct SystemError: Error, Equatable, CustomStringConvertible {
    let code: Int32

    var description: String { Platform.message(code) }
    var isConnectionRefused: Bool { code == ECONNREFUSED }
    var isNotFound: Bool { code == ENOENT }
    static let timedOut = SystemError(code: ETIMEDOUT)
}

/// Whether the user pressed Ctrl-C, or someone asked us to stop, while we keep things in order ourselves.
///
/// A command that has put things in order ends by the signal that it caught (``end()``), as a command does that catches
/// none: a shell sees status 130 or 143 either way, and a script's loop stops.
enum Interruption {
    /// The signal that came; 0 for none.
    private nonisolated(unsafe) static var flag: sig_atomic_t = 0

    static var requested: Bool { flag != 0 }

    /// From now on SIGINT and SIGTERM only raise the flag; calls that wait return early. A signal that we were started
    /// to ignore (`nohup COMMAND &`) stays ignored.
    ///
    /// - Parameter once: the second one ends the process where it stands, for those who cannot wait.
    static func catchSignals(once: Bool) {
        flag = 0
        var action = sigaction()
        #if canImport(Glibc)
        action.__sigaction_handler.sa_handler = { Interruption.flag = sig_atomic_t($0) }
        #else
        action.__sigaction_u.__sa_handler = { Interruption.flag = sig_atomic_t($0) }
        #endif
        if once {
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
        }
        for signal in [SIGINT, SIGTERM] where !isIgnored(signal) {
            sigaction(signal, &action, nil)
        }
    }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var present = sigaction()
        sigaction(signal, nil, &present)
        #if canImport(Glibc)
        let handler = present.__sigaction_handler.sa_handler
        #else
        let handler = present.__sigaction_u.__sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Ends the process by the signal that was caught.
    static func end() -> Never {
        let caught = Int32(flag)
        signal(caught, SIG_DFL)
        // Threads of Swift's pool have every signal blocked.
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, caught)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        raise(caught)
        exit(128 + caught)
    }
}

/// Thrown to unwind after ``Interruption/requested``; the command then ends by the signal.
struct Interrupted: Error {}

/// A program that we started.
struct ChildProcess: ~Copyable {
    let pid: pid_t
    /// Reads what the child writes to standard output and standard error; nil when that goes to a file.
    let output: Int32?

    enum Output {
        case pipe
        case file(String)
    }

    /// - Parameter ownGroup: the terminal's Ctrl-C does not reach the child; we decide when it stops.
    init(
        _ path: String, _ arguments: [String], environment: [String: String], output: Output, ownGroup: Bool = false
    ) throws(SystemError) {
        var pipeEnds: [Int32] = [-1, -1]
        let sink: Int32
        switch output {
        case .pipe:
            guard pipe(&pipeEnds) == 0 else {
                throw SystemError(code: errno)
            }
            _ = fcntl(pipeEnds[0], F_SETFD, FD_CLOEXEC)
            sink = pipeEnds[1]
        case .file(let path):
            sink = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            guard sink >= 0 else {
                throw SystemError(code: errno)
            }
        }
        defer { close(sink) }
        do throws(SystemError) {
            pid = try ChildProcess.spawn(path, arguments, environment, sink, ownGroup)
        } catch {
            if pipeEnds[0] >= 0 {
                close(pipeEnds[0])
            }
            throw error
        }
        self.output = pipeEnds[0] >= 0 ? pipeEnds[0] : nil
    }

    deinit {
        if let output {
            close(output)
        }
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String: String], _ sink: Int32, _ ownGroup: Bool
    ) throws(SystemError) -> pid_t {
        #if canImport(Glibc)
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #else
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, sink, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, sink, STDERR_FILENO)
        // The child starts with default signal handling, whatever we catch.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGINT)
        sigaddset(&defaults, SIGTERM)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | (ownGroup ? Int16(POSIX_SPAWN_SETPGROUP) : 0))
        var argv = ([path] + arguments).map { strdup($0) }
        argv.append(nil)
        var envp = environment.map { strdup("\($0.key)=\($0.value)") }
        envp.append(nil)
        defer {
            for pointer in argv + envp {
                free(pointer)
            }
        }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, path, &actions, &attributes, argv, envp)
        guard code == 0 else {
            throw SystemError(code: code)
        }
        return pid
    }

    /// Waits for the end. An exit by signal counts as 128 + signal, as shells do.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else {
                return -1
            }
        }
        return ChildProcess.exitStatus(status)
    }

    /// The exit status if the child has ended.
    func pollExit() -> Int32? {
        var status: Int32 = 0
        return waitpid(pid, &status, WNOHANG) == pid ? ChildProcess.exitStatus(status) : nil
    }

    func askToStop() {
        kill(pid, SIGTERM)
    }

    func killNow() {
        kill(pid, SIGKILL)
    }
}
