// Generated from Protocol/apis/014-sync-group.api by `make generate`. Do not edit.

/// Request of SyncGroup, key 14, versions 0 to 5.
package struct SyncGroupRequest: KafkaRequest {
    package typealias Response = SyncGroupResponse
    package static var apiKey: APIKey { .syncGroup }
    package static var flexibleFrom: Int16? { 4 }
    package static var servedVersions: ClosedRange<Int16> { 0...5 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...5 }

    /// Part of `SyncGroupRequest`.
    package struct SyncGroupRequestAssignment: Sendable {
        package var memberID: String = ""
        package var assignment: [UInt8] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.memberID = try reader.readString(compact: flexible)
            self.assignment = try reader.readBytes(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeString(self.memberID, compact: flexible)
            writer.writeBytes(self.assignment, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var groupID: String = ""
    package var generationID: Int32 = 0
    package var memberID: String = ""
    /// Versions 3 and later.
    package var groupInstanceID: String? = nil
    /// Version 5 only.
    package var protocolType: String? = nil
    /// Version 5 only.
    package var protocolName: String? = nil
    package var assignments: [SyncGroupRequestAssignment] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        self.groupID = try reader.readString(compact: flexible)
        self.generationID = try reader.readInt32()
        self.memberID = try reader.readString(compact: flexible)
        if version >= 3 {
            self.groupInstanceID = try reader.readNullableString(compact: flexible)
        }
        if version == 5 {
            self.protocolType = try reader.readNullableString(compact: flexible)
        }
        if version == 5 {
            self.protocolName = try reader.readNullableString(compact: flexible)
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [SyncGroupRequestAssignment] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try SyncGroupRequestAssignment(from: &reader, version: version)) }
            self.assignments = elements
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
        if version == 5 {
            writer.writeNullableString(self.protocolType, compact: flexible)
        }
        if version == 5 {
            writer.writeNullableString(self.protocolName, compact: flexible)
        }
        writer.writeArrayCount(self.assignments.count, compact: flexible)
        for element in self.assignments { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of SyncGroup, key 14, versions 0 to 5.
package struct SyncGroupResponse: KafkaResponse {
    /// Ms the client should pause. Versions 1 and later.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    /// Version 5 only.
    package var protocolType: String? = nil
    /// Version 5 only.
    package var protocolName: String? = nil
    package var assignment: [UInt8] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        if version >= 1 {
            self.throttleTimeMs = try reader.readInt32()
        }
        self.errorCode = try reader.readInt16()
        if version == 5 {
            self.protocolType = try reader.readNullableString(compact: flexible)
        }
        if version == 5 {
            self.protocolName = try reader.readNullableString(compact: flexible)
        }
        self.assignment = try reader.readBytes(compact: flexible)
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        if version >= 1 {
            writer.writeInt32(self.throttleTimeMs)
        }
        writer.writeInt16(self.errorCode)
        if version == 5 {
            writer.writeNullableString(self.protocolType, compact: flexible)
        }
        if version == 5 {
            writer.writeNullableString(self.protocolName, compact: flexible)
        }
        writer.writeBytes(self.assignment, compact: flexible)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
