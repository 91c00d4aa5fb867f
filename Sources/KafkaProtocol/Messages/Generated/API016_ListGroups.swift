// Generated from Protocol/apis/016-list-groups.api by `make generate`. Do not edit.

/// Request of ListGroups, key 16, versions 0 to 5.
package struct ListGroupsRequest: KafkaRequest {
    package typealias Response = ListGroupsResponse
    package static var apiKey: APIKey { .listGroups }
    package static var flexibleFrom: Int16? { 3 }
    package static var servedVersions: ClosedRange<Int16> { 0...5 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...5 }

    /// Versions 4 and later.
    package var statesFilter: [String] = []
    /// Version 5 only.
    package var typesFilter: [String] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        if version >= 4 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 1)
                var elements: [String] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readString(compact: flexible)) }
                self.statesFilter = elements
            }
        }
        if version == 5 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 1)
                var elements: [String] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readString(compact: flexible)) }
                self.typesFilter = elements
            }
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        if version >= 4 {
            writer.writeArrayCount(self.statesFilter.count, compact: flexible)
            for element in self.statesFilter { writer.writeString(element, compact: flexible) }
        }
        if version == 5 {
            writer.writeArrayCount(self.typesFilter.count, compact: flexible)
            for element in self.typesFilter { writer.writeString(element, compact: flexible) }
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of ListGroups, key 16, versions 0 to 5.
package struct ListGroupsResponse: KafkaResponse {
    /// Part of `ListGroupsResponse`.
    package struct ListedGroup: Sendable {
        package var groupID: String = ""
        package var protocolType: String = ""
        /// Versions 4 and later.
        package var groupState: String = ""
        /// Version 5 only.
        package var groupType: String = ""

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.groupID = try reader.readString(compact: flexible)
            self.protocolType = try reader.readString(compact: flexible)
            if version >= 4 {
                self.groupState = try reader.readString(compact: flexible)
            }
            if version == 5 {
                self.groupType = try reader.readString(compact: flexible)
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeString(self.groupID, compact: flexible)
            writer.writeString(self.protocolType, compact: flexible)
            if version >= 4 {
                writer.writeString(self.groupState, compact: flexible)
            }
            if version == 5 {
                writer.writeString(self.groupType, compact: flexible)
            }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause. Versions 1 and later.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var groups: [ListedGroup] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        if version >= 1 {
            self.throttleTimeMs = try reader.readInt32()
        }
        self.errorCode = try reader.readInt16()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [ListedGroup] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ListedGroup(from: &reader, version: version)) }
            self.groups = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        if version >= 1 {
            writer.writeInt32(self.throttleTimeMs)
        }
        writer.writeInt16(self.errorCode)
        writer.writeArrayCount(self.groups.count, compact: flexible)
        for element in self.groups { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
