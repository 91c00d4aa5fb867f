// Generated from Protocol/records/remove-user-scram-credential-record.record by `make generate`. Do not edit.

/// Record of type 22 in the cluster metadata log.
package struct RemoveUserScramCredentialRecord: MetadataRecord {
    package static var id: UInt32 { 22 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var name: String = ""
    package var mechanism: Int8 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.name = try reader.readString(compact: true)
        self.mechanism = try reader.readInt8()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.name, compact: true)
        writer.writeInt8(self.mechanism)
        writer.writeUnsignedVarint(0)
    }
}
