import Testing

@testable import ClusterCore

@Suite("Turns of a connection")
struct ConnectionTurnsTests {
    /// A connection whose first request was left pending.
    private func pending() -> ConnectionTurns {
        var turns = ConnectionTurns()
        turns.beginHandling()
        turns.leftPending()
        #expect(turns.endHandling(keepsBytes: false, wasHeld: true) == .none)
        return turns
    }

    @Test("requests are handled as they come, and their partial frames do not stop the reading")
    func open() {
        var turns = ConnectionTurns()
        #expect(turns.received() == .handle)
        turns.beginHandling()
        #expect(turns.endHandling(keepsBytes: true, wasHeld: false) == .none)
        #expect(turns.wantsToRead)
        #expect(turns.received() == .handle)
    }

    @Test("while an answer is outstanding, the next bytes are kept and the reading stops; the answer lets both go on")
    func waiting() {
        var turns = pending()
        #expect(turns.wantsToRead)
        #expect(turns.received() == .keep)
        #expect(!turns.wantsToRead)
        #expect(turns.delivered() == .handle)
        #expect(turns.wantsToRead)
    }

    @Test("an answer with nothing behind it calls for nothing")
    func nothingKept() {
        var turns = pending()
        #expect(turns.delivered() == .none)
        #expect(!turns.isBlocked)
    }

    @Test("frames behind a pending request in the same bytes are handled once it is answered")
    func heldInTheSameBytes() {
        var turns = ConnectionTurns()
        turns.beginHandling()
        turns.leftPending()
        #expect(turns.endHandling(keepsBytes: true, wasHeld: true) == .none)
        #expect(!turns.wantsToRead)
        #expect(turns.delivered() == .handle)
    }

    @Test("whatever holds a connection up, all of it has to be over", arguments: 0..<5)
    func allReasons(last: Int) {
        var turns = ConnectionTurns()
        turns.beginHandling()
        turns.leftPending()
        turns.beganSending()
        turns.awaitMemory()
        turns.leaveTurn()
        _ = turns.socketBecame(writable: false)
        #expect(turns.endHandling(keepsBytes: true, wasHeld: true) == .none)
        func end(_ reason: Int) -> ConnectionTurns.Action {
            switch reason {
            case 0: turns.delivered()
            case 1: turns.endSending()
            case 2: turns.memoryIsThere()
            case 3: turns.turnCame()
            default: turns.socketBecame(writable: true)
            }
        }
        for reason in 0..<5 where reason != last {
            #expect(end(reason) == .none)
            #expect(turns.isBlocked)
        }
        #expect(end(last) == .handle)
        #expect(!turns.isBlocked)
    }

    @Test("a socket that was full and took everything while frames were handed out does not leave the others behind")
    func flickering() {
        var turns = ConnectionTurns()
        turns.beginHandling()
        _ = turns.socketBecame(writable: false)
        #expect(turns.socketBecame(writable: true) == .none)
        #expect(turns.endHandling(keepsBytes: true, wasHeld: true) == .handle)
    }

    @Test("nothing is handled from within the handling")
    func notFromWithin() {
        var turns = ConnectionTurns()
        turns.beginHandling()
        #expect(turns.received() == .keep)
        #expect(turns.memoryIsThere() == .none)
    }

    @Test("the last answer ends the connection, but not before a long one has left")
    func ending() {
        var turns = pending()
        turns.willEnd()
        #expect(turns.delivered() == .end)
        #expect(turns.received() == .drop)
        var sending = ConnectionTurns()
        sending.beginHandling()
        sending.beganSending()
        sending.willEnd()
        #expect(sending.endHandling(keepsBytes: false, wasHeld: true) == .none)
        #expect(sending.endSending() == .end)
    }

    @Test("the first failure is the one that is told, and nothing follows it")
    func failing() {
        var turns = ConnectionTurns()
        turns.beginHandling()
        turns.failed("first")
        turns.failed("second")
        #expect(turns.endHandling(keepsBytes: true, wasHeld: true) == .fail("first"))
        #expect(turns.received() == .drop)
        #expect(turns.isFinal)
    }

    @Test("a closed connection wants nothing any more, whatever is still told to it")
    func closed() {
        var turns = pending()
        _ = turns.received()
        #expect(!turns.wantsToRead)
        turns.closed()
        // Over TLS the client's answer to the end has to be read.
        #expect(turns.wantsToRead)
        #expect(turns.delivered() == .none)
        #expect(turns.endSending() == .none)
        #expect(turns.socketBecame(writable: true) == .none)
        #expect(turns.memoryIsThere() == .none)
        #expect(turns.received() == .drop)
    }

    @Test("a long request that has to wait for memory is read on once there is some")
    func uploads() {
        var turns = ConnectionTurns()
        turns.holdUpload()
        #expect(!turns.wantsToRead)
        #expect(turns.memoryIsThere() == .none)
        #expect(turns.wantsToRead)
    }
}
