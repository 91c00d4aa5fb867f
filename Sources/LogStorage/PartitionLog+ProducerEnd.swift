/// Where a log stops to believe in the producers that wrote it.
///
/// A mirror's log is written by its source's producers. From the moment on when it takes records of its own, nothing
/// those wrote may tell about the producers that come: sequences and epochs of another cluster mean nothing here, and
/// their transactions never end. What is written stays; what the batches below ``producerEnd`` say about producers
/// counts only up to there, however often the log is read again.
extension PartitionLog {
    /// Forgets every producer as of the log end. A transaction that is open counts as aborted from now on, as if its
    /// marker stood there.
    ///
    /// The caller keeps ``producerEnd`` somewhere durable and gives it to
    /// ``open(directory:fileSystem:config:options:)``; recovery then comes to the same state.
    package func endProducers() throws(StorageError) {
        producerEnd = logEndOffset
        producersHaveEnded = false
        let aborted = passProducerEnd(upTo: logEndOffset)
        let segment = active
        try online { () throws(StorageError) in
            for entry in aborted { try segment.appendAborted(entry) }
        }
        if !aborted.isEmpty { noteUnsynced([segment.transactionIndexPath], at: segment.baseOffset) }
    }

    /// Lets producers count again from the first batch on: the log is a mirror's once more.
    package func resumeProducers() {
        producerEnd = nil
        producersHaveEnded = false
    }

    /// Forgets the producers if reading has come to where they end. Returns what is aborted by that.
    func passProducerEnd(upTo offset: Int64) -> [TransactionIndex.Entry] {
        guard let end = producerEnd, !producersHaveEnded, offset >= end else { return [] }
        producersHaveEnded = true
        let aborted = producers.abortedAtEnd(end)
        producers.removeAll()
        return aborted
    }

    /// After recovery: the log may end before the offset that was named, and what comes now is written by others.
    func finishProducerEnd() -> [TransactionIndex.Entry] {
        guard let end = producerEnd else { return [] }
        producerEnd = min(end, logEndOffset)
        return passProducerEnd(upTo: logEndOffset)
    }
}
