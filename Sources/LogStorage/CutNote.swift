/// A file beside a log's segments, written before recovery cuts off records that the recovery point counts as being on
/// disk. Should the process die before the checkpoint has the new end, and before anybody was told, the next opening
/// would otherwise find a sound log that ends too early and nothing that explains it.
struct CutNote: Equatable {
    static let fileName = "recovery-cut"

    /// The log's end after the cut.
    var from: Int64
    /// The offset after the last record that was lost.
    var upTo: Int64

    /// Nil when there is none, or none of use: the log is then judged by what else there is.
    static func read(in directory: String, _ fileSystem: any FileSystem) throws(StorageError) -> CutNote? {
        let path = directory + "/" + fileName
        guard let bytes = try fileSystem.contents(of: path, atMost: SmallFile.maximumBytes) else { return nil }
        var lines = TextLines(bytes, path: path)
        do throws(StorageError) {
            try lines.expectVersion("0")
            let fields = try lines.fields(2)
            try lines.expectEnd()
            guard let from = Int64(fields[0]), let upTo = Int64(fields[1]), from >= 0, upTo > from else { return nil }
            return CutNote(from: from, upTo: upTo)
        } catch {
            return nil
        }
    }

    var encoded: [UInt8] { [UInt8]("0\n\(from) \(upTo)\n".utf8) }
}

extension PartitionLog {
    /// Whether a note of a cut lies beside the log: call ``forgetCut()`` once the checkpoint has ``recoveryPoint``.
    package var hasCutNote: Bool { cutNote != nil }

    /// Before a cut that ends the log below its recovery point.
    func noteCut(upTo end: Int64) throws(StorageError) {
        guard logEndOffset < notedRecoveryPoint, !cutsLater else { return }
        let note = CutNote(from: logEndOffset, upTo: end)
        guard note != cutNote else { return }
        do throws(StorageError) {
            try fileSystem.replace(directory + "/" + CutNote.fileName, with: note.encoded, durable: true)
            cutNote = note
        } catch {
            // On a full disk a log has to open.
            guard error.isTransient else { throw error }
        }
    }

    /// The cut of an earlier opening, after which this one finds nothing damaged.
    func tellInterruptedCut() {
        guard !hasFoundLoss, let cutNote, cutNote.from == logEndOffset else { return }
        findings.append(
            .loss(
                from: cutNote.from, upTo: cutNote.upTo, bytes: 0,
                reason: "an earlier start cut off a damaged end and was interrupted"))
    }

    /// The loss was told, and the checkpoint does not speak of the lost records any more.
    package func forgetCut() throws(StorageError) {
        guard cutNote != nil else { return }
        hasUnsyncedFiles = true
        try fileSystem.remove(directory + "/" + CutNote.fileName)
        cutNote = nil
    }
}
