// Generated from Protocol/records/producer-ids-record.record by `make generate`. Do not edit.

/// Record of type 15 in the cluster metadata log.
package struct ProducerIdsRecord: MetadataRecord {
    package static var id: UInt32 { 15 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var brokerID: Int32 = 0
    package var brokerEpoch: Int64 = -1
    package var nextProducerID: Int64 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.brokerID = try reader.readInt32()
        self.brokerEpoch = try reader.readInt64()
        self.nextProducerID = try reader.readInt64()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.brokerID)
        writer.writeInt64(self.brokerEpoch)
        writer.writeInt64(self.nextProducerID)
        writer.writeUnsignedVarint(0)
    }
}
