// Generated from Protocol/records/partition-change-record.record by `make generate`. Do not edit.

/// Record of type 5 in the cluster metadata log.
package struct PartitionChangeRecord: MetadataRecord {
    package static var id: UInt32 { 5 }
    package static var versions: ClosedRange<Int16> { 0...2 }

    package var partitionID: Int32 = -1
    package var topicID: KafkaUUID = .zero
    /// Tagged.
    package var isr: [Int32]? = nil
    /// -2 unchanged, -1 no leader. Tagged.
    package var leader: Int32 = -2
    /// Tagged.
    package var replicas: [Int32]? = nil
    /// Tagged.
    package var removingReplicas: [Int32]? = nil
    /// Tagged.
    package var addingReplicas: [Int32]? = nil
    /// Tagged.
    package var leaderRecoveryState: Int8 = -1
    /// Versions 1 and later, tagged.
    package var directories: [KafkaUUID]? = nil
    /// Version 2 only, tagged.
    package var eligibleLeaderReplicas: [Int32]? = nil
    /// Version 2 only, tagged.
    package var lastKnownElr: [Int32]? = nil
    /// Tagged fields of other versions, kept to be written back.
    package var unknownTags = UnknownTags()

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        self.partitionID = try reader.readInt32()
        self.topicID = try reader.readUUID()
        var tags = try reader.readUnsignedVarint()
        while tags > 0 {
            tags -= 1
            let tag = try reader.readUnsignedVarint()
            switch tag {
            case 0:
                let outer = try reader.enterTag()
                if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 4) {
                    var elements: [Int32] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try reader.readInt32()) }
                    self.isr = elements
                } else {
                    self.isr = nil
                }
                try reader.leaveTag(outer)
            case 1:
                let outer = try reader.enterTag()
                self.leader = try reader.readInt32()
                try reader.leaveTag(outer)
            case 2:
                let outer = try reader.enterTag()
                if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 4) {
                    var elements: [Int32] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try reader.readInt32()) }
                    self.replicas = elements
                } else {
                    self.replicas = nil
                }
                try reader.leaveTag(outer)
            case 3:
                let outer = try reader.enterTag()
                if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 4) {
                    var elements: [Int32] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try reader.readInt32()) }
                    self.removingReplicas = elements
                } else {
                    self.removingReplicas = nil
                }
                try reader.leaveTag(outer)
            case 4:
                let outer = try reader.enterTag()
                if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 4) {
                    var elements: [Int32] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try reader.readInt32()) }
                    self.addingReplicas = elements
                } else {
                    self.addingReplicas = nil
                }
                try reader.leaveTag(outer)
            case 5:
                let outer = try reader.enterTag()
                self.leaderRecoveryState = try reader.readInt8()
                try reader.leaveTag(outer)
            case 8 where version >= 1:
                let outer = try reader.enterTag()
                if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 16) {
                    var elements: [KafkaUUID] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try reader.readUUID()) }
                    self.directories = elements
                } else {
                    self.directories = nil
                }
                try reader.leaveTag(outer)
            case 6 where version == 2:
                let outer = try reader.enterTag()
                if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 4) {
                    var elements: [Int32] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try reader.readInt32()) }
                    self.eligibleLeaderReplicas = elements
                } else {
                    self.eligibleLeaderReplicas = nil
                }
                try reader.leaveTag(outer)
            case 7 where version == 2:
                let outer = try reader.enterTag()
                if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 4) {
                    var elements: [Int32] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try reader.readInt32()) }
                    self.lastKnownElr = elements
                } else {
                    self.lastKnownElr = nil
                }
                try reader.leaveTag(outer)
            default: try unknownTags.keep(tag, from: &reader)
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.partitionID)
        writer.writeUUID(self.topicID)
        var tags: UInt32 = unknownTags.count
        let writes0 = self.isr != nil
        if writes0 { tags += 1 }
        let writes1 = self.leader != -2
        if writes1 { tags += 1 }
        let writes2 = self.replicas != nil
        if writes2 { tags += 1 }
        let writes3 = self.removingReplicas != nil
        if writes3 { tags += 1 }
        let writes4 = self.addingReplicas != nil
        if writes4 { tags += 1 }
        let writes5 = self.leaderRecoveryState != -1
        if writes5 { tags += 1 }
        let writes6 = version == 2 && self.eligibleLeaderReplicas != nil
        if writes6 { tags += 1 }
        let writes7 = version == 2 && self.lastKnownElr != nil
        if writes7 { tags += 1 }
        let writes8 = version >= 1 && self.directories != nil
        if writes8 { tags += 1 }
        writer.writeUnsignedVarint(tags)
        if writes0 {
            let start = writer.beginTag(0)
            writer.writeArrayCount(self.isr?.count, compact: true)
            for element in self.isr ?? [] { writer.writeInt32(element) }
            writer.endTag(start)
        }
        if writes1 {
            let start = writer.beginTag(1)
            writer.writeInt32(self.leader)
            writer.endTag(start)
        }
        if writes2 {
            let start = writer.beginTag(2)
            writer.writeArrayCount(self.replicas?.count, compact: true)
            for element in self.replicas ?? [] { writer.writeInt32(element) }
            writer.endTag(start)
        }
        if writes3 {
            let start = writer.beginTag(3)
            writer.writeArrayCount(self.removingReplicas?.count, compact: true)
            for element in self.removingReplicas ?? [] { writer.writeInt32(element) }
            writer.endTag(start)
        }
        if writes4 {
            let start = writer.beginTag(4)
            writer.writeArrayCount(self.addingReplicas?.count, compact: true)
            for element in self.addingReplicas ?? [] { writer.writeInt32(element) }
            writer.endTag(start)
        }
        if writes5 {
            let start = writer.beginTag(5)
            writer.writeInt8(self.leaderRecoveryState)
            writer.endTag(start)
        }
        if writes6 {
            let start = writer.beginTag(6)
            writer.writeArrayCount(self.eligibleLeaderReplicas?.count, compact: true)
            for element in self.eligibleLeaderReplicas ?? [] { writer.writeInt32(element) }
            writer.endTag(start)
        }
        if writes7 {
            let start = writer.beginTag(7)
            writer.writeArrayCount(self.lastKnownElr?.count, compact: true)
            for element in self.lastKnownElr ?? [] { writer.writeInt32(element) }
            writer.endTag(start)
        }
        if writes8 {
            let start = writer.beginTag(8)
            writer.writeArrayCount(self.directories?.count, compact: true)
            for element in self.directories ?? [] { writer.writeUUID(element) }
            writer.endTag(start)
        }
        unknownTags.encode(into: &writer)
    }
}
