// Generated from Protocol/records/register-broker-record.record by `make generate`. Do not edit.

/// Record of type 0 in the cluster metadata log.
package struct RegisterBrokerRecord: MetadataRecord {
    package static var id: UInt32 { 0 }
    package static var versions: ClosedRange<Int16> { 0...3 }

    /// Part of `RegisterBrokerRecord`.
    package struct BrokerEndpoint: Sendable {
        package var name: String = ""
        package var host: String = ""
        package var port: UInt16 = 0
        package var securityProtocol: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            self.host = try reader.readString(compact: true)
            self.port = try reader.readUInt16()
            self.securityProtocol = try reader.readInt16()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeString(self.host, compact: true)
            writer.writeUInt16(self.port)
            writer.writeInt16(self.securityProtocol)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `RegisterBrokerRecord`.
    package struct BrokerFeature: Sendable {
        package var name: String = ""
        package var minSupportedVersion: Int16 = 0
        package var maxSupportedVersion: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            self.minSupportedVersion = try reader.readInt16()
            self.maxSupportedVersion = try reader.readInt16()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeInt16(self.minSupportedVersion)
            writer.writeInt16(self.maxSupportedVersion)
            writer.writeUnsignedVarint(0)
        }
    }

    package var brokerID: Int32 = 0
    /// Versions 2 and later.
    package var isMigratingZkBroker: Bool = false
    package var incarnationID: KafkaUUID = .zero
    package var brokerEpoch: Int64 = 0
    package var endPoints: [BrokerEndpoint] = []
    package var features: [BrokerFeature] = []
    package var rack: String? = nil
    package var fenced: Bool = true
    /// Versions 1 and later.
    package var inControlledShutdown: Bool = false
    /// Version 3 only, tagged.
    package var logDirs: [KafkaUUID] = []
    /// Tagged fields of other versions, kept to be written back.
    package var unknownTags = UnknownTags()

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 3 else { throw .unsupportedVersion(version) }
        self.brokerID = try reader.readInt32()
        if version >= 2 {
            self.isMigratingZkBroker = try reader.readBool()
        }
        self.incarnationID = try reader.readUUID()
        self.brokerEpoch = try reader.readInt64()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 7)
            var elements: [BrokerEndpoint] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try BrokerEndpoint(from: &reader, version: version)) }
            self.endPoints = elements
        }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 6)
            var elements: [BrokerFeature] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try BrokerFeature(from: &reader, version: version)) }
            self.features = elements
        }
        self.rack = try reader.readNullableString(compact: true)
        self.fenced = try reader.readBool()
        if version >= 1 {
            self.inControlledShutdown = try reader.readBool()
        }
        var tags = try reader.readUnsignedVarint()
        while tags > 0 {
            tags -= 1
            let tag = try reader.readUnsignedVarint()
            switch tag {
            case 0 where version == 3:
                let outer = try reader.enterTag()
                do {
                    let count = try reader.readArrayCount(compact: true, minimumSize: 16)
                    var elements: [KafkaUUID] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try reader.readUUID()) }
                    self.logDirs = elements
                }
                try reader.leaveTag(outer)
            default: try unknownTags.keep(tag, from: &reader)
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.brokerID)
        if version >= 2 {
            writer.writeBool(self.isMigratingZkBroker)
        }
        writer.writeUUID(self.incarnationID)
        writer.writeInt64(self.brokerEpoch)
        writer.writeArrayCount(self.endPoints.count, compact: true)
        for element in self.endPoints { element.encode(into: &writer, version: version) }
        writer.writeArrayCount(self.features.count, compact: true)
        for element in self.features { element.encode(into: &writer, version: version) }
        writer.writeNullableString(self.rack, compact: true)
        writer.writeBool(self.fenced)
        if version >= 1 {
            writer.writeBool(self.inControlledShutdown)
        }
        var tags: UInt32 = unknownTags.count
        let writes0 = version == 3 && !self.logDirs.isEmpty
        if writes0 { tags += 1 }
        writer.writeUnsignedVarint(tags)
        if writes0 {
            let start = writer.beginTag(0)
            writer.writeArrayCount(self.logDirs.count, compact: true)
            for element in self.logDirs { writer.writeUUID(element) }
            writer.endTag(start)
        }
        unknownTags.encode(into: &writer)
    }
}
