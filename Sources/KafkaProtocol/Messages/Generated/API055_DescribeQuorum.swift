// Generated from Protocol/apis/055-describe-quorum.api by `make generate`. Do not edit.

/// Request of DescribeQuorum, key 55, versions 0 to 2.
package struct DescribeQuorumRequest: KafkaRequest {
    package typealias Response = DescribeQuorumResponse
    package static var apiKey: APIKey { .describeQuorum }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...2 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...2 }

    /// Part of `DescribeQuorumRequest`.
    package struct TopicData: Sendable {
        package var topicName: String = ""
        package var partitions: [PartitionData] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.topicName = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 5)
                var elements: [PartitionData] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try PartitionData(from: &reader, version: version)) }
                self.partitions = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.topicName, compact: true)
            writer.writeArrayCount(self.partitions.count, compact: true)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `DescribeQuorumRequest`.
    package struct PartitionData: Sendable {
        package var partitionIndex: Int32 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.partitionIndex = try reader.readInt32()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.partitionIndex)
            writer.writeUnsignedVarint(0)
        }
    }

    package var topics: [TopicData] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 3)
            var elements: [TopicData] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicData(from: &reader, version: version)) }
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

/// Response of DescribeQuorum, key 55, versions 0 to 2.
package struct DescribeQuorumResponse: KafkaResponse {
    /// Part of `DescribeQuorumResponse`.
    package struct TopicData: Sendable {
        package var topicName: String = ""
        package var partitions: [PartitionData] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.topicName = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 25)
                var elements: [PartitionData] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try PartitionData(from: &reader, version: version)) }
                self.partitions = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.topicName, compact: true)
            writer.writeArrayCount(self.partitions.count, compact: true)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `DescribeQuorumResponse`.
    package struct PartitionData: Sendable {
        package var partitionIndex: Int32 = 0
        package var errorCode: Int16 = 0
        /// Version 2 only.
        package var errorMessage: String? = nil
        package var leaderID: Int32 = 0
        package var leaderEpoch: Int32 = 0
        package var highWatermark: Int64 = 0
        package var currentVoters: [ReplicaState] = []
        package var observers: [ReplicaState] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.partitionIndex = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            if version == 2 {
                self.errorMessage = try reader.readNullableString(compact: true)
            }
            self.leaderID = try reader.readInt32()
            self.leaderEpoch = try reader.readInt32()
            self.highWatermark = try reader.readInt64()
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 13)
                var elements: [ReplicaState] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try ReplicaState(from: &reader, version: version)) }
                self.currentVoters = elements
            }
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 13)
                var elements: [ReplicaState] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try ReplicaState(from: &reader, version: version)) }
                self.observers = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.partitionIndex)
            writer.writeInt16(self.errorCode)
            if version == 2 {
                writer.writeNullableString(self.errorMessage, compact: true)
            }
            writer.writeInt32(self.leaderID)
            writer.writeInt32(self.leaderEpoch)
            writer.writeInt64(self.highWatermark)
            writer.writeArrayCount(self.currentVoters.count, compact: true)
            for element in self.currentVoters { element.encode(into: &writer, version: version) }
            writer.writeArrayCount(self.observers.count, compact: true)
            for element in self.observers { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `DescribeQuorumResponse`.
    package struct ReplicaState: Sendable {
        package var replicaID: Int32 = 0
        /// Version 2 only.
        package var replicaDirectoryID: KafkaUUID = .zero
        package var logEndOffset: Int64 = 0
        /// Versions 1 and later.
        package var lastFetchTimestamp: Int64 = -1
        /// Versions 1 and later.
        package var lastCaughtUpTimestamp: Int64 = -1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.replicaID = try reader.readInt32()
            if version == 2 {
                self.replicaDirectoryID = try reader.readUUID()
            }
            self.logEndOffset = try reader.readInt64()
            if version >= 1 {
                self.lastFetchTimestamp = try reader.readInt64()
            }
            if version >= 1 {
                self.lastCaughtUpTimestamp = try reader.readInt64()
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.replicaID)
            if version == 2 {
                writer.writeUUID(self.replicaDirectoryID)
            }
            writer.writeInt64(self.logEndOffset)
            if version >= 1 {
                writer.writeInt64(self.lastFetchTimestamp)
            }
            if version >= 1 {
                writer.writeInt64(self.lastCaughtUpTimestamp)
            }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `DescribeQuorumResponse`.
    package struct Node: Sendable {
        package var nodeID: Int32 = 0
        package var listeners: [Listener] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.nodeID = try reader.readInt32()
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 5)
                var elements: [Listener] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try Listener(from: &reader, version: version)) }
                self.listeners = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.nodeID)
            writer.writeArrayCount(self.listeners.count, compact: true)
            for element in self.listeners { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `DescribeQuorumResponse`.
    package struct Listener: Sendable {
        package var name: String = ""
        package var host: String = ""
        package var port: UInt16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            self.host = try reader.readString(compact: true)
            self.port = try reader.readUInt16()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeString(self.host, compact: true)
            writer.writeUInt16(self.port)
            writer.writeUnsignedVarint(0)
        }
    }

    package var errorCode: Int16 = 0
    /// Version 2 only.
    package var errorMessage: String? = nil
    package var topics: [TopicData] = []
    /// Version 2 only.
    package var nodes: [Node] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        self.errorCode = try reader.readInt16()
        if version == 2 {
            self.errorMessage = try reader.readNullableString(compact: true)
        }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 3)
            var elements: [TopicData] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicData(from: &reader, version: version)) }
            self.topics = elements
        }
        if version == 2 {
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 6)
                var elements: [Node] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try Node(from: &reader, version: version)) }
                self.nodes = elements
            }
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt16(self.errorCode)
        if version == 2 {
            writer.writeNullableString(self.errorMessage, compact: true)
        }
        writer.writeArrayCount(self.topics.count, compact: true)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if version == 2 {
            writer.writeArrayCount(self.nodes.count, compact: true)
            for element in self.nodes { element.encode(into: &writer, version: version) }
        }
        writer.writeUnsignedVarint(0)
    }
}
