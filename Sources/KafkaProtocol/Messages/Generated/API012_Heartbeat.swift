// Generated from Protocol/apis/012-heartbeat.api by `make generate`. Do not edit.

/// Request of Heartbeat, key 12, versions 0 to 4.
package struct HeartbeatRequest: KafkaRequest {
    package typealias Response = HeartbeatResponse
    package static var apiKey: APIKey { .heartbeat }
    package static var flexibleFrom: Int16? { 4 }
    package static var servedVersions: ClosedRange<Int16> { 0...4 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...4 }

    package var groupID: String = ""
    package var generationID: Int32 = 0
    package var memberID: String = ""
    /// Versions 3 and later.
    package var groupInstanceID: String? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        self.groupID = try reader.readString(compact: flexible)
        self.generationID = try reader.readInt32()
        self.memberID = try reader.readString(compact: flexible)
        if version >= 3 {
            self.groupInstanceID = try reader.readNullableString(compact: flexible)
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        writer.writeString(self.groupID, compact: flexible)
        writer.writeInt32(self.generationID)
        writer.writeString(self.memberID, compact: flexible)
        if version >= 3 {
            writer.writeNullableString(self.groupInstanceID, compact: flexible)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of Heartbeat, key 12, versions 0 to 4.
package struct HeartbeatResponse: KafkaResponse {
    /// Ms the client should pause. Versions 1 and later.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        if version >= 1 {
            self.throttleTimeMs = try reader.readInt32()
        }
        self.errorCode = try reader.readInt16()
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        if version >= 1 {
            writer.writeInt32(self.throttleTimeMs)
        }
        writer.writeInt16(self.errorCode)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
