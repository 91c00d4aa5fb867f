// Generated from Protocol/records/consumer-group-partition-metadata-value.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct ConsumerGroupPartitionMetadataValue: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...0 }

    /// Part of `ConsumerGroupPartitionMetadataValue`.
    package struct TopicMetadata: Sendable {
        package var topicID: KafkaUUID = .zero
        package var topicName: String = ""
        package var numPartitions: Int32 = 0
        package var partitionMetadata: [PartitionMetadata] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.topicID = try reader.readUUID()
            self.topicName = try reader.readString(compact: true)
            self.numPartitions = try reader.readInt32()
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 6)
                var elements: [PartitionMetadata] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try PartitionMetadata(from: &reader, version: version)) }
                self.partitionMetadata = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeUUID(self.topicID)
            writer.writeString(self.topicName, compact: true)
            writer.writeInt32(self.numPartitions)
            writer.writeArrayCount(self.partitionMetadata.count, compact: true)
            for element in self.partitionMetadata { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `ConsumerGroupPartitionMetadataValue`.
    package struct PartitionMetadata: Sendable {
        package var partition: Int32 = 0
        package var racks: [String] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.partition = try reader.readInt32()
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 1)
                var elements: [String] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readString(compact: true)) }
                self.racks = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.partition)
            writer.writeArrayCount(self.racks.count, compact: true)
            for element in self.racks { writer.writeString(element, compact: true) }
            writer.writeUnsignedVarint(0)
        }
    }

    package var topics: [TopicMetadata] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 23)
            var elements: [TopicMetadata] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicMetadata(from: &reader, version: version)) }
            self.topics = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.topics.count, compact: true)
        for element in self.topics { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
