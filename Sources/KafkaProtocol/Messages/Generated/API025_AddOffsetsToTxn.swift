// Generated from Protocol/apis/025-add-offsets-to-txn.api by `make generate`. Do not edit.

/// Request of AddOffsetsToTxn, key 25, versions 0 to 4.
package struct AddOffsetsToTxnRequest: KafkaRequest {
    package typealias Response = AddOffsetsToTxnResponse
    package static var apiKey: APIKey { .addOffsetsToTxn }
    package static var flexibleFrom: Int16? { 3 }
    package static var servedVersions: ClosedRange<Int16> { 0...4 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...4 }

    package var transactionalID: String = ""
    package var producerID: Int64 = 0
    package var producerEpoch: Int16 = 0
    package var groupID: String = ""

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        self.transactionalID = try reader.readString(compact: flexible)
        self.producerID = try reader.readInt64()
        self.producerEpoch = try reader.readInt16()
        self.groupID = try reader.readString(compact: flexible)
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        writer.writeString(self.transactionalID, compact: flexible)
        writer.writeInt64(self.producerID)
        writer.writeInt16(self.producerEpoch)
        writer.writeString(self.groupID, compact: flexible)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of AddOffsetsToTxn, key 25, versions 0 to 4.
package struct AddOffsetsToTxnResponse: KafkaResponse {
    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
