// Generated from Protocol/records/consumer-group-target-assignment-member-value.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct ConsumerGroupTargetAssignmentMemberValue: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...0 }

    /// Part of `ConsumerGroupTargetAssignmentMemberValue`.
    package struct TopicPartition: Sendable {
        package var topicID: KafkaUUID = .zero
        package var partitions: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.topicID = try reader.readUUID()
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.partitions = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeUUID(self.topicID)
            writer.writeArrayCount(self.partitions.count, compact: true)
            for element in self.partitions { writer.writeInt32(element) }
            writer.writeUnsignedVarint(0)
        }
    }

    package var topicPartitions: [TopicPartition] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 18)
            var elements: [TopicPartition] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicPartition(from: &reader, version: version)) }
            self.topicPartitions = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.topicPartitions.count, compact: true)
        for element in self.topicPartitions { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
