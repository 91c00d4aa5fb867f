// Generated from Protocol/records/fence-broker-record.record by `make generate`. Do not edit.

/// Record of type 7 in the cluster metadata log.
package struct FenceBrokerRecord: MetadataRecord {
    package static var id: UInt32 { 7 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var id: Int32 = 0
    package var epoch: Int64 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.id = try reader.readInt32()
        self.epoch = try reader.readInt64()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.id)
        writer.writeInt64(self.epoch)
        writer.writeUnsignedVarint(0)
    }
}
