import ClusterCore
import LogStorage
import NIOCore

/// What the cluster wants done elsewhere: flushes, password checks, and a look at long records.
extension ClusterLoop {
    /// Milliseconds until a round of flushes is tried again that could not begin for want of file descriptors.
    private static let flushRetryMs: Int64 = 100

    /// Begins a round of flushes once everything that this wake-up brought is handled: requests that arrive together
    /// share it, and so do those that arrive while another one is under way.
    func scheduleFlush() {
        guard withLoopCluster({ $0.needsFlush }) == true, !isFlushScheduled, !isStopping else {
            return
        }
        isFlushScheduled = true
        eventLoop.execute { [self] in beginFlush() }
    }

    private func beginFlush() {
        isFlushScheduled = false
        guard !isStopped, !isStopping else {
            return
        }
        guard let job = withLoopCluster({ $0.takeFlush(now: Now.read()) }) ?? nil else {
            if withLoopCluster({ $0.needsFlush }) == true {
                isFlushScheduled = true
                eventLoop.scheduleTask(in: .milliseconds(Self.flushRetryMs)) { [self] in beginFlush() }
            }
            return settle()
        }
        flushUnderWay = Workers.perform(job, on: eventLoop).map { [self] results in
            flushUnderWay = nil
            withLoopCluster { $0.flushed(job, succeeded: results, now: Now.read()) }
            settle()
        }
    }

    /// Hands out the passwords that wait to be checked.
    func beginLoginChecks() {
        for check in withLoopCluster({ $0.drainLoginChecks() }) ?? [] {
            Workers.perform(check, on: eventLoop).whenSuccess { [self] isRight in
                guard !isStopped else {
                    return
                }
                withLoopCluster { $0.finishLogin(check, isRight: isRight, now: Now.read()) }
                settle()
            }
        }
    }

    /// Hands out the records that take long to look at, and counts the memory of those that wait.
    func beginRecordChecks() {
        let held = withLoopCluster { $0.heldRecordBytes } ?? 0
        if held != chargedRecordBytes {
            let change = held - chargedRecordBytes
            chargedRecordBytes = held
            charge(change)
        }
        wakeSliceWaiters()
        for job in withLoopCluster({ $0.drainRecordChecks() }) ?? [] {
            if job.isPause {
                inNextSlice { [self] in finish(job, job.perform()) }
            } else {
                // The next job's result may be there before this one's is dealt with.
                Workers.perform(job, on: eventLoop).whenSuccess { [self] findings in
                    inSlice { [self] in finish(job, findings) }
                }
            }
        }
    }

    private func finish(_ job: RecordCheckJob, _ findings: RecordFindings) {
        guard !isStopped else {
            return
        }
        let left = withLoopCluster { $0.finish(job, findings, now: Now.read()) } ?? nil
        settle()
        if let left {
            // Its client may have hung up while its request was looked at.
            connection(left)?.leaveIfDone()
        }
    }

    /// Lets another thread look at records; `then` is called on the loop, unless the cluster was closed meanwhile. To
    /// be called on the loop.
    package func readRecords<T: Sendable>(
        _ work: @escaping @Sendable () -> T, then: @escaping (T) -> Void
    ) {
        Workers.read(on: eventLoop, work).assumeIsolated().whenSuccess { [self] result in
            if !isStopped {
                then(result)
            }
        }
    }

    func isWorking(for id: ConnectionID) -> Bool {
        withLoopCluster { $0.isWorking(for: id) } ?? false
    }

    /// Lets another thread wait for the disk.
    func performDiskSyncs() {
        for sync in withLoopCluster({ $0.drainDiskSyncs() }) ?? [] {
            let done = NIOSingletons.posixBlockingThreadPool.runIfActive(eventLoop: eventLoop) {
                sync.perform()
            }
            done.whenComplete { [self] result in
                let cancelled = StorageError(.io, "sync", "disk", detail: "the process is being stopped")
                let failure: StorageError? = if case .success(let failure) = result { failure } else { cancelled }
                inSlice { [self] in finish(sync, failure) }
            }
        }
    }

    private func finish(_ sync: DiskSync, _ failure: StorageError?) {
        guard !isStopped else {
            return
        }
        withLoopCluster { $0.finish(sync, failure, now: Now.read()) }
        settle()
    }
}
