extension Platform {
    /// Where a program is found on the search path.
    static func find(program: String) -> String? {
        (environment("PATH") ?? "").split(separator: ":").map { "\($0)/\(program)" }.first { isExecutable($0) }
    }
}

extension ChildProcess {
    /// Everything the child writes until it closes its output.
    func readOutput() throws(SystemError) -> String {
        guard let output else {
            return ""
        }
        return String(decoding: try Platform.readAll(output), as: UTF8.self)
    }

    /// What `waitpid` tells, as shells count: 128 and the signal for an end by signal.
    static func exitStatus(_ status: Int32) -> Int32 {
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Asks the child to stop; after the given time it is killed.
    ///
    /// - Returns: its exit status.
    @discardableResult
    func stop(withinMs limit: Int64) -> Int32 {
        askToStop()
        let deadline = Platform.monotonicMs + limit
        while Platform.monotonicMs < deadline {
            if let status = pollExit() {
                return status
            }
            Platform.sleep(ms: 10)
        }
        killNow()
        return wait()
    }
}
