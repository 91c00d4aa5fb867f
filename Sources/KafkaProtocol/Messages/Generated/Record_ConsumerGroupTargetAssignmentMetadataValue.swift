// Generated from Protocol/records/consumer-group-target-assignment-metadata-value.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct ConsumerGroupTargetAssignmentMetadataValue: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var assignmentEpoch: Int32 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.assignmentEpoch = try reader.readInt32()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.assignmentEpoch)
        writer.writeUnsignedVarint(0)
    }
}
