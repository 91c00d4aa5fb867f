// Generated from Protocol/apis/046-list-partition-reassignments.api by `make generate`. Do not edit.

/// Request of ListPartitionReassignments, key 46, versions 0 to 0.
package struct ListPartitionReassignmentsRequest: KafkaRequest {
    package typealias Response = ListPartitionReassignmentsResponse
    package static var apiKey: APIKey { .listPartitionReassignments }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...0 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...0 }

    /// Part of `ListPartitionReassignmentsRequest`.
    package struct ListPartitionReassignmentsTopics: Sendable {
        package var name: String = ""
        package var partitionIndexes: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.partitionIndexes = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeArrayCount(self.partitionIndexes.count, compact: true)
            for element in self.partitionIndexes { writer.writeInt32(element) }
            writer.writeUnsignedVarint(0)
        }
    }

    package var timeoutMs: Int32 = 60000
    package var topics: [ListPartitionReassignmentsTopics]? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.timeoutMs = try reader.readInt32()
        if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 3) {
            var elements: [ListPartitionReassignmentsTopics] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ListPartitionReassignmentsTopics(from: &reader, version: version)) }
            self.topics = elements
        } else {
            self.topics = nil
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.timeoutMs)
        writer.writeArrayCount(self.topics?.count, compact: true)
        for element in self.topics ?? [] { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of ListPartitionReassignments, key 46, versions 0 to 0.
package struct ListPartitionReassignmentsResponse: KafkaResponse {
    /// Part of `ListPartitionReassignmentsResponse`.
    package struct OngoingTopicReassignment: Sendable {
        package var name: String = ""
        package var partitions: [OngoingPartitionReassignment] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 8)
                var elements: [OngoingPartitionReassignment] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OngoingPartitionReassignment(from: &reader, version: version)) }
                self.partitions = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeArrayCount(self.partitions.count, compact: true)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `ListPartitionReassignmentsResponse`.
    package struct OngoingPartitionReassignment: Sendable {
        package var partitionIndex: Int32 = 0
        package var replicas: [Int32] = []
        package var addingReplicas: [Int32] = []
        package var removingReplicas: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.partitionIndex = try reader.readInt32()
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
                self.addingReplicas = elements
            }
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.removingReplicas = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.partitionIndex)
            writer.writeArrayCount(self.replicas.count, compact: true)
            for element in self.replicas { writer.writeInt32(element) }
            writer.writeArrayCount(self.addingReplicas.count, compact: true)
            for element in self.addingReplicas { writer.writeInt32(element) }
            writer.writeArrayCount(self.removingReplicas.count, compact: true)
            for element in self.removingReplicas { writer.writeInt32(element) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var errorMessage: String? = nil
    package var topics: [OngoingTopicReassignment] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        self.errorMessage = try reader.readNullableString(compact: true)
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 3)
            var elements: [OngoingTopicReassignment] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try OngoingTopicReassignment(from: &reader, version: version)) }
            self.topics = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeNullableString(self.errorMessage, compact: true)
        writer.writeArrayCount(self.topics.count, compact: true)
        for element in self.topics { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
