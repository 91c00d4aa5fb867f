import ClusterCore
import KafkaProtocol
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// One cluster and the thread that owns it.
///
/// The thread is an event loop which also serves the cluster's sockets, so that a request is read, handled and answered
/// without a change of thread and without a lock. Other threads send commands with ``submit(_:)``.
///
/// Unchecked: everything below is touched on `eventLoop` only, except what is immutable.
package final class ClusterLoop: @unchecked Sendable {
    package let eventLoop: any EventLoop
    package let limits: TransportLimits
    package let logger: Logger
    let group: MultiThreadedEventLoopGroup
    let buffers = LoopBuffers()

    // Set by `open`, before the first connection.
    private var cluster: Cluster!
    private var connections: [ConnectionID: KafkaConnectionHandler] = [:]
    private var nextConnection: UInt64 = 1
    private var timer: Scheduled<Void>?
    private var timerDeadline: Int64?
    var isFlushScheduled = false
    /// The round of flushes that other threads perform.
    var flushUnderWay: EventLoopFuture<Void>?
    /// The cluster is about to be closed: no new round begins.
    private(set) var isStopping = false
    private var isSettling = false
    private var throttle: LogThrottle
    private var usualLines: LogThrottle
    private var isClosed = false
    // Memory that clients make us hold; see `ClusterLoop+Memory.swift`.
    var memory: MemoryBudget
    var memoryWaiters: [ConnectionID] = []
    var uploader: ConnectionID?
    var isWakingScheduled = false
    /// What `memory` knows of records that wait to be looked at.
    var chargedRecordBytes = 0
    var isWatchingMemory = false
    /// Looks at what is held, one after the other, that found memory short and nothing given back since the one before.
    var starvedChecks = 0
    /// The next request is handled although memory is short.
    var letsOneIn = false
    /// Connections whose long requests wait until fewer others are answered in slices.
    var sliceWaiters: [(id: ConnectionID, need: SliceNeed)] = []
    /// The one that goes on now.
    var wokenSliceWaiter: ConnectionID?
    var isSliceWakingScheduled = false
    /// When sockets will have been looked at since the last slice; see `ClusterLoop+Turns.swift`.
    var nextSlice = NIODeadline.uptimeNanoseconds(0)
    /// What waits for its slice, in its order.
    var waitingSlices = CircularBuffer<@Sendable () -> Void>()
    var isSliceScheduled = false
    var isInSlice = false
    /// A frame took as long as a slice, and the sockets of the same look are not all read.
    var isLookSpent = false
    // Connections that others wait for; see `ClusterLoop+Turns.swift`.
    var turnWaiters: [ConnectionID] = []
    var isTurnScheduled = false
    /// While several connections go on in one step: when the rest of them has to wait.
    var stepEnd: Int64?
    private let processConnections: ProcessConnections
    /// Whether the thread takes no more commands; guards against handing one to a thread that has ended.
    private let isShutDown = Mutex(false)

    /// Starts the thread; the cluster comes with ``open(_:)``.
    package init(
        limits: TransportLimits, logger: Logger, processMemory: ProcessMemory = .shared,
        processConnections: ProcessConnections = .shared
    ) {
        self.processConnections = processConnections
        memory = MemoryBudget(limit: limits.memoryBytes, process: processMemory)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        eventLoop = group.next()
        self.limits = limits
        self.logger = logger
        throttle = LogThrottle(limit: limits.logLinesPerSecond)
        usualLines = LogThrottle(limit: limits.usualLogLinesPerMinute, windowMs: 60_000)
    }

    /// Makes the cluster on its thread.
    package func open(_ make: @escaping @Sendable (_ now: Now) throws -> Cluster) async throws {
        try await eventLoop.submit { [self] in
            cluster = try make(Now.read())
            settle()
            scheduleSweep()
        }.get()
    }

    // MARK: Commands

    /// Runs `body` on the cluster's thread, from anywhere else. What it wakes is answered before this returns.
    /// - Throws: what `body` throws; `EventLoopError.shutdown` when the cluster was closed.
    package func submit<T: Sendable>(
        _ body: @escaping @Sendable (inout Cluster, _ now: Int64) throws -> T
    ) async throws -> T {
        try await onLoop { [self] in eventLoop.makeCompletedFuture { try withCluster(body) } }
    }

    /// Begins something on the cluster's thread and waits for its outcome.
    /// - Throws: `EventLoopError.shutdown` when the cluster was closed.
    package func onLoop<T: Sendable>(_ begin: @escaping @Sendable () -> EventLoopFuture<T>) async throws -> T {
        let future: EventLoopFuture<T> = try isShutDown.withLock { isShutDown in
            guard !isShutDown else {
                throw EventLoopError.shutdown
            }
            return eventLoop.flatSubmit { [self] in
                isClosed ? eventLoop.makeFailedFuture(EventLoopError.shutdown) : begin()
            }
        }
        return try await future.get()
    }

    /// Runs `body` at once. Only for who is on the cluster's thread already, and not within another `body`.
    package func withCluster<T>(_ body: (inout Cluster, _ now: Int64) throws -> T) rethrows -> T {
        eventLoop.preconditionInEventLoop()
        defer { settle() }
        let now = Now.read()
        cluster.beginStep(now)
        return try body(&cluster, now.wallMs)
    }

    /// Bytes that clients make this cluster hold, now and at most so far. To be read on the loop.
    package var memoryUse: (now: Int, peak: Int) { (memory.used, memory.peak) }

    var isStopped: Bool { isClosed }
    var openConnections: some Sequence<KafkaConnectionHandler> { Array(connections.values) }

    func connection(_ id: ConnectionID) -> KafkaConnectionHandler? { connections[id] }

    /// Steps the cluster without settling; nil when there is none.
    @discardableResult
    func withLoopCluster<T>(_ body: (inout Cluster) -> T) -> T? {
        cluster == nil ? nil : body(&cluster)
    }

    /// Open client connections. To be read on the loop.
    package var connectionCount: Int { connections.count }

    // MARK: Requests

    @inline(__always)
    func handle(frame: UnsafeRawBufferPointer, from connection: ConnectionID) -> FrameOutcome {
        guard !isClosed else {
            return .close(reason: "the cluster is stopping")
        }
        return cluster.handle(frame: frame, from: connection, now: Now.read())
    }

    /// Sends what the last step made known, and sees to timer, flush and log. To be called once after every run of
    /// steps.
    func settle() {
        // A delivery makes its connection handle further requests, which ends here again.
        guard !isSettling, cluster != nil else {
            return
        }
        isSettling = true
        defer { isSettling = false }
        inOneTurn {
            while true {
                let deliveries = cluster.drainDeliveries()
                guard !deliveries.isEmpty else {
                    break
                }
                for delivery in deliveries {
                    connections[delivery.connection]?.deliver(delivery.reply)
                }
            }
        }
        armTimer()
        scheduleFlush()
        beginLoginChecks()
        beginRecordChecks()
        performDiskSyncs()
        for notice in cluster.drainNotices() {
            if notice.isAboutClient {
                complain(notice.text, level: notice.level.forLogger)
            } else {
                log(notice)
            }
        }
    }

    // MARK: Connections

    /// Enters a new connection; nil when there are too many: ``whyFull`` says where.
    func register(_ handler: KafkaConnectionHandler, _ info: ConnectionInfo) -> ConnectionID? {
        guard !isClosed, connections.count < limits.maxConnections, processConnections.take() else {
            return nil
        }
        let id = ConnectionID(rawValue: nextConnection)
        nextConnection += 1
        connections[id] = handler
        cluster.connectionOpened(id, info)
        return id
    }

    /// Why ``register(_:_:)`` refused.
    var whyFull: String {
        connections.count >= limits.maxConnections
            ? "\(limits.maxConnections) connections are open"
            : "\(processConnections.limit) connections are open in this process, and other files need the rest of its "
                + "file descriptors (ulimit -n)"
    }

    func unregister(_ id: ConnectionID) {
        if connections.removeValue(forKey: id) != nil {
            processConnections.giveBack()
        }
        sliceWaiters.removeAll { $0.id == id }
        if !isClosed {
            cluster.connectionClosed(id)
            settle()
        }
    }

    /// One line that others can cause as often as they like, unless there were too many: in this second when something
    /// is wrong, in this minute when it only tells what is usual.
    func complain(_ text: @autoclosure () -> String, level: Logger.Level = .warning) {
        let now = MonotonicClock.nowMs()
        switch level < .warning ? usualLines.admit(now) : throttle.admit(now) {
        case .suppress: return
        case .admit(let suppressed):
            if suppressed > 0 {
                let what = level < .warning ? "of what is usual" : "about clients"
                logger.log(level: level, "\(suppressed) more lines \(what) were left out")
            }
            logger.log(level: level, "\(text())")
        }
    }

    // MARK: Time

    private func armTimer() {
        guard let next = cluster.nextTimer else {
            return
        }
        if let timerDeadline, timerDeadline <= next {
            return
        }
        timer?.cancel()
        timerDeadline = next
        // Never at once: the loop runs every task that is due before it looks at a socket again, and work that is done
        // in slices would let nobody in until its last one.
        let delay = max(1, next -| MonotonicClock.nowMs())
        timer = eventLoop.scheduleTask(in: .milliseconds(delay)) { [self] in fireTimer() }
    }

    private func fireTimer() {
        inSlice { [self] in
            timer?.cancel()
            timer = nil
            timerDeadline = nil
            guard !isClosed else {
                return
            }
            cluster.tick(now: Now.read())
            settle()
        }
    }

    /// Looks for idle connections four times per allowed idle time, but not more often than every 20 ms.
    private func scheduleSweep() {
        let interval = max(20, min(limits.maxIdleMs / 4, 30_000))
        eventLoop.scheduleTask(in: .milliseconds(interval)) { [self] in
            guard !isClosed else {
                return
            }
            let oldest = MonotonicClock.nowMs() -| limits.maxIdleMs
            for handler in connections.values where handler.isIdle(since: oldest) {
                handler.closeIdle()
            }
            buffers.trim()
            scheduleSweep()
        }
    }

    private func log(_ notice: Notice) {
        logger.log(level: notice.level.forLogger, "\(notice.text)")
    }

    // MARK: The end

    /// Closes every connection and the cluster's logs, leaving the mark of a clean stop. The thread ends.
    /// - Throws: `StorageError` when a log could not be closed; everything else is closed all the same.
    package func shutDown() async throws {
        let result: Result<Void, any Error> = await closeCluster()
        isShutDown.withLock { $0 = true }
        try? await group.shutdownGracefully()
        try result.get()
    }

    private func closeCluster() async -> Result<Void, any Error> {
        do {
            try await onLoop { [self] in
                isStopping = true
                // Only one can be told of an error of the disk: a round that is under way has to end first.
                let round = flushUnderWay ?? eventLoop.makeSucceededVoidFuture()
                return round.flatMapThrowing { [self] in try closeOnLoop() }
            }
            return .success(())
        } catch EventLoopError.shutdown {
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// On the loop; whatever still happens there finds no cluster.
    func closeOnLoop() throws {
        if cluster != nil {
            if cluster.needsFlush {
                cluster.flush(now: Now.read())
                settle()
            }
            for handler in connections.values {
                handler.close()
            }
        }
        isClosed = true
        timer?.cancel()
        waitingSlices.removeAll()
        try cluster?.close()
        cluster = nil
    }
}

/// Lets only so many lines through in a time that begins with the first of them, and counts the others.
struct LogThrottle {
    enum Verdict: Equatable {
        /// Log, after saying how many lines were left out before.
        case admit(suppressed: Int)
        case suppress
    }

    let limit: Int
    /// Milliseconds in which so many lines are let through.
    let windowMs: Int64
    private var windowStart: Int64?
    private var count = 0
    private var suppressed = 0

    init(limit: Int, windowMs: Int64 = 1_000) {
        self.limit = limit
        self.windowMs = windowMs
    }

    mutating func admit(_ nowMs: Int64) -> Verdict {
        if windowStart.map({ nowMs - $0 >= windowMs }) ?? true {
            windowStart = nowMs
            count = 0
        }
        guard count < limit else {
            suppressed += 1
            return .suppress
        }
        count += 1
        defer { suppressed = 0 }
        return .admit(suppressed: suppressed)
    }
}

extension Notice.Level {
    fileprivate var forLogger: Logger.Level {
        switch self {
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
