// Generated from Protocol/apis/026-end-txn.api by `make generate`. Do not edit.

/// Request of EndTxn, key 26, versions 0 to 5.
package struct EndTxnRequest: KafkaRequest {
    package typealias Response = EndTxnResponse
    package static var apiKey: APIKey { .endTxn }
    package static var flexibleFrom: Int16? { 3 }
    package static var servedVersions: ClosedRange<Int16> { 0...5 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...5 }

    package var transactionalID: String = ""
    package var producerID: Int64 = 0
    package var producerEpoch: Int16 = 0
    package var committed: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        self.transactionalID = try reader.readString(compact: flexible)
        self.producerID = try reader.readInt64()
        self.producerEpoch = try reader.readInt16()
        self.committed = try reader.readBool()
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        writer.writeString(self.transactionalID, compact: flexible)
        writer.writeInt64(self.producerID)
        writer.writeInt16(self.producerEpoch)
        writer.writeBool(self.committed)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of EndTxn, key 26, versions 0 to 5.
package struct EndTxnResponse: KafkaResponse {
    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    /// Version 5 only.
    package var producerID: Int64 = -1
    /// Version 5 only.
    package var producerEpoch: Int16 = -1

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        if version == 5 {
            self.producerID = try reader.readInt64()
        }
        if version == 5 {
            self.producerEpoch = try reader.readInt16()
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        if version == 5 {
            writer.writeInt64(self.producerID)
        }
        if version == 5 {
            writer.writeInt16(self.producerEpoch)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
