// Generated from Protocol/apis/036-sasl-authenticate.api by `make generate`. Do not edit.

/// Request of SaslAuthenticate, key 36, versions 0 to 2.
package struct SaslAuthenticateRequest: KafkaRequest {
    package typealias Response = SaslAuthenticateResponse
    package static var apiKey: APIKey { .saslAuthenticate }
    package static var flexibleFrom: Int16? { 2 }
    package static var servedVersions: ClosedRange<Int16> { 0...2 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...2 }

    package var authBytes: [UInt8] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        self.authBytes = try reader.readBytes(compact: flexible)
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeBytes(self.authBytes, compact: flexible)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of SaslAuthenticate, key 36, versions 0 to 2.
package struct SaslAuthenticateResponse: KafkaResponse {
    package var errorCode: Int16 = 0
    package var errorMessage: String? = nil
    package var authBytes: [UInt8] = []
    /// Versions 1 and later.
    package var sessionLifetimeMs: Int64 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        self.errorCode = try reader.readInt16()
        self.errorMessage = try reader.readNullableString(compact: flexible)
        self.authBytes = try reader.readBytes(compact: flexible)
        if version >= 1 {
            self.sessionLifetimeMs = try reader.readInt64()
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeInt16(self.errorCode)
        writer.writeNullableString(self.errorMessage, compact: flexible)
        writer.writeBytes(self.authBytes, compact: flexible)
        if version >= 1 {
            writer.writeInt64(self.sessionLifetimeMs)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
