// Generated from Protocol/apis/017-sasl-handshake.api by `make generate`. Do not edit.

/// Request of SaslHandshake, key 17, versions 0 to 1.
package struct SaslHandshakeRequest: KafkaRequest {
    package typealias Response = SaslHandshakeResponse
    package static var apiKey: APIKey { .saslHandshake }
    package static var flexibleFrom: Int16? { nil }
    package static var servedVersions: ClosedRange<Int16> { 0...1 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...1 }

    package var mechanism: String = ""

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        self.mechanism = try reader.readString(compact: false)
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.mechanism, compact: false)
    }
}

/// Response of SaslHandshake, key 17, versions 0 to 1.
package struct SaslHandshakeResponse: KafkaResponse {
    package var errorCode: Int16 = 0
    package var mechanisms: [String] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        self.errorCode = try reader.readInt16()
        do {
            let count = try reader.readArrayCount(compact: false, minimumSize: 2)
            var elements: [String] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readString(compact: false)) }
            self.mechanisms = elements
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt16(self.errorCode)
        writer.writeArrayCount(self.mechanisms.count, compact: false)
        for element in self.mechanisms { writer.writeString(element, compact: false) }
    }
}
