// Generated from Protocol/apis/011-join-group.api by `make generate`. Do not edit.

/// Request of JoinGroup, key 11, versions 0 to 9.
package struct JoinGroupRequest: KafkaRequest {
    package typealias Response = JoinGroupResponse
    package static var apiKey: APIKey { .joinGroup }
    package static var flexibleFrom: Int16? { 6 }
    package static var servedVersions: ClosedRange<Int16> { 0...9 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...9 }

    /// Part of `JoinGroupRequest`.
    package struct JoinGroupRequestProtocol: Sendable {
        package var name: String = ""
        package var metadata: [UInt8] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.name = try reader.readString(compact: flexible)
            self.metadata = try reader.readBytes(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
            writer.writeString(self.name, compact: flexible)
            writer.writeBytes(self.metadata, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var groupID: String = ""
    package var sessionTimeoutMs: Int32 = 0
    /// Versions 1 and later.
    package var rebalanceTimeoutMs: Int32 = -1
    package var memberID: String = ""
    /// Versions 5 and later.
    package var groupInstanceID: String? = nil
    package var protocolType: String = ""
    package var protocols: [JoinGroupRequestProtocol] = []
    /// Versions 8 and later.
    package var reason: String? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 9 else { throw .unsupportedVersion(version) }
        let flexible = version >= 6
        self.groupID = try reader.readString(compact: flexible)
        self.sessionTimeoutMs = try reader.readInt32()
        if version >= 1 {
            self.rebalanceTimeoutMs = try reader.readInt32()
        }
        self.memberID = try reader.readString(compact: flexible)
        if version >= 5 {
            self.groupInstanceID = try reader.readNullableString(compact: flexible)
        }
        self.protocolType = try reader.readString(compact: flexible)
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [JoinGroupRequestProtocol] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try JoinGroupRequestProtocol(from: &reader, version: version)) }
            self.protocols = elements
        }
        if version >= 8 {
            self.reason = try reader.readNullableString(compact: flexible)
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 6
        writer.writeString(self.groupID, compact: flexible)
        writer.writeInt32(self.sessionTimeoutMs)
        if version >= 1 {
            writer.writeInt32(self.rebalanceTimeoutMs)
        }
        writer.writeString(self.memberID, compact: flexible)
        if version >= 5 {
            writer.writeNullableString(self.groupInstanceID, compact: flexible)
        }
        writer.writeString(self.protocolType, compact: flexible)
        writer.writeArrayCount(self.protocols.count, compact: flexible)
        for element in self.protocols { element.encode(into: &writer, version: version) }
        if version >= 8 {
            writer.writeNullableString(self.reason, compact: flexible)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of JoinGroup, key 11, versions 0 to 9.
package struct JoinGroupResponse: KafkaResponse {
    /// Part of `JoinGroupResponse`.
    package struct JoinGroupResponseMember: Sendable {
        package var memberID: String = ""
        /// Versions 5 and later.
        package var groupInstanceID: String? = nil
        package var metadata: [UInt8] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.memberID = try reader.readString(compact: flexible)
            if version >= 5 {
                self.groupInstanceID = try reader.readNullableString(compact: flexible)
            }
            self.metadata = try reader.readBytes(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
            writer.writeString(self.memberID, compact: flexible)
            if version >= 5 {
                writer.writeNullableString(self.groupInstanceID, compact: flexible)
            }
            writer.writeBytes(self.metadata, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause. Versions 2 and later.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var generationID: Int32 = -1
    /// Versions 7 and later.
    package var protocolType: String? = nil
    /// Null only from version 7 on.
    package var protocolName: String? = nil
    package var leader: String = ""
    /// Version 9 only.
    package var skipAssignment: Bool = false
    package var memberID: String = ""
    package var members: [JoinGroupResponseMember] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 9 else { throw .unsupportedVersion(version) }
        let flexible = version >= 6
        if version >= 2 {
            self.throttleTimeMs = try reader.readInt32()
        }
        self.errorCode = try reader.readInt16()
        self.generationID = try reader.readInt32()
        if version >= 7 {
            self.protocolType = try reader.readNullableString(compact: flexible)
        }
        if version >= 7 {
            self.protocolName = try reader.readNullableString(compact: flexible)
        } else {
            self.protocolName = try reader.readString(compact: flexible)
        }
        self.leader = try reader.readString(compact: flexible)
        if version == 9 {
            self.skipAssignment = try reader.readBool()
        }
        self.memberID = try reader.readString(compact: flexible)
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
            var elements: [JoinGroupResponseMember] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try JoinGroupResponseMember(from: &reader, version: version)) }
            self.members = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 6
        if version >= 2 {
            writer.writeInt32(self.throttleTimeMs)
        }
        writer.writeInt16(self.errorCode)
        writer.writeInt32(self.generationID)
        if version >= 7 {
            writer.writeNullableString(self.protocolType, compact: flexible)
        }
        if version >= 7 {
            writer.writeNullableString(self.protocolName, compact: flexible)
        } else {
            writer.writeString(self.protocolName ?? "", compact: flexible)
        }
        writer.writeString(self.leader, compact: flexible)
        if version == 9 {
            writer.writeBool(self.skipAssignment)
        }
        writer.writeString(self.memberID, compact: flexible)
        writer.writeArrayCount(self.members.count, compact: flexible)
        for element in self.members { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
