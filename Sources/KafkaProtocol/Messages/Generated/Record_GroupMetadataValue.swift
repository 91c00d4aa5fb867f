// Generated from Protocol/records/group-metadata-value.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct GroupMetadataValue: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...4 }

    /// Part of `GroupMetadataValue`.
    package struct MemberMetadata: Sendable {
        package var memberID: String = ""
        /// Versions 3 and later.
        package var groupInstanceID: String? = nil
        package var clientID: String = ""
        package var clientHost: String = ""
        /// Ms. Versions 1 and later.
        package var rebalanceTimeout: Int32 = -1
        /// Ms.
        package var sessionTimeout: Int32 = 0
        package var subscription: [UInt8] = []
        package var assignment: [UInt8] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.memberID = try reader.readString(compact: flexible)
            if version >= 3 {
                self.groupInstanceID = try reader.readNullableString(compact: flexible)
            }
            self.clientID = try reader.readString(compact: flexible)
            self.clientHost = try reader.readString(compact: flexible)
            if version >= 1 {
                self.rebalanceTimeout = try reader.readInt32()
            }
            self.sessionTimeout = try reader.readInt32()
            self.subscription = try reader.readBytes(compact: flexible)
            self.assignment = try reader.readBytes(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeString(self.memberID, compact: flexible)
            if version >= 3 {
                writer.writeNullableString(self.groupInstanceID, compact: flexible)
            }
            writer.writeString(self.clientID, compact: flexible)
            writer.writeString(self.clientHost, compact: flexible)
            if version >= 1 {
                writer.writeInt32(self.rebalanceTimeout)
            }
            writer.writeInt32(self.sessionTimeout)
            writer.writeBytes(self.subscription, compact: flexible)
            writer.writeBytes(self.assignment, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var protocolType: String = ""
    package var generation: Int32 = 0
    package var `protocol`: String? = nil
    package var leader: String? = nil
    /// Versions 2 and later.
    package var currentStateTimestamp: Int64 = -1
    package var members: [MemberMetadata] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        self.protocolType = try reader.readString(compact: flexible)
        self.generation = try reader.readInt32()
        self.protocol = try reader.readNullableString(compact: flexible)
        self.leader = try reader.readNullableString(compact: flexible)
        if version >= 2 {
            self.currentStateTimestamp = try reader.readInt64()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 15)
            var elements: [MemberMetadata] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try MemberMetadata(from: &reader, version: version)) }
            self.members = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        writer.writeString(self.protocolType, compact: flexible)
        writer.writeInt32(self.generation)
        writer.writeNullableString(self.protocol, compact: flexible)
        writer.writeNullableString(self.leader, compact: flexible)
        if version >= 2 {
            writer.writeInt64(self.currentStateTimestamp)
        }
        writer.writeArrayCount(self.members.count, compact: flexible)
        for element in self.members { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
