// Generated from Protocol/records/consumer-group-member-metadata-value.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct ConsumerGroupMemberMetadataValue: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...0 }

    /// Part of `ConsumerGroupMemberMetadataValue`.
    package struct ClassicMemberMetadata: Sendable {
        package var sessionTimeoutMs: Int32 = 0
        package var supportedProtocols: [ClassicProtocol] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.sessionTimeoutMs = try reader.readInt32()
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 3)
                var elements: [ClassicProtocol] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try ClassicProtocol(from: &reader, version: version)) }
                self.supportedProtocols = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.sessionTimeoutMs)
            writer.writeArrayCount(self.supportedProtocols.count, compact: true)
            for element in self.supportedProtocols { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }

        /// Whether every field has its default: such a tagged field is not written.
        var isDefault: Bool { !(self.sessionTimeoutMs != 0 || !self.supportedProtocols.isEmpty) }
    }

    /// Part of `ConsumerGroupMemberMetadataValue`.
    package struct ClassicProtocol: Sendable {
        package var name: String = ""
        package var metadata: [UInt8] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            self.metadata = try reader.readBytes(compact: true)
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeBytes(self.metadata, compact: true)
            writer.writeUnsignedVarint(0)
        }
    }

    package var instanceID: String? = nil
    package var rackID: String? = nil
    package var clientID: String = ""
    package var clientHost: String = ""
    package var subscribedTopicNames: [String] = []
    package var subscribedTopicRegex: String? = nil
    package var rebalanceTimeoutMs: Int32 = -1
    package var serverAssignor: String? = nil
    /// Set while a classic member takes part. Tagged.
    package var classicMemberMetadata: ClassicMemberMetadata? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.instanceID = try reader.readNullableString(compact: true)
        self.rackID = try reader.readNullableString(compact: true)
        self.clientID = try reader.readString(compact: true)
        self.clientHost = try reader.readString(compact: true)
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 1)
            var elements: [String] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readString(compact: true)) }
            self.subscribedTopicNames = elements
        }
        self.subscribedTopicRegex = try reader.readNullableString(compact: true)
        self.rebalanceTimeoutMs = try reader.readInt32()
        self.serverAssignor = try reader.readNullableString(compact: true)
        var tags = try reader.readUnsignedVarint()
        while tags > 0 {
            tags -= 1
            switch try reader.readUnsignedVarint() {
            case 0:
                let outer = try reader.enterTag()
                self.classicMemberMetadata = try reader.readPresence() ? try ClassicMemberMetadata(from: &reader, version: version) : nil
                try reader.leaveTag(outer)
            default: try reader.skipTag()
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeNullableString(self.instanceID, compact: true)
        writer.writeNullableString(self.rackID, compact: true)
        writer.writeString(self.clientID, compact: true)
        writer.writeString(self.clientHost, compact: true)
        writer.writeArrayCount(self.subscribedTopicNames.count, compact: true)
        for element in self.subscribedTopicNames { writer.writeString(element, compact: true) }
        writer.writeNullableString(self.subscribedTopicRegex, compact: true)
        writer.writeInt32(self.rebalanceTimeoutMs)
        writer.writeNullableString(self.serverAssignor, compact: true)
        var tags: UInt32 = 0
        let writes0 = self.classicMemberMetadata != nil
        if writes0 { tags += 1 }
        writer.writeUnsignedVarint(tags)
        if writes0 {
            let start = writer.beginTag(0)
            writer.writePresence(self.classicMemberMetadata != nil)
            self.classicMemberMetadata?.encode(into: &writer, version: version)
            writer.endTag(start)
        }
    }
}
