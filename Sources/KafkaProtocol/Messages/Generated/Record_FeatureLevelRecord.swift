// Generated from Protocol/records/feature-level-record.record by `make generate`. Do not edit.

/// Record of type 12 in the cluster metadata log.
package struct FeatureLevelRecord: MetadataRecord {
    package static var id: UInt32 { 12 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var name: String = ""
    package var featureLevel: Int16 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.name = try reader.readString(compact: true)
        self.featureLevel = try reader.readInt16()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.name, compact: true)
        writer.writeInt16(self.featureLevel)
        writer.writeUnsignedVarint(0)
    }
}
