// Generated from Protocol/apis/023-offset-for-leader-epoch.api by `make generate`. Do not edit.

/// Request of OffsetForLeaderEpoch, key 23, versions 2 to 4.
package struct OffsetForLeaderEpochRequest: KafkaRequest {
    package typealias Response = OffsetForLeaderEpochResponse
    package static var apiKey: APIKey { .offsetForLeaderEpoch }
    package static var flexibleFrom: Int16? { 4 }
    package static var servedVersions: ClosedRange<Int16> { 2...4 }
    package static var advertisedVersions: ClosedRange<Int16> { 2...4 }

    /// Part of `OffsetForLeaderEpochRequest`.
    package struct OffsetForLeaderTopic: Sendable {
        package var topic: String = ""
        package var partitions: [OffsetForLeaderPartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.topic = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 12)
                var elements: [OffsetForLeaderPartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetForLeaderPartition(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeString(self.topic, compact: flexible)
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `OffsetForLeaderEpochRequest`.
    package struct OffsetForLeaderPartition: Sendable {
        package var partition: Int32 = 0
        package var currentLeaderEpoch: Int32 = -1
        package var leaderEpoch: Int32 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.partition = try reader.readInt32()
            self.currentLeaderEpoch = try reader.readInt32()
            self.leaderEpoch = try reader.readInt32()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeInt32(self.partition)
            writer.writeInt32(self.currentLeaderEpoch)
            writer.writeInt32(self.leaderEpoch)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Versions 3 and later.
    package var replicaID: Int32 = -2
    package var topics: [OffsetForLeaderTopic] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 2 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        if version >= 3 {
            self.replicaID = try reader.readInt32()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [OffsetForLeaderTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try OffsetForLeaderTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        if version >= 3 {
            writer.writeInt32(self.replicaID)
        }
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of OffsetForLeaderEpoch, key 23, versions 2 to 4.
package struct OffsetForLeaderEpochResponse: KafkaResponse {
    /// Part of `OffsetForLeaderEpochResponse`.
    package struct OffsetForLeaderTopicResult: Sendable {
        package var topic: String = ""
        package var partitions: [EpochEndOffset] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.topic = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 18)
                var elements: [EpochEndOffset] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try EpochEndOffset(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeString(self.topic, compact: flexible)
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `OffsetForLeaderEpochResponse`.
    package struct EpochEndOffset: Sendable {
        package var errorCode: Int16 = 0
        package var partition: Int32 = 0
        package var leaderEpoch: Int32 = -1
        package var endOffset: Int64 = -1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.errorCode = try reader.readInt16()
            self.partition = try reader.readInt32()
            self.leaderEpoch = try reader.readInt32()
            self.endOffset = try reader.readInt64()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeInt16(self.errorCode)
            writer.writeInt32(self.partition)
            writer.writeInt32(self.leaderEpoch)
            writer.writeInt64(self.endOffset)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var topics: [OffsetForLeaderTopicResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 2 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [OffsetForLeaderTopicResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try OffsetForLeaderTopicResult(from: &reader, version: version)) }
            self.topics = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
