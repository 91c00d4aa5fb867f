// Generated from Protocol/records/access-control-entry-record.record by `make generate`. Do not edit.

/// Record of type 18 in the cluster metadata log.
package struct AccessControlEntryRecord: MetadataRecord {
    package static var id: UInt32 { 18 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var id: KafkaUUID = .zero
    package var resourceType: Int8 = 0
    package var resourceName: String = ""
    package var patternType: Int8 = 0
    package var principal: String = ""
    package var host: String = ""
    package var operation: Int8 = 0
    package var permissionType: Int8 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.id = try reader.readUUID()
        self.resourceType = try reader.readInt8()
        self.resourceName = try reader.readString(compact: true)
        self.patternType = try reader.readInt8()
        self.principal = try reader.readString(compact: true)
        self.host = try reader.readString(compact: true)
        self.operation = try reader.readInt8()
        self.permissionType = try reader.readInt8()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUUID(self.id)
        writer.writeInt8(self.resourceType)
        writer.writeString(self.resourceName, compact: true)
        writer.writeInt8(self.patternType)
        writer.writeString(self.principal, compact: true)
        writer.writeString(self.host, compact: true)
        writer.writeInt8(self.operation)
        writer.writeInt8(self.permissionType)
        writer.writeUnsignedVarint(0)
    }
}
