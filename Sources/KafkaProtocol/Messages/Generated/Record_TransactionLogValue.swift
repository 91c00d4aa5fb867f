// Generated from Protocol/records/transaction-log-value.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct TransactionLogValue: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...1 }

    /// Part of `TransactionLogValue`.
    package struct PartitionsSchema: Sendable {
        package var topic: String = ""
        package var partitionIDs: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 1
            self.topic = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.partitionIDs = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
            writer.writeString(self.topic, compact: flexible)
            writer.writeArrayCount(self.partitionIDs.count, compact: flexible)
            for element in self.partitionIDs { writer.writeInt32(element) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var producerID: Int64 = 0
    /// Version 1 only, tagged.
    package var previousProducerID: Int64 = -1
    /// Version 1 only, tagged.
    package var nextProducerID: Int64 = -1
    package var producerEpoch: Int16 = 0
    package var transactionTimeoutMs: Int32 = 0
    /// 0 empty … 7 prepare epoch fence; see the coordinator.
    package var transactionStatus: Int8 = 0
    /// Null once a transaction is complete.
    package var transactionPartitions: [PartitionsSchema]? = []
    package var transactionLastUpdateTimestampMs: Int64 = 0
    package var transactionStartTimestampMs: Int64 = 0
    /// Version 1 only, tagged.
    package var clientTransactionVersion: Int16 = 0
    /// Version 1 only, tagged.
    package var nextProducerEpoch: Int16 = -1

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        let flexible = version >= 1
        self.producerID = try reader.readInt64()
        self.producerEpoch = try reader.readInt16()
        self.transactionTimeoutMs = try reader.readInt32()
        self.transactionStatus = try reader.readInt8()
        if let count = try reader.readNullableArrayCount(compact: flexible, minimumSize: 3) {
            var elements: [PartitionsSchema] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try PartitionsSchema(from: &reader, version: version)) }
            self.transactionPartitions = elements
        } else {
            self.transactionPartitions = nil
        }
        self.transactionLastUpdateTimestampMs = try reader.readInt64()
        self.transactionStartTimestampMs = try reader.readInt64()
        if flexible {
            var tags = try reader.readUnsignedVarint()
            while tags > 0 {
                tags -= 1
                switch try reader.readUnsignedVarint() {
                case 0:
                    let outer = try reader.enterTag()
                    self.previousProducerID = try reader.readInt64()
                    try reader.leaveTag(outer)
                case 1:
                    let outer = try reader.enterTag()
                    self.nextProducerID = try reader.readInt64()
                    try reader.leaveTag(outer)
                case 2:
                    let outer = try reader.enterTag()
                    self.clientTransactionVersion = try reader.readInt16()
                    try reader.leaveTag(outer)
                case 3:
                    let outer = try reader.enterTag()
                    self.nextProducerEpoch = try reader.readInt16()
                    try reader.leaveTag(outer)
                default: try reader.skipTag()
                }
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 1
        writer.writeInt64(self.producerID)
        writer.writeInt16(self.producerEpoch)
        writer.writeInt32(self.transactionTimeoutMs)
        writer.writeInt8(self.transactionStatus)
        writer.writeArrayCount(self.transactionPartitions?.count, compact: flexible)
        for element in self.transactionPartitions ?? [] { element.encode(into: &writer, version: version) }
        writer.writeInt64(self.transactionLastUpdateTimestampMs)
        writer.writeInt64(self.transactionStartTimestampMs)
        if flexible {
            var tags: UInt32 = 0
            let writes0 = self.previousProducerID != -1
            if writes0 { tags += 1 }
            let writes1 = self.nextProducerID != -1
            if writes1 { tags += 1 }
            let writes2 = self.clientTransactionVersion != 0
            if writes2 { tags += 1 }
            let writes3 = self.nextProducerEpoch != -1
            if writes3 { tags += 1 }
            writer.writeUnsignedVarint(tags)
            if writes0 {
                let start = writer.beginTag(0)
                writer.writeInt64(self.previousProducerID)
                writer.endTag(start)
            }
            if writes1 {
                let start = writer.beginTag(1)
                writer.writeInt64(self.nextProducerID)
                writer.endTag(start)
            }
            if writes2 {
                let start = writer.beginTag(2)
                writer.writeInt16(self.clientTransactionVersion)
                writer.endTag(start)
            }
            if writes3 {
                let start = writer.beginTag(3)
                writer.writeInt16(self.nextProducerEpoch)
                writer.endTag(start)
            }
        }
    }
}
