/// A header of a record. Names that are not UTF-8 are repaired on reading, as Kafka's Java client does.
package struct RecordHeader: Hashable, Sendable {
    package var key: String
    package var value: [UInt8]?

    package init(key: String, value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// One record with bytes of its own.
package struct Record: Hashable, Sendable {
    package var offset: Int64
    /// Milliseconds since 1970, -1 without one; with LogAppendTime the batch's.
    package var timestamp: Int64
    package var key: [UInt8]?
    package var value: [UInt8]?
    package var headers: [RecordHeader]

    package init(
        offset: Int64 = 0, timestamp: Int64 = -1, key: [UInt8]? = nil, value: [UInt8]? = nil,
        headers: [RecordHeader] = []
    ) {
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// Copies a record out of its batch.
    package init(_ view: RecordView) {
        self.init(
            offset: view.offset, timestamp: view.timestamp, key: view.key.map { [UInt8]($0) },
            value: view.value.map { [UInt8]($0) }, headers: view.headers)
    }
}

/// One record, its bytes borrowed from the batch: valid only during the call that lends it.
package struct RecordView {
    /// Its position among the batch's records, from 0.
    package let index: Int
    package let offsetDelta: Int32
    package let offset: Int64
    package var timestamp: Int64
    package let key: UnsafeRawBufferPointer?
    package let value: UnsafeRawBufferPointer?
    package let headerCount: Int
    /// The headers as they are coded, their count first.
    let headerBytes: UnsafeRawBufferPointer
    /// The whole record as it is coded, its length first.
    package let bytes: UnsafeRawBufferPointer

    /// The headers, copied.
    package var headers: [RecordHeader] {
        guard headerCount > 0 else { return [] }
        var cursor = RecordCursor(headerBytes)
        var headers: [RecordHeader] = []
        headers.reserveCapacity(headerCount)
        // The bytes were checked when the record was read, so neither can fail.
        guard (try? cursor.varint()) != nil else { return [] }
        for _ in 0..<headerCount {
            guard let header = try? cursor.header() else { break }
            headers.append(
                RecordHeader(key: String(decoding: header.key, as: UTF8.self), value: header.value.map { [UInt8]($0) }))
        }
        return headers
    }
}
