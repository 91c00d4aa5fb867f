// Generated from Protocol/records/mirror-topic.record by `make generate`. Do not edit.

/// Record of type 20003 in the cluster metadata log.
package struct MirrorTopicRecord: MetadataRecord {
    package static var id: UInt32 { 20003 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var topicID: KafkaUUID = .zero
    package var linkID: KafkaUUID = .zero
    package var sourceTopicName: String = ""
    /// Zero when the source tells no ids.
    package var sourceTopicID: KafkaUUID = .zero
    /// MirrorState.
    package var state: Int8 = 0
    /// MirrorError; 0 none.
    package var error: Int8 = 0
    /// Ms since the epoch of the last change of state.
    package var stateTimeMs: Int64 = 0
    /// By partition, once stopped: what batches below say about producers no longer counts. Tagged.
    package var producerEnds: [Int64] = []
    /// By partition, while nothing is copied: the source's high watermark as last heard; -1 never. Tagged.
    package var sourceEnds: [Int64] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.topicID = try reader.readUUID()
        self.linkID = try reader.readUUID()
        self.sourceTopicName = try reader.readString(compact: true)
        self.sourceTopicID = try reader.readUUID()
        self.state = try reader.readInt8()
        self.error = try reader.readInt8()
        self.stateTimeMs = try reader.readInt64()
        var tags = try reader.readUnsignedVarint()
        while tags > 0 {
            tags -= 1
            switch try reader.readUnsignedVarint() {
            case 0:
                let outer = try reader.enterTag()
                do {
                    let count = try reader.readArrayCount(compact: true, minimumSize: 8)
                    var elements: [Int64] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try reader.readInt64()) }
                    self.producerEnds = elements
                }
                try reader.leaveTag(outer)
            case 1:
                let outer = try reader.enterTag()
                do {
                    let count = try reader.readArrayCount(compact: true, minimumSize: 8)
                    var elements: [Int64] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try reader.readInt64()) }
                    self.sourceEnds = elements
                }
                try reader.leaveTag(outer)
            default: try reader.skipTag()
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUUID(self.topicID)
        writer.writeUUID(self.linkID)
        writer.writeString(self.sourceTopicName, compact: true)
        writer.writeUUID(self.sourceTopicID)
        writer.writeInt8(self.state)
        writer.writeInt8(self.error)
        writer.writeInt64(self.stateTimeMs)
        var tags: UInt32 = 0
        let writes0 = !self.producerEnds.isEmpty
        if writes0 { tags += 1 }
        let writes1 = !self.sourceEnds.isEmpty
        if writes1 { tags += 1 }
        writer.writeUnsignedVarint(tags)
        if writes0 {
            let start = writer.beginTag(0)
            writer.writeArrayCount(self.producerEnds.count, compact: true)
            for element in self.producerEnds { writer.writeInt64(element) }
            writer.endTag(start)
        }
        if writes1 {
            let start = writer.beginTag(1)
            writer.writeArrayCount(self.sourceEnds.count, compact: true)
            for element in self.sourceEnds { writer.writeInt64(element) }
            writer.endTag(start)
        }
    }
}
