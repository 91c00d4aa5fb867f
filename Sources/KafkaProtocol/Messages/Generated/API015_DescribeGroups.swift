// Generated from Protocol/apis/015-describe-groups.api by `make generate`. Do not edit.

/// Request of DescribeGroups, key 15, versions 0 to 6.
package struct DescribeGroupsRequest: KafkaRequest {
    package typealias Response = DescribeGroupsResponse
    package static var apiKey: APIKey { .describeGroups }
    package static var flexibleFrom: Int16? { 5 }
    package static var servedVersions: ClosedRange<Int16> { 0...6 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...6 }

    package var groups: [String] = []
    /// Versions 3 and later.
    package var includeAuthorizedOperations: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 6 else { throw .unsupportedVersion(version) }
        let flexible = version >= 5
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 1)
            var elements: [String] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readString(compact: flexible)) }
            self.groups = elements
        }
        if version >= 3 {
            self.includeAuthorizedOperations = try reader.readBool()
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 5
        writer.writeArrayCount(self.groups.count, compact: flexible)
        for element in self.groups { writer.writeString(element, compact: flexible) }
        if version >= 3 {
            writer.writeBool(self.includeAuthorizedOperations)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of DescribeGroups, key 15, versions 0 to 6.
package struct DescribeGroupsResponse: KafkaResponse {
    /// Part of `DescribeGroupsResponse`.
    package struct DescribedGroup: Sendable {
        package var errorCode: Int16 = 0
        /// Version 6 only.
        package var errorMessage: String? = nil
        package var groupID: String = ""
        package var groupState: String = ""
        package var protocolType: String = ""
        package var protocolData: String = ""
        package var members: [DescribedGroupMember] = []
        /// Bit set; default: not asked for. Versions 3 and later.
        package var authorizedOperations: Int32 = -2147483648

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 5
            self.errorCode = try reader.readInt16()
            if version == 6 {
                self.errorMessage = try reader.readNullableString(compact: flexible)
            }
            self.groupID = try reader.readString(compact: flexible)
            self.groupState = try reader.readString(compact: flexible)
            self.protocolType = try reader.readString(compact: flexible)
            self.protocolData = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 7)
                var elements: [DescribedGroupMember] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try DescribedGroupMember(from: &reader, version: version)) }
                self.members = elements
            }
            if version >= 3 {
                self.authorizedOperations = try reader.readInt32()
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 5
            writer.writeInt16(self.errorCode)
            if version == 6 {
                writer.writeNullableString(self.errorMessage, compact: flexible)
            }
            writer.writeString(self.groupID, compact: flexible)
            writer.writeString(self.groupState, compact: flexible)
            writer.writeString(self.protocolType, compact: flexible)
            writer.writeString(self.protocolData, compact: flexible)
            writer.writeArrayCount(self.members.count, compact: flexible)
            for element in self.members { element.encode(into: &writer, version: version) }
            if version >= 3 {
                writer.writeInt32(self.authorizedOperations)
            }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `DescribeGroupsResponse`.
    package struct DescribedGroupMember: Sendable {
        package var memberID: String = ""
        /// Versions 4 and later.
        package var groupInstanceID: String? = nil
        package var clientID: String = ""
        package var clientHost: String = ""
        package var memberMetadata: [UInt8] = []
        package var memberAssignment: [UInt8] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 5
            self.memberID = try reader.readString(compact: flexible)
            if version >= 4 {
                self.groupInstanceID = try reader.readNullableString(compact: flexible)
            }
            self.clientID = try reader.readString(compact: flexible)
            self.clientHost = try reader.readString(compact: flexible)
            self.memberMetadata = try reader.readBytes(compact: flexible)
            self.memberAssignment = try reader.readBytes(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 5
            writer.writeString(self.memberID, compact: flexible)
            if version >= 4 {
                writer.writeNullableString(self.groupInstanceID, compact: flexible)
            }
            writer.writeString(self.clientID, compact: flexible)
            writer.writeString(self.clientHost, compact: flexible)
            writer.writeBytes(self.memberMetadata, compact: flexible)
            writer.writeBytes(self.memberAssignment, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause. Versions 1 and later.
    package var throttleTimeMs: Int32 = 0
    package var groups: [DescribedGroup] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 6 else { throw .unsupportedVersion(version) }
        let flexible = version >= 5
        if version >= 1 {
            self.throttleTimeMs = try reader.readInt32()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 12)
            var elements: [DescribedGroup] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DescribedGroup(from: &reader, version: version)) }
            self.groups = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 5
        if version >= 1 {
            writer.writeInt32(self.throttleTimeMs)
        }
        writer.writeArrayCount(self.groups.count, compact: flexible)
        for element in self.groups { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
