/// Every size, count and time that bounds what a client can make a listener do.
package struct TransportLimits: Sendable {
    /// Longest request in bytes, without its length field (`socket.request.max.bytes`). A longer one closes its
    /// connection.
    package var maxFrameBytes = 100 * 1024 * 1024
    /// Longest request in bytes of any API but Produce. Most of what a request names takes a few bytes and some time: a
    /// Fetch that names 100,000 partitions by their topics' ids has 5 MiB. Kafka has no such limit.
    package var maxShortFrameBytes = 8 * 1024 * 1024
    /// Longest frame in bytes from a client that has not logged in yet, where it has to
    /// (`sasl.server.max.receive.size`).
    package var maxFrameBytesBeforeLogin = 512 * 1024
    /// Open connections of one cluster over all its listeners (`max.connections`); one more is closed at once.
    package var maxConnections = 10_000
    /// Milliseconds without a byte from the client after which its connection is closed (`connections.max.idle.ms`).
    /// A connection whose request still waits for its answer is not idle.
    package var maxIdleMs: Int64 = 600_000
    /// Bytes of answers that may wait for a slow reader before its further requests wait, too. One answer more than
    /// this can be held, whatever its size (`fetch.max.bytes` bounds that).
    package var outboundHighWaterMark = 1024 * 1024
    /// Milliseconds that a client has to read its last answer (of a failed log-in) and to hang up, before we do.
    package var lastAnswerMs: Int64 = 1_000
    /// Bytes of waiting answers below which the connection's requests are handled again.
    package var outboundLowWaterMark = 256 * 1024
    /// Answers of one connection are handed to the socket once this many bytes of them are encoded.
    package var outboundBatchBytes = 256 * 1024
    /// Bytes that the clients of one cluster may make it hold in requests that are not complete and in answers that
    /// nobody takes (`queued.max.request.bytes` sets it, too). Beyond, long requests and answers wait, and clients that
    /// neither send nor read are let go. The process has a bound of its own, ``ProcessMemory``.
    package var memoryBytes = 256 * 1024 * 1024
    /// Answers with more bytes of records leave in pieces, read from the log as the socket takes them.
    package var wholeAnswerBytes = 256 * 1024
    /// Bytes of one piece, and of one while memory is short.
    package var pieceBytes = 1024 * 1024
    package var smallPieceBytes = 64 * 1024
    /// Bytes of pieces that one connection may send before others have their turn.
    package var bytesPerTurn = 4 * 1024 * 1024
    /// Milliseconds for which one connection's requests are handled before others have their turn; the request during
    /// which they pass is finished. Answers that become known together share them.
    package var turnMs: Int64 = 5
    /// The same while other connections wait for their turn.
    package var crowdedTurnMs: Int64 = 2
    /// Microseconds between two turns, in which the sockets are looked at.
    package var turnPauseUs: Int64 = 50
    /// Microseconds that a long frame may take and the next one is still handled without such a pause.
    package var quickFrameUs: Int64 = 2_000
    /// Bytes of a request, or of an answer, that are not worth counting.
    package var uncountedBytes = 64 * 1024
    /// Milliseconds without a byte in either direction after which a client that holds memory is let go, if others wait
    /// for memory.
    package var stalledMs: Int64 = 10_000
    /// Milliseconds between two looks at what is held, while somebody waits for memory.
    package var memoryCheckMs: Int64 = 100
    /// Milliseconds for which memory is short and nobody gives any back, after which one of the requests that wait is
    /// handled all the same.
    package var starvedMs: Int64 = 1_000
    /// Connections that the system accepts ahead of us (`socket.listen.backlog.size`).
    package var backlog: Int32 = 1024
    /// Lines about misbehaving clients that a cluster logs in one second; the rest is counted.
    package var logLinesPerSecond = 10
    /// Lines that a cluster logs in one minute about what is usual and can come as often as others like; the rest is
    /// counted.
    package var usualLogLinesPerMinute = 10

    package init() {}
}
