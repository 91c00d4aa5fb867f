// Generated from Protocol/records/partition-record.record by `make generate`. Do not edit.

/// Record of type 3 in the cluster metadata log.
package struct PartitionRecord: MetadataRecord {
    package static var id: UInt32 { 3 }
    package static var versions: ClosedRange<Int16> { 0...2 }

    package var partitionID: Int32 = -1
    package var topicID: KafkaUUID = .zero
    package var replicas: [Int32] = []
    package var isr: [Int32] = []
    package var removingReplicas: [Int32] = []
    package var addingReplicas: [Int32] = []
    package var leader: Int32 = -1
    /// Tagged.
    package var leaderRecoveryState: Int8 = 0
    package var leaderEpoch: Int32 = -1
    package var partitionEpoch: Int32 = -1
    /// Versions 1 and later.
    package var directories: [KafkaUUID] = []
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
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 4)
            var elements: [Int32] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readInt32()) }
            self.replicas = elements
        }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 4)
            var elements: [Int32] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readInt32()) }
            self.isr = elements
        }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 4)
            var elements: [Int32] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readInt32()) }
            self.removingReplicas = elements
        }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 4)
            var elements: [Int32] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readInt32()) }
            self.addingReplicas = elements
        }
        self.leader = try reader.readInt32()
        self.leaderEpoch = try reader.readInt32()
        self.partitionEpoch = try reader.readInt32()
        if version >= 1 {
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 16)
                var elements: [KafkaUUID] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readUUID()) }
                self.directories = elements
            }
        }
        var tags = try reader.readUnsignedVarint()
        while tags > 0 {
            tags -= 1
            let tag = try reader.readUnsignedVarint()
            switch tag {
            case 0:
                let outer = try reader.enterTag()
                self.leaderRecoveryState = try reader.readInt8()
                try reader.leaveTag(outer)
            case 1 where version == 2:
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
            case 2 where version == 2:
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
        writer.writeArrayCount(self.replicas.count, compact: true)
        for element in self.replicas { writer.writeInt32(element) }
        writer.writeArrayCount(self.isr.count, compact: true)
        for element in self.isr { writer.writeInt32(element) }
        writer.writeArrayCount(self.removingReplicas.count, compact: true)
        for element in self.removingReplicas { writer.writeInt32(element) }
        writer.writeArrayCount(self.addingReplicas.count, compact: true)
        for element in self.addingReplicas { writer.writeInt32(element) }
        writer.writeInt32(self.leader)
        writer.writeInt32(self.leaderEpoch)
        writer.writeInt32(self.partitionEpoch)
        if version >= 1 {
            writer.writeArrayCount(self.directories.count, compact: true)
            for element in self.directories { writer.writeUUID(element) }
        }
        var tags: UInt32 = unknownTags.count
        let writes0 = self.leaderRecoveryState != 0
        if writes0 { tags += 1 }
        let writes1 = version == 2 && self.eligibleLeaderReplicas != nil
        if writes1 { tags += 1 }
        let writes2 = version == 2 && self.lastKnownElr != nil
        if writes2 { tags += 1 }
        writer.writeUnsignedVarint(tags)
        if writes0 {
            let start = writer.beginTag(0)
            writer.writeInt8(self.leaderRecoveryState)
            writer.endTag(start)
        }
        if writes1 {
            let start = writer.beginTag(1)
            writer.writeArrayCount(self.eligibleLeaderReplicas?.count, compact: true)
            for element in self.eligibleLeaderReplicas ?? [] { writer.writeInt32(element) }
            writer.endTag(start)
        }
        if writes2 {
            let start = writer.beginTag(2)
            writer.writeArrayCount(self.lastKnownElr?.count, compact: true)
            for element in self.lastKnownElr ?? [] { writer.writeInt32(element) }
            writer.endTag(start)
        }
        unknownTags.encode(into: &writer)
    }
}
