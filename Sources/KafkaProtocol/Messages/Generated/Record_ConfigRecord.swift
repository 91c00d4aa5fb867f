// Generated from Protocol/records/config-record.record by `make generate`. Do not edit.

/// Record of type 4 in the cluster metadata log.
package struct ConfigRecord: MetadataRecord {
    package static var id: UInt32 { 4 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    /// 2 topic, 4 broker, 32 group.
    package var resourceType: Int8 = 0
    package var resourceName: String = ""
    package var name: String = ""
    /// Null removes the config.
    package var value: String? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.resourceType = try reader.readInt8()
        self.resourceName = try reader.readString(compact: true)
        self.name = try reader.readString(compact: true)
        self.value = try reader.readNullableString(compact: true)
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt8(self.resourceType)
        writer.writeString(self.resourceName, compact: true)
        writer.writeString(self.name, compact: true)
        writer.writeNullableString(self.value, compact: true)
        writer.writeUnsignedVarint(0)
    }
}
