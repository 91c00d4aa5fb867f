import KafkaProtocol

/// A record with everything that is known of it, as answers show it.
final class ShownRecord: Sendable {
    /// A key, a value or a header's value.
    struct Part: Sendable {
        /// The beginning; all of it unless it is longer than what was asked for.
        let bytes: [UInt8]
        /// Bytes of the whole.
        let size: Int

        init(_ whole: UnsafeRawBufferPointer, limit: Int) {
            bytes = Array(whole.prefix(limit))
            size = whole.count
        }
    }

    let partition: Int32
    let offset: Int64
    let timestamp: Int64
    let key: Part?
    let value: Part?
    let headers: [(name: String, value: Part?)]
    /// Bytes of the record as it is coded, decompressed.
    let size: Int
    let sequence: Int32
    /// What a control record is for; nil for other records.
    let controlType: String?
    let batch: RecordBatchHeader

    /// - Parameter partBytes: where keys, values and headers are cut.
    init(_ record: RecordView, _ batch: RecordBatchHeader, partition: Int32, partBytes: Int) {
        self.partition = partition
        self.batch = batch
        offset = record.offset
        timestamp = record.timestamp
        key = record.key.map { Part($0, limit: partBytes) }
        value = record.value.map { Part($0, limit: partBytes) }
        headers = record.headers.map { header in
            (header.key, header.value.map { value in value.withUnsafeBytes { Part($0, limit: partBytes) } })
        }
        size = record.bytes.count
        controlType = batch.isControl ? Self.controlType(record.key) : nil
        sequence =
            batch.baseSequence < 0
            ? -1 : RecordBatchHeader.sequence(batch.baseSequence, advancedBy: max(0, record.offsetDelta))
    }

    /// Memory that it takes, about, in bytes.
    var heldBytes: Int {
        let parts = (key?.bytes.count ?? 0) +| (value?.bytes.count ?? 0)
        return headers.reduce(parts +| 300) { $0 +| $1.name.utf8.count +| ($1.value?.bytes.count ?? 0) +| 64 }
    }

    // MARK: JSON

    /// Times that RFC 3339 has a text for: to the year 9999.
    private static let times: ClosedRange<Int64> = 0...253_402_300_799_999

    /// - Parameter showsBytes: texts as base64, too.
    func json(showsBytes: Bool) -> JSON {
        [
            "partition_id": JSON(partition),
            "offset": JSON(offset),
            "timestamp_ms": JSON(timestamp),
            "timestamp": Self.times.contains(timestamp) ? .string(Timestamp.text(timestamp)) : .null,
            "timestamp_type": batch.timestampType == .logAppendTime ? "LOG_APPEND_TIME" : "CREATE_TIME",
            "key": Self.json(key, showsBytes),
            "value": Self.json(value, showsBytes),
            "headers": .array(headers.map { ["name": .string($0.name), "value": Self.json($0.value, showsBytes)] }),
            "size": JSON(size),
            "leader_epoch": JSON(batch.partitionLeaderEpoch),
            "producer_id": JSON(batch.producerID),
            "producer_epoch": JSON(batch.producerEpoch),
            "sequence": JSON(sequence),
            "batch_base_offset": JSON(batch.baseOffset),
            "batch_records": JSON(batch.recordCount),
            "batch_bytes": JSON(batch.sizeInBytes),
            "codec": .string(batch.compression.name),
            "is_transactional": .bool(batch.isTransactional),
            "is_control": .bool(batch.isControl),
            "control_type": JSON(controlType),
        ]
    }

    private static func controlType(_ key: UnsafeRawBufferPointer?) -> String {
        guard let key, key.count >= 4 else {
            return "UNKNOWN"
        }
        let number = Int16(bitPattern: UInt16(key[2]) << 8 | UInt16(key[3]))
        return switch ControlRecordType(rawValue: number) {
        case .abort: "ABORT"
        case .commit: "COMMIT"
        case .leaderChange: "LEADER_CHANGE"
        case .snapshotHeader: "SNAPSHOT_HEADER"
        case .snapshotFooter: "SNAPSHOT_FOOTER"
        case .kraftVersion: "KRAFT_VERSION"
        case .kraftVoters: "KRAFT_VOTERS"
        case nil: "UNKNOWN"
        }
    }

    private static func json(_ part: Part?, _ showsBytes: Bool) -> JSON {
        guard let part else {
            return .null
        }
        let isCut = part.bytes.count < part.size
        var members: [JSON.Member] = []
        if let text = text(part.bytes, isCut: isCut) {
            members.append(JSON.Member("format", isJSON(part.bytes, isCut: isCut) ? "json" : "text"))
            members.append(JSON.Member("text", .string(text)))
        } else {
            members.append(JSON.Member("format", "binary"))
        }
        if showsBytes || members.count == 1 {
            members.append(JSON.Member("base64", .string(Base64.encode(part.bytes))))
        }
        members.append(JSON.Member("size", JSON(part.size)))
        members.append(JSON.Member("is_truncated", .bool(isCut)))
        return .object(members)
    }

    /// The bytes as text, unless they are none: not UTF-8, or with control characters that texts do not have.
    private static func text(_ bytes: [UInt8], isCut: Bool) -> String? {
        let hasControls = bytes.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D || $0 == 0x7F }
        guard !hasControls else {
            return nil
        }
        // A cut may have gone through a character, of up to four bytes.
        for dropped in 0...(isCut ? min(3, bytes.count) : 0) {
            if let text = String(validating: bytes.dropLast(dropped), as: UTF8.self) {
                return text
            }
        }
        return nil
    }

    /// Whether the bytes are a JSON object or array; of one that was cut, whether it begins like one.
    private static func isJSON(_ bytes: [UInt8], isCut: Bool) -> Bool {
        let first = bytes.first { $0 > 0x20 }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            return false
        }
        return isCut || (try? JSON.parse(bytes)) != nil
    }
}
