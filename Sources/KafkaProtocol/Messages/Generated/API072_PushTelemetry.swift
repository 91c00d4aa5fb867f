// Generated from Protocol/apis/072-push-telemetry.api by `make generate`. Do not edit.

/// Request of PushTelemetry, key 72, versions 0 to 0.
package struct PushTelemetryRequest: KafkaRequest {
    package typealias Response = PushTelemetryResponse
    package static var apiKey: APIKey { .pushTelemetry }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...0 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...0 }

    package var clientInstanceID: KafkaUUID = .zero
    package var subscriptionID: Int32 = 0
    package var terminating: Bool = false
    package var compressionType: Int8 = 0
    package var metrics: [UInt8] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.clientInstanceID = try reader.readUUID()
        self.subscriptionID = try reader.readInt32()
        self.terminating = try reader.readBool()
        self.compressionType = try reader.readInt8()
        self.metrics = try reader.readBytes(compact: true)
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUUID(self.clientInstanceID)
        writer.writeInt32(self.subscriptionID)
        writer.writeBool(self.terminating)
        writer.writeInt8(self.compressionType)
        writer.writeBytes(self.metrics, compact: true)
        writer.writeUnsignedVarint(0)
    }
}

/// Response of PushTelemetry, key 72, versions 0 to 0.
package struct PushTelemetryResponse: KafkaResponse {
    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeUnsignedVarint(0)
    }
}
