// Generated from Protocol/apis/068-consumer-group-heartbeat.api by `make generate`. Do not edit.

/// Request of ConsumerGroupHeartbeat, key 68, versions 0 to 1.
package struct ConsumerGroupHeartbeatRequest: KafkaRequest {
    package typealias Response = ConsumerGroupHeartbeatResponse
    package static var apiKey: APIKey { .consumerGroupHeartbeat }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...1 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...1 }

    /// Part of `ConsumerGroupHeartbeatRequest`.
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

    package var groupID: String = ""
    package var memberID: String = ""
    /// 0 join, -1 leave, -2 static member leaves for a while.
    package var memberEpoch: Int32 = 0
    package var instanceID: String? = nil
    package var rackID: String? = nil
    /// -1 unchanged.
    package var rebalanceTimeoutMs: Int32 = -1
    package var subscribedTopicNames: [String]? = nil
    /// Version 1 only.
    package var subscribedTopicRegex: String? = nil
    package var serverAssignor: String? = nil
    /// Null: owned partitions unchanged.
    package var topicPartitions: [TopicPartitions]? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        self.groupID = try reader.readString(compact: true)
        self.memberID = try reader.readString(compact: true)
        self.memberEpoch = try reader.readInt32()
        self.instanceID = try reader.readNullableString(compact: true)
        self.rackID = try reader.readNullableString(compact: true)
        self.rebalanceTimeoutMs = try reader.readInt32()
        if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 1) {
            var elements: [String] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readString(compact: true)) }
            self.subscribedTopicNames = elements
        } else {
            self.subscribedTopicNames = nil
        }
        if version == 1 {
            self.subscribedTopicRegex = try reader.readNullableString(compact: true)
        }
        self.serverAssignor = try reader.readNullableString(compact: true)
        if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 18) {
            var elements: [TopicPartitions] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicPartitions(from: &reader, version: version)) }
            self.topicPartitions = elements
        } else {
            self.topicPartitions = nil
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.groupID, compact: true)
        writer.writeString(self.memberID, compact: true)
        writer.writeInt32(self.memberEpoch)
        writer.writeNullableString(self.instanceID, compact: true)
        writer.writeNullableString(self.rackID, compact: true)
        writer.writeInt32(self.rebalanceTimeoutMs)
        writer.writeArrayCount(self.subscribedTopicNames?.count, compact: true)
        for element in self.subscribedTopicNames ?? [] { writer.writeString(element, compact: true) }
        if version == 1 {
            writer.writeNullableString(self.subscribedTopicRegex, compact: true)
        }
        writer.writeNullableString(self.serverAssignor, compact: true)
        writer.writeArrayCount(self.topicPartitions?.count, compact: true)
        for element in self.topicPartitions ?? [] { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of ConsumerGroupHeartbeat, key 68, versions 0 to 1.
package struct ConsumerGroupHeartbeatResponse: KafkaResponse {
    /// Part of `ConsumerGroupHeartbeatResponse`.
    package struct Assignment: Sendable {
        package var topicPartitions: [TopicPartitions] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 18)
                var elements: [TopicPartitions] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try TopicPartitions(from: &reader, version: version)) }
                self.topicPartitions = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeArrayCount(self.topicPartitions.count, compact: true)
            for element in self.topicPartitions { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `ConsumerGroupHeartbeatResponse`.
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

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var errorMessage: String? = nil
    package var memberID: String? = nil
    package var memberEpoch: Int32 = 0
    package var heartbeatIntervalMs: Int32 = 0
    /// Null: unchanged.
    package var assignment: Assignment? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        self.errorMessage = try reader.readNullableString(compact: true)
        self.memberID = try reader.readNullableString(compact: true)
        self.memberEpoch = try reader.readInt32()
        self.heartbeatIntervalMs = try reader.readInt32()
        self.assignment = try reader.readPresence() ? try Assignment(from: &reader, version: version) : nil
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeNullableString(self.errorMessage, compact: true)
        writer.writeNullableString(self.memberID, compact: true)
        writer.writeInt32(self.memberEpoch)
        writer.writeInt32(self.heartbeatIntervalMs)
        writer.writePresence(self.assignment != nil)
        self.assignment?.encode(into: &writer, version: version)
        writer.writeUnsignedVarint(0)
    }
}
