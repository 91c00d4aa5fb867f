// Generated from Protocol/records/unregister-broker-record.record by `make generate`. Do not edit.

/// Record of type 1 in the cluster metadata log.
package struct UnregisterBrokerRecord: MetadataRecord {
    package static var id: UInt32 { 1 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var brokerID: Int32 = 0
    package var brokerEpoch: Int64 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.brokerID = try reader.readInt32()
        self.brokerEpoch = try reader.readInt64()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.brokerID)
        writer.writeInt64(self.brokerEpoch)
        writer.writeUnsignedVarint(0)
    }
}
