// Generated from Protocol/apis/010-find-coordinator.api by `make generate`. Do not edit.

/// Request of FindCoordinator, key 10, versions 0 to 6.
package struct FindCoordinatorRequest: KafkaRequest {
    package typealias Response = FindCoordinatorResponse
    package static var apiKey: APIKey { .findCoordinator }
    package static var flexibleFrom: Int16? { 3 }
    package static var servedVersions: ClosedRange<Int16> { 0...6 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...6 }

    /// Versions 0 to 3.
    package var key: String = ""
    /// 0 group, 1 transaction, 2 share. Versions 1 and later.
    package var keyType: Int8 = 0
    /// Versions 4 and later.
    package var coordinatorKeys: [String] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 6 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        if version <= 3 {
            self.key = try reader.readString(compact: flexible)
        }
        if version >= 1 {
            self.keyType = try reader.readInt8()
        }
        if version >= 4 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 1)
                var elements: [String] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readString(compact: flexible)) }
                self.coordinatorKeys = elements
            }
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        if version <= 3 {
            writer.writeString(self.key, compact: flexible)
        }
        if version >= 1 {
            writer.writeInt8(self.keyType)
        }
        if version >= 4 {
            writer.writeArrayCount(self.coordinatorKeys.count, compact: flexible)
            for element in self.coordinatorKeys { writer.writeString(element, compact: flexible) }
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of FindCoordinator, key 10, versions 0 to 6.
package struct FindCoordinatorResponse: KafkaResponse {
    /// Part of `FindCoordinatorResponse`.
    package struct Coordinator: Sendable {
        package var key: String = ""
        package var nodeID: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.key = try reader.readString(compact: flexible)
            self.nodeID = try reader.readInt32()
            self.host = try reader.readString(compact: flexible)
            self.port = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeString(self.key, compact: flexible)
            writer.writeInt32(self.nodeID)
            writer.writeString(self.host, compact: flexible)
            writer.writeInt32(self.port)
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause. Versions 1 and later.
    package var throttleTimeMs: Int32 = 0
    /// Versions 0 to 3.
    package var errorCode: Int16 = 0
    /// Versions 1 to 3.
    package var errorMessage: String? = nil
    /// Versions 0 to 3.
    package var nodeID: Int32 = 0
    /// Versions 0 to 3.
    package var host: String = ""
    /// Versions 0 to 3.
    package var port: Int32 = 0
    /// Versions 4 and later.
    package var coordinators: [Coordinator] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 6 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        if version >= 1 {
            self.throttleTimeMs = try reader.readInt32()
        }
        if version <= 3 {
            self.errorCode = try reader.readInt16()
        }
        if version >= 1 && version <= 3 {
            self.errorMessage = try reader.readNullableString(compact: flexible)
        }
        if version <= 3 {
            self.nodeID = try reader.readInt32()
        }
        if version <= 3 {
            self.host = try reader.readString(compact: flexible)
        }
        if version <= 3 {
            self.port = try reader.readInt32()
        }
        if version >= 4 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 14)
                var elements: [Coordinator] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try Coordinator(from: &reader, version: version)) }
                self.coordinators = elements
            }
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        if version >= 1 {
            writer.writeInt32(self.throttleTimeMs)
        }
        if version <= 3 {
            writer.writeInt16(self.errorCode)
        }
        if version >= 1 && version <= 3 {
            writer.writeNullableString(self.errorMessage, compact: flexible)
        }
        if version <= 3 {
            writer.writeInt32(self.nodeID)
        }
        if version <= 3 {
            writer.writeString(self.host, compact: flexible)
        }
        if version <= 3 {
            writer.writeInt32(self.port)
        }
        if version >= 4 {
            writer.writeArrayCount(self.coordinators.count, compact: flexible)
            for element in self.coordinators { element.encode(into: &writer, version: version) }
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
