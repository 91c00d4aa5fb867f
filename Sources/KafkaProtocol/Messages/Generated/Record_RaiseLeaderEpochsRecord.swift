// Generated from Protocol/records/raise-leader-epochs.record by `make generate`. Do not edit.

/// Record of type 20005 in the cluster metadata log.
package struct RaiseLeaderEpochsRecord: MetadataRecord {
    package static var id: UInt32 { 20005 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    /// Of the start that could not trust its logs, ms since the epoch: every partition's leader epoch rises by 1.
    package var time: Int64 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.time = try reader.readInt64()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt64(self.time)
        writer.writeUnsignedVarint(0)
    }
}
