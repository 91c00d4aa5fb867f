import ClusterCore
import LogStorage
import NIOCore
import NIOPosix

/// Threads for what must not hold a cluster's loop: waiting for the disk, hashing passwords,
/// decompressing what may be long. Shared by all clusters;
/// they start with the first piece of work.
enum Workers {
    /// Logs that are flushed at once: a journal commits many for little more than the price of one.
    private static let flushers = pool(threads: 4)
    /// Passwords that are hashed at once. Fewer than cores, so that a storm of log-ins leaves room for the rest.
    private static let hashers = pool(threads: 1)
    /// Requests whose records are looked at at once, over all clusters, each of which hands out a few slices at a time
    /// (``Cluster/drainRecordChecks()``); a batch may decompress to 128 MiB.
    private static let recordReaders = pool(threads: 2)

    private static func pool(threads: Int) -> NIOThreadPool {
        let pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        return pool
    }

    /// Performs every ticket; the results are in the order of the job's entries.
    static func perform(_ job: FlushJob, on loop: any EventLoop) -> EventLoopFuture<[Bool]> {
        let flushes = job.entries.map { entry in
            flushers.runIfActive(eventLoop: loop) { entry.ticket.perform() }
        }
        return EventLoopFuture.whenAllSucceed(flushes, on: loop)
    }

    static func perform(_ check: LoginCheck, on loop: any EventLoop) -> EventLoopFuture<Bool> {
        hashers.runIfActive(eventLoop: loop) { check.perform() }
    }

    static func perform(_ job: RecordCheckJob, on loop: any EventLoop) -> EventLoopFuture<RecordFindings> {
        recordReaders.runIfActive(eventLoop: loop) { job.perform() }
    }

    /// Records that links look at have their turn with those of clients.
    static func read<T: Sendable>(
        on loop: any EventLoop, _ body: @escaping @Sendable () -> T
    ) -> EventLoopFuture<T> {
        recordReaders.runIfActive(eventLoop: loop, body)
    }
}
