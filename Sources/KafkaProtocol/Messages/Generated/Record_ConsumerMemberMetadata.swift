// Generated from Protocol/records/consumer-member-metadata.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct ConsumerMemberMetadata: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...3 }

    /// Part of `ConsumerMemberMetadata`.
    package struct TopicPartition: Sendable {
        package var topic: String = ""
        package var partitions: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.topic = try reader.readString(compact: false)
            do {
                let count = try reader.readArrayCount(compact: false, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.partitions = elements
            }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.topic, compact: false)
            writer.writeArrayCount(self.partitions.count, compact: false)
            for element in self.partitions { writer.writeInt32(element) }
        }
    }

    package var topics: [String] = []
    package var userData: [UInt8]? = nil
    /// Versions 1 and later.
    package var ownedPartitions: [TopicPartition] = []
    /// Versions 2 and later.
    package var generationID: Int32 = -1
    /// Version 3 only.
    package var rackID: String? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 3 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: false, minimumSize: 2)
            var elements: [String] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readString(compact: false)) }
            self.topics = elements
        }
        self.userData = try reader.readNullableBytes(compact: false)
        if version >= 1 {
            do {
                let count = try reader.readArrayCount(compact: false, minimumSize: 6)
                var elements: [TopicPartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try TopicPartition(from: &reader, version: version)) }
                self.ownedPartitions = elements
            }
        }
        if version >= 2 {
            self.generationID = try reader.readInt32()
        }
        if version == 3 {
            self.rackID = try reader.readNullableString(compact: false)
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.topics.count, compact: false)
        for element in self.topics { writer.writeString(element, compact: false) }
        writer.writeNullableBytes(self.userData, compact: false)
        if version >= 1 {
            writer.writeArrayCount(self.ownedPartitions.count, compact: false)
            for element in self.ownedPartitions { element.encode(into: &writer, version: version) }
        }
        if version >= 2 {
            writer.writeInt32(self.generationID)
        }
        if version == 3 {
            writer.writeNullableString(self.rackID, compact: false)
        }
    }
}
