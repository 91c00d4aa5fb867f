// Generated from Protocol/apis/013-leave-group.api by `make generate`. Do not edit.

/// Request of LeaveGroup, key 13, versions 0 to 5.
package struct LeaveGroupRequest: KafkaRequest {
    package typealias Response = LeaveGroupResponse
    package static var apiKey: APIKey { .leaveGroup }
    package static var flexibleFrom: Int16? { 4 }
    package static var servedVersions: ClosedRange<Int16> { 0...5 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...5 }

    /// Part of `LeaveGroupRequest`.
    package struct MemberIdentity: Sendable {
        package var memberID: String = ""
        package var groupInstanceID: String? = nil
        /// Version 5 only.
        package var reason: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.memberID = try reader.readString(compact: flexible)
            self.groupInstanceID = try reader.readNullableString(compact: flexible)
            if version == 5 {
                self.reason = try reader.readNullableString(compact: flexible)
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeString(self.memberID, compact: flexible)
            writer.writeNullableString(self.groupInstanceID, compact: flexible)
            if version == 5 {
                writer.writeNullableString(self.reason, compact: flexible)
            }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var groupID: String = ""
    /// Versions 0 to 2.
    package var memberID: String = ""
    /// Versions 3 and later.
    package var members: [MemberIdentity] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        self.groupID = try reader.readString(compact: flexible)
        if version <= 2 {
            self.memberID = try reader.readString(compact: flexible)
        }
        if version >= 3 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [MemberIdentity] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try MemberIdentity(from: &reader, version: version)) }
                self.members = elements
            }
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        writer.writeString(self.groupID, compact: flexible)
        if version <= 2 {
            writer.writeString(self.memberID, compact: flexible)
        }
        if version >= 3 {
            writer.writeArrayCount(self.members.count, compact: flexible)
            for element in self.members { element.encode(into: &writer, version: version) }
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of LeaveGroup, key 13, versions 0 to 5.
package struct LeaveGroupResponse: KafkaResponse {
    /// Part of `LeaveGroupResponse`.
    package struct MemberResponse: Sendable {
        package var memberID: String = ""
        package var groupInstanceID: String? = nil
        package var errorCode: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.memberID = try reader.readString(compact: flexible)
            self.groupInstanceID = try reader.readNullableString(compact: flexible)
            self.errorCode = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeString(self.memberID, compact: flexible)
            writer.writeNullableString(self.groupInstanceID, compact: flexible)
            writer.writeInt16(self.errorCode)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause. Versions 1 and later.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    /// Versions 3 and later.
    package var members: [MemberResponse] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        if version >= 1 {
            self.throttleTimeMs = try reader.readInt32()
        }
        self.errorCode = try reader.readInt16()
        if version >= 3 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 5)
                var elements: [MemberResponse] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try MemberResponse(from: &reader, version: version)) }
                self.members = elements
            }
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        if version >= 1 {
            writer.writeInt32(self.throttleTimeMs)
        }
        writer.writeInt16(self.errorCode)
        if version >= 3 {
            writer.writeArrayCount(self.members.count, compact: flexible)
            for element in self.members { element.encode(into: &writer, version: version) }
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
