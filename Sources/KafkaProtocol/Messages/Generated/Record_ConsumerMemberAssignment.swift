// Generated from Protocol/records/consumer-member-assignment.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct ConsumerMemberAssignment: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...3 }

    /// Part of `ConsumerMemberAssignment`.
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

    package var assignedPartitions: [TopicPartition] = []
    package var userData: [UInt8]? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 3 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: false, minimumSize: 6)
            var elements: [TopicPartition] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicPartition(from: &reader, version: version)) }
            self.assignedPartitions = elements
        }
        self.userData = try reader.readNullableBytes(compact: false)
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.assignedPartitions.count, compact: false)
        for element in self.assignedPartitions { element.encode(into: &writer, version: version) }
        writer.writeNullableBytes(self.userData, compact: false)
    }
}
