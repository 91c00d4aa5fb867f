extension Platform {
    /// Where a program is found on the search path.
    static func find(program: String) -> String? {
        (environment("PATH") ?? "").split(separator: ":").map { "\($0)/\(program)" }.first { isExecutable($0) }
    }
}

extension ChildProcess {
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
