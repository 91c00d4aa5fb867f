// Generated from Protocol/records/producer-snapshot.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct ProducerSnapshot: VersionedValue {
    package static var versions: ClosedRange<Int16> { 1...1 }

    /// Part of `ProducerSnapshot`.
    package struct ProducerEntry: Sendable {
        package var producerID: Int64 = 0
        package var epoch: Int16 = 0
        package var lastSequence: Int32 = 0
        package var lastOffset: Int64 = 0
        package var offsetDelta: Int32 = 0
        package var timestamp: Int64 = 0
        package var coordinatorEpoch: Int32 = 0
        /// -1 outside a transaction.
        package var currentTxnFirstOffset: Int64 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.producerID = try reader.readInt64()
            self.epoch = try reader.readInt16()
            self.lastSequence = try reader.readInt32()
            self.lastOffset = try reader.readInt64()
            self.offsetDelta = try reader.readInt32()
            self.timestamp = try reader.readInt64()
            self.coordinatorEpoch = try reader.readInt32()
            self.currentTxnFirstOffset = try reader.readInt64()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt64(self.producerID)
            writer.writeInt16(self.epoch)
            writer.writeInt32(self.lastSequence)
            writer.writeInt64(self.lastOffset)
            writer.writeInt32(self.offsetDelta)
            writer.writeInt64(self.timestamp)
            writer.writeInt32(self.coordinatorEpoch)
            writer.writeInt64(self.currentTxnFirstOffset)
        }
    }

    /// CRC32C of all that follows.
    package var crc: UInt32 = 0
    package var producerEntries: [ProducerEntry] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 1 else { throw .unsupportedVersion(version) }
        self.crc = try reader.readUInt32()
        do {
            let count = try reader.readArrayCount(compact: false, minimumSize: 46)
            var elements: [ProducerEntry] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ProducerEntry(from: &reader, version: version)) }
            self.producerEntries = elements
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUInt32(self.crc)
        writer.writeArrayCount(self.producerEntries.count, compact: false)
        for element in self.producerEntries { element.encode(into: &writer, version: version) }
    }
}
