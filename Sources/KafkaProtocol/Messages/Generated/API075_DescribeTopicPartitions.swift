// Generated from Protocol/apis/075-describe-topic-partitions.api by `make generate`. Do not edit.

/// Request of DescribeTopicPartitions, key 75, versions 0 to 0.
package struct DescribeTopicPartitionsRequest: KafkaRequest {
    package typealias Response = DescribeTopicPartitionsResponse
    package static var apiKey: APIKey { .describeTopicPartitions }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...0 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...0 }

    /// Part of `DescribeTopicPartitionsRequest`.
    package struct TopicRequest: Sendable {
        package var name: String = ""

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `DescribeTopicPartitionsRequest`.
    package struct Cursor: Sendable {
        package var topicName: String = ""
        package var partitionIndex: Int32 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.topicName = try reader.readString(compact: true)
            self.partitionIndex = try reader.readInt32()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.topicName, compact: true)
            writer.writeInt32(self.partitionIndex)
            writer.writeUnsignedVarint(0)
        }
    }

    package var topics: [TopicRequest] = []
    package var responsePartitionLimit: Int32 = 2000
    package var cursor: Cursor? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 2)
            var elements: [TopicRequest] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicRequest(from: &reader, version: version)) }
            self.topics = elements
        }
        self.responsePartitionLimit = try reader.readInt32()
        self.cursor = try reader.readPresence() ? try Cursor(from: &reader, version: version) : nil
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.topics.count, compact: true)
        for element in self.topics { element.encode(into: &writer, version: version) }
        writer.writeInt32(self.responsePartitionLimit)
        writer.writePresence(self.cursor != nil)
        self.cursor?.encode(into: &writer, version: version)
        writer.writeUnsignedVarint(0)
    }
}

/// Response of DescribeTopicPartitions, key 75, versions 0 to 0.
package struct DescribeTopicPartitionsResponse: KafkaResponse {
    /// Part of `DescribeTopicPartitionsResponse`.
    package struct DescribeTopicPartitionsResponseTopic: Sendable {
        package var errorCode: Int16 = 0
        package var name: String? = nil
        package var topicID: KafkaUUID = .zero
        package var isInternal: Bool = false
        package var partitions: [DescribeTopicPartitionsResponsePartition] = []
        /// Bit set; default: not asked for.
        package var topicAuthorizedOperations: Int32 = -2147483648

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.errorCode = try reader.readInt16()
            self.name = try reader.readNullableString(compact: true)
            self.topicID = try reader.readUUID()
            self.isInternal = try reader.readBool()
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 20)
                var elements: [DescribeTopicPartitionsResponsePartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try DescribeTopicPartitionsResponsePartition(from: &reader, version: version)) }
                self.partitions = elements
            }
            self.topicAuthorizedOperations = try reader.readInt32()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.name, compact: true)
            writer.writeUUID(self.topicID)
            writer.writeBool(self.isInternal)
            writer.writeArrayCount(self.partitions.count, compact: true)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            writer.writeInt32(self.topicAuthorizedOperations)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `DescribeTopicPartitionsResponse`.
    package struct DescribeTopicPartitionsResponsePartition: Sendable {
        package var errorCode: Int16 = 0
        package var partitionIndex: Int32 = 0
        package var leaderID: Int32 = 0
        package var leaderEpoch: Int32 = -1
        package var replicaNodes: [Int32] = []
        package var isrNodes: [Int32] = []
        package var eligibleLeaderReplicas: [Int32]? = nil
        package var lastKnownElr: [Int32]? = nil
        package var offlineReplicas: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.errorCode = try reader.readInt16()
            self.partitionIndex = try reader.readInt32()
            self.leaderID = try reader.readInt32()
            self.leaderEpoch = try reader.readInt32()
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.replicaNodes = elements
            }
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.isrNodes = elements
            }
            if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 4) {
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.eligibleLeaderReplicas = elements
            } else {
                self.eligibleLeaderReplicas = nil
            }
            if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 4) {
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.lastKnownElr = elements
            } else {
                self.lastKnownElr = nil
            }
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.offlineReplicas = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt16(self.errorCode)
            writer.writeInt32(self.partitionIndex)
            writer.writeInt32(self.leaderID)
            writer.writeInt32(self.leaderEpoch)
            writer.writeArrayCount(self.replicaNodes.count, compact: true)
            for element in self.replicaNodes { writer.writeInt32(element) }
            writer.writeArrayCount(self.isrNodes.count, compact: true)
            for element in self.isrNodes { writer.writeInt32(element) }
            writer.writeArrayCount(self.eligibleLeaderReplicas?.count, compact: true)
            for element in self.eligibleLeaderReplicas ?? [] { writer.writeInt32(element) }
            writer.writeArrayCount(self.lastKnownElr?.count, compact: true)
            for element in self.lastKnownElr ?? [] { writer.writeInt32(element) }
            writer.writeArrayCount(self.offlineReplicas.count, compact: true)
            for element in self.offlineReplicas { writer.writeInt32(element) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `DescribeTopicPartitionsResponse`.
    package struct Cursor: Sendable {
        package var topicName: String = ""
        package var partitionIndex: Int32 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.topicName = try reader.readString(compact: true)
            self.partitionIndex = try reader.readInt32()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.topicName, compact: true)
            writer.writeInt32(self.partitionIndex)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var topics: [DescribeTopicPartitionsResponseTopic] = []
    package var nextCursor: Cursor? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 26)
            var elements: [DescribeTopicPartitionsResponseTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DescribeTopicPartitionsResponseTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        self.nextCursor = try reader.readPresence() ? try Cursor(from: &reader, version: version) : nil
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.topics.count, compact: true)
        for element in self.topics { element.encode(into: &writer, version: version) }
        writer.writePresence(self.nextCursor != nil)
        self.nextCursor?.encode(into: &writer, version: version)
        writer.writeUnsignedVarint(0)
    }
}
