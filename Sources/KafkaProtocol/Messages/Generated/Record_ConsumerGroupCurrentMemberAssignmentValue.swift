// Generated from Protocol/records/consumer-group-current-member-assignment-value.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct ConsumerGroupCurrentMemberAssignmentValue: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...0 }

    /// Part of `ConsumerGroupCurrentMemberAssignmentValue`.
    package struct TopicPartitions: Sendable {
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

    package var memberEpoch: Int32 = 0
    package var previousMemberEpoch: Int32 = 0
    package var state: Int8 = 0
    package var assignedPartitions: [TopicPartitions] = []
    package var partitionsPendingRevocation: [TopicPartitions] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.memberEpoch = try reader.readInt32()
        self.previousMemberEpoch = try reader.readInt32()
        self.state = try reader.readInt8()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 18)
            var elements: [TopicPartitions] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicPartitions(from: &reader, version: version)) }
            self.assignedPartitions = elements
        }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 18)
            var elements: [TopicPartitions] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicPartitions(from: &reader, version: version)) }
            self.partitionsPendingRevocation = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.memberEpoch)
        writer.writeInt32(self.previousMemberEpoch)
        writer.writeInt8(self.state)
        writer.writeArrayCount(self.assignedPartitions.count, compact: true)
        for element in self.assignedPartitions { element.encode(into: &writer, version: version) }
        writer.writeArrayCount(self.partitionsPendingRevocation.count, compact: true)
        for element in self.partitionsPendingRevocation { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
