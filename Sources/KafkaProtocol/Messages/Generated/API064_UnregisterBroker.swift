// Generated from Protocol/apis/064-unregister-broker.api by `make generate`. Do not edit.

/// Request of UnregisterBroker, key 64, versions 0 to 0.
package struct UnregisterBrokerRequest: KafkaRequest {
    package typealias Response = UnregisterBrokerResponse
    package static var apiKey: APIKey { .unregisterBroker }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...0 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...0 }

    package var brokerID: Int32 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.brokerID = try reader.readInt32()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.brokerID)
        writer.writeUnsignedVarint(0)
    }
}

/// Response of UnregisterBroker, key 64, versions 0 to 0.
package struct UnregisterBrokerResponse: KafkaResponse {
    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var errorMessage: String? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        self.errorMessage = try reader.readNullableString(compact: true)
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeNullableString(self.errorMessage, compact: true)
        writer.writeUnsignedVarint(0)
    }
}
