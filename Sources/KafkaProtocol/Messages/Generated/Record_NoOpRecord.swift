// Generated from Protocol/records/no-op-record.record by `make generate`. Do not edit.

/// Record of type 20 in the cluster metadata log.
package struct NoOpRecord: MetadataRecord {
    package static var id: UInt32 { 20 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUnsignedVarint(0)
    }
}
