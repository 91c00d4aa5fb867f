// Generated from Protocol/records/user-scram-credential-record.record by `make generate`. Do not edit.

/// Record of type 11 in the cluster metadata log.
package struct UserScramCredentialRecord: MetadataRecord {
    package static var id: UInt32 { 11 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var name: String = ""
    /// 1 SCRAM-SHA-256, 2 SCRAM-SHA-512.
    package var mechanism: Int8 = 0
    package var salt: [UInt8] = []
    package var storedKey: [UInt8] = []
    package var serverKey: [UInt8] = []
    package var iterations: Int32 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.name = try reader.readString(compact: true)
        self.mechanism = try reader.readInt8()
        self.salt = try reader.readBytes(compact: true)
        self.storedKey = try reader.readBytes(compact: true)
        self.serverKey = try reader.readBytes(compact: true)
        self.iterations = try reader.readInt32()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.name, compact: true)
        writer.writeInt8(self.mechanism)
        writer.writeBytes(self.salt, compact: true)
        writer.writeBytes(self.storedKey, compact: true)
        writer.writeBytes(self.serverKey, compact: true)
        writer.writeInt32(self.iterations)
        writer.writeUnsignedVarint(0)
    }
}
