import KafkaProtocol
import LogStorage

/// What happens when the metadata log takes nothing. What was refused is taken back, at once in most cases; where the
/// disk does not even allow that, every change is refused until it does, which is tried again and again.
extension Cluster {
    /// Milliseconds between two attempts.
    static let metadataRetryInterval: Int64 = 1_000

    /// Writes a commit to the metadata log and says so when that fails.
    mutating func append(_ commit: MetadataCommit) throws(ErrorCode) {
        let wasUnsettled = metadataLog.isUnsettled
        do throws(ErrorCode) {
            try metadataLog.append(commit)
        } catch {
            complain(.metadata, "\(commit.count) metadata record(s) could not be stored")
            noteMetadataLog(wasUnsettled: wasUnsettled)
            throw error
        }
        noteMetadataLog(wasUnsettled: wasUnsettled)
    }

    /// Tries to take back what could not be taken back before.
    mutating func retryMetadataLog() {
        metadataLog.isRetryScheduled = false
        let wasUnsettled = metadataLog.isUnsettled
        // The reason was told when it began.
        do throws(StorageError) { try metadataLog.settle() } catch {}
        noteMetadataLog(wasUnsettled: wasUnsettled)
    }

    private mutating func noteMetadataLog(wasUnsettled: Bool) {
        let isUnsettled = metadataLog.isUnsettled
        if isUnsettled, !wasUnsettled {
            let text =
                "what was refused could not be taken back from \(metadataLog.log.directory): topics, configs and links "
                + "cannot be changed until it is; it is tried again. After a crash before that it may be there"
            notices.append(Notice(level: .error, text: text))
        } else if wasUnsettled, !isUnsettled {
            let text = "what was refused is taken back: topics, configs and links can be changed again"
            notices.append(Notice(level: .info, text: text))
        }
        if isUnsettled, !metadataLog.isRetryScheduled {
            metadataLog.isRetryScheduled = true
            timers.schedule(.metadataRetry, at: deadline(after: Self.metadataRetryInterval))
        }
    }
}
