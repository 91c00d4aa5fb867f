// Generated from Protocol/records/broker-registration-change-record.record by `make generate`. Do not edit.

/// Record of type 17 in the cluster metadata log.
package struct BrokerRegistrationChangeRecord: MetadataRecord {
    package static var id: UInt32 { 17 }
    package static var versions: ClosedRange<Int16> { 0...2 }

    package var brokerID: Int32 = 0
    package var brokerEpoch: Int64 = 0
    /// 1 fence, -1 unfence, 0 unchanged. Tagged.
    package var fenced: Int8 = 0
    /// Versions 1 and later, tagged.
    package var inControlledShutdown: Int8 = 0
    /// Version 2 only, tagged.
    package var logDirs: [KafkaUUID] = []
    /// Tagged fields of other versions, kept to be written back.
    package var unknownTags = UnknownTags()

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        self.brokerID = try reader.readInt32()
        self.brokerEpoch = try reader.readInt64()
        var tags = try reader.readUnsignedVarint()
        while tags > 0 {
            tags -= 1
            let tag = try reader.readUnsignedVarint()
            switch tag {
            case 0:
                let outer = try reader.enterTag()
                self.fenced = try reader.readInt8()
                try reader.leaveTag(outer)
            case 1 where version >= 1:
                let outer = try reader.enterTag()
                self.inControlledShutdown = try reader.readInt8()
                try reader.leaveTag(outer)
            case 2 where version == 2:
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
        writer.writeInt64(self.brokerEpoch)
        var tags: UInt32 = unknownTags.count
        let writes0 = self.fenced != 0
        if writes0 { tags += 1 }
        let writes1 = version >= 1 && self.inControlledShutdown != 0
        if writes1 { tags += 1 }
        let writes2 = version == 2 && !self.logDirs.isEmpty
        if writes2 { tags += 1 }
        writer.writeUnsignedVarint(tags)
        if writes0 {
            let start = writer.beginTag(0)
            writer.writeInt8(self.fenced)
            writer.endTag(start)
        }
        if writes1 {
            let start = writer.beginTag(1)
            writer.writeInt8(self.inControlledShutdown)
            writer.endTag(start)
        }
        if writes2 {
            let start = writer.beginTag(2)
            writer.writeArrayCount(self.logDirs.count, compact: true)
            for element in self.logDirs { writer.writeUUID(element) }
            writer.endTag(start)
        }
        unknownTags.encode(into: &writer)
    }
}
