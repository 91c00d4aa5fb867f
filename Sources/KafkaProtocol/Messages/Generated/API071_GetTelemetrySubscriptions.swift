// Generated from Protocol/apis/071-get-telemetry-subscriptions.api by `make generate`. Do not edit.

/// Request of GetTelemetrySubscriptions, key 71, versions 0 to 0.
package struct GetTelemetrySubscriptionsRequest: KafkaRequest {
    package typealias Response = GetTelemetrySubscriptionsResponse
    package static var apiKey: APIKey { .getTelemetrySubscriptions }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...0 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...0 }

    package var clientInstanceID: KafkaUUID = .zero

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.clientInstanceID = try reader.readUUID()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUUID(self.clientInstanceID)
        writer.writeUnsignedVarint(0)
    }
}

/// Response of GetTelemetrySubscriptions, key 71, versions 0 to 0.
package struct GetTelemetrySubscriptionsResponse: KafkaResponse {
    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var clientInstanceID: KafkaUUID = .zero
    package var subscriptionID: Int32 = 0
    package var acceptedCompressionTypes: [Int8] = []
    package var pushIntervalMs: Int32 = 0
    package var telemetryMaxBytes: Int32 = 0
    package var deltaTemporality: Bool = false
    package var requestedMetrics: [String] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        self.clientInstanceID = try reader.readUUID()
        self.subscriptionID = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 1)
            var elements: [Int8] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readInt8()) }
            self.acceptedCompressionTypes = elements
        }
        self.pushIntervalMs = try reader.readInt32()
        self.telemetryMaxBytes = try reader.readInt32()
        self.deltaTemporality = try reader.readBool()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 1)
            var elements: [String] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readString(compact: true)) }
            self.requestedMetrics = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeUUID(self.clientInstanceID)
        writer.writeInt32(self.subscriptionID)
        writer.writeArrayCount(self.acceptedCompressionTypes.count, compact: true)
        for element in self.acceptedCompressionTypes { writer.writeInt8(element) }
        writer.writeInt32(self.pushIntervalMs)
        writer.writeInt32(self.telemetryMaxBytes)
        writer.writeBool(self.deltaTemporality)
        writer.writeArrayCount(self.requestedMetrics.count, compact: true)
        for element in self.requestedMetrics { writer.writeString(element, compact: true) }
        writer.writeUnsignedVarint(0)
    }
}
