// Generated from Protocol/apis/069-consumer-group-describe.api by `make generate`. Do not edit.

/// Request of ConsumerGroupDescribe, key 69, versions 0 to 1.
package struct ConsumerGroupDescribeRequest: KafkaRequest {
    package typealias Response = ConsumerGroupDescribeResponse
    package static var apiKey: APIKey { .consumerGroupDescribe }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...1 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...1 }

    package var groupIDs: [String] = []
    package var includeAuthorizedOperations: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 1)
            var elements: [String] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readString(compact: true)) }
            self.groupIDs = elements
        }
        self.includeAuthorizedOperations = try reader.readBool()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.groupIDs.count, compact: true)
        for element in self.groupIDs { writer.writeString(element, compact: true) }
        writer.writeBool(self.includeAuthorizedOperations)
        writer.writeUnsignedVarint(0)
    }
}

/// Response of ConsumerGroupDescribe, key 69, versions 0 to 1.
package struct ConsumerGroupDescribeResponse: KafkaResponse {
    /// Part of `ConsumerGroupDescribeResponse`.
    package struct DescribedGroup: Sendable {
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil
        package var groupID: String = ""
        package var groupState: String = ""
        package var groupEpoch: Int32 = 0
        package var assignmentEpoch: Int32 = 0
        package var assignorName: String = ""
        package var members: [Member] = []
        /// Bit set; default: not asked for.
        package var authorizedOperations: Int32 = -2147483648

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: true)
            self.groupID = try reader.readString(compact: true)
            self.groupState = try reader.readString(compact: true)
            self.groupEpoch = try reader.readInt32()
            self.assignmentEpoch = try reader.readInt32()
            self.assignorName = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 16)
                var elements: [Member] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try Member(from: &reader, version: version)) }
                self.members = elements
            }
            self.authorizedOperations = try reader.readInt32()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: true)
            writer.writeString(self.groupID, compact: true)
            writer.writeString(self.groupState, compact: true)
            writer.writeInt32(self.groupEpoch)
            writer.writeInt32(self.assignmentEpoch)
            writer.writeString(self.assignorName, compact: true)
            writer.writeArrayCount(self.members.count, compact: true)
            for element in self.members { element.encode(into: &writer, version: version) }
            writer.writeInt32(self.authorizedOperations)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `ConsumerGroupDescribeResponse`.
    package struct Member: Sendable {
        package var memberID: String = ""
        package var instanceID: String? = nil
        package var rackID: String? = nil
        package var memberEpoch: Int32 = 0
        package var clientID: String = ""
        package var clientHost: String = ""
        package var subscribedTopicNames: [String] = []
        package var subscribedTopicRegex: String? = nil
        package var assignment: Assignment = Assignment()
        package var targetAssignment: Assignment = Assignment()
        /// -1 unknown, 0 classic, 1 consumer. Version 1 only.
        package var memberType: Int8 = -1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.memberID = try reader.readString(compact: true)
            self.instanceID = try reader.readNullableString(compact: true)
            self.rackID = try reader.readNullableString(compact: true)
            self.memberEpoch = try reader.readInt32()
            self.clientID = try reader.readString(compact: true)
            self.clientHost = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 1)
                var elements: [String] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readString(compact: true)) }
                self.subscribedTopicNames = elements
            }
            self.subscribedTopicRegex = try reader.readNullableString(compact: true)
            self.assignment = try Assignment(from: &reader, version: version)
            self.targetAssignment = try Assignment(from: &reader, version: version)
            if version == 1 {
                self.memberType = try reader.readInt8()
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.memberID, compact: true)
            writer.writeNullableString(self.instanceID, compact: true)
            writer.writeNullableString(self.rackID, compact: true)
            writer.writeInt32(self.memberEpoch)
            writer.writeString(self.clientID, compact: true)
            writer.writeString(self.clientHost, compact: true)
            writer.writeArrayCount(self.subscribedTopicNames.count, compact: true)
            for element in self.subscribedTopicNames { writer.writeString(element, compact: true) }
            writer.writeNullableString(self.subscribedTopicRegex, compact: true)
            self.assignment.encode(into: &writer, version: version)
            self.targetAssignment.encode(into: &writer, version: version)
            if version == 1 {
                writer.writeInt8(self.memberType)
            }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `ConsumerGroupDescribeResponse`.
    package struct Assignment: Sendable {
        package var topicPartitions: [TopicPartitions] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 19)
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

    /// Part of `ConsumerGroupDescribeResponse`.
    package struct TopicPartitions: Sendable {
        package var topicID: KafkaUUID = .zero
        package var topicName: String = ""
        package var partitions: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.topicID = try reader.readUUID()
            self.topicName = try reader.readString(compact: true)
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
            writer.writeString(self.topicName, compact: true)
            writer.writeArrayCount(self.partitions.count, compact: true)
            for element in self.partitions { writer.writeInt32(element) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var groups: [DescribedGroup] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 20)
            var elements: [DescribedGroup] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DescribedGroup(from: &reader, version: version)) }
            self.groups = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.groups.count, compact: true)
        for element in self.groups { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
