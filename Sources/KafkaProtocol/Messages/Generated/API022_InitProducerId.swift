// Generated from Protocol/apis/022-init-producer-id.api by `make generate`. Do not edit.

/// Request of InitProducerId, key 22, versions 0 to 5.
package struct InitProducerIdRequest: KafkaRequest {
    package typealias Response = InitProducerIdResponse
    package static var apiKey: APIKey { .initProducerID }
    package static var flexibleFrom: Int16? { 2 }
    package static var servedVersions: ClosedRange<Int16> { 0...5 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...5 }

    /// Null: idempotence only.
    package var transactionalID: String? = nil
    package var transactionTimeoutMs: Int32 = 0
    /// Versions 3 and later.
    package var producerID: Int64 = -1
    /// Versions 3 and later.
    package var producerEpoch: Int16 = -1

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        self.transactionalID = try reader.readNullableString(compact: flexible)
        self.transactionTimeoutMs = try reader.readInt32()
        if version >= 3 {
            self.producerID = try reader.readInt64()
        }
        if version >= 3 {
            self.producerEpoch = try reader.readInt16()
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeNullableString(self.transactionalID, compact: flexible)
        writer.writeInt32(self.transactionTimeoutMs)
        if version >= 3 {
            writer.writeInt64(self.producerID)
        }
        if version >= 3 {
            writer.writeInt16(self.producerEpoch)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of InitProducerId, key 22, versions 0 to 5.
package struct InitProducerIdResponse: KafkaResponse {
    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var producerID: Int64 = -1
    package var producerEpoch: Int16 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        self.producerID = try reader.readInt64()
        self.producerEpoch = try reader.readInt16()
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeInt64(self.producerID)
        writer.writeInt16(self.producerEpoch)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
