// Generated from Protocol/apis/008-offset-commit.api by `make generate`. Do not edit.

/// Request of OffsetCommit, key 8, versions 2 to 10.
package struct OffsetCommitRequest: KafkaRequest {
    package typealias Response = OffsetCommitResponse
    package static var apiKey: APIKey { .offsetCommit }
    package static var flexibleFrom: Int16? { 8 }
    package static var servedVersions: ClosedRange<Int16> { 2...10 }
    package static var advertisedVersions: ClosedRange<Int16> { 2...10 }

    /// Part of `OffsetCommitRequest`.
    package struct OffsetCommitRequestTopic: Sendable {
        /// Versions 2 to 9.
        package var name: String = ""
        /// Version 10 only.
        package var topicID: KafkaUUID = .zero
        package var partitions: [OffsetCommitRequestPartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 8
            if version <= 9 {
                self.name = try reader.readString(compact: flexible)
            }
            if version == 10 {
                self.topicID = try reader.readUUID()
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 14)
                var elements: [OffsetCommitRequestPartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetCommitRequestPartition(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 8
            if version <= 9 {
                writer.writeString(self.name, compact: flexible)
            }
            if version == 10 {
                writer.writeUUID(self.topicID)
            }
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `OffsetCommitRequest`.
    package struct OffsetCommitRequestPartition: Sendable {
        package var partitionIndex: Int32 = 0
        package var committedOffset: Int64 = 0
        /// Versions 6 and later.
        package var committedLeaderEpoch: Int32 = -1
        package var committedMetadata: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 8
            self.partitionIndex = try reader.readInt32()
            self.committedOffset = try reader.readInt64()
            if version >= 6 {
                self.committedLeaderEpoch = try reader.readInt32()
            }
            self.committedMetadata = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 8
            writer.writeInt32(self.partitionIndex)
            writer.writeInt64(self.committedOffset)
            if version >= 6 {
                writer.writeInt32(self.committedLeaderEpoch)
            }
            writer.writeNullableString(self.committedMetadata, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var groupID: String = ""
    /// Generation (classic) or member epoch (KIP-848).
    package var generationIDOrMemberEpoch: Int32 = -1
    package var memberID: String = ""
    /// Versions 7 and later.
    package var groupInstanceID: String? = nil
    /// Versions 2 to 4.
    package var retentionTimeMs: Int64 = -1
    package var topics: [OffsetCommitRequestTopic] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 2 && version <= 10 else { throw .unsupportedVersion(version) }
        let flexible = version >= 8
        self.groupID = try reader.readString(compact: flexible)
        self.generationIDOrMemberEpoch = try reader.readInt32()
        self.memberID = try reader.readString(compact: flexible)
        if version >= 7 {
            self.groupInstanceID = try reader.readNullableString(compact: flexible)
        }
        if version <= 4 {
            self.retentionTimeMs = try reader.readInt64()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [OffsetCommitRequestTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try OffsetCommitRequestTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 8
        writer.writeString(self.groupID, compact: flexible)
        writer.writeInt32(self.generationIDOrMemberEpoch)
        writer.writeString(self.memberID, compact: flexible)
        if version >= 7 {
            writer.writeNullableString(self.groupInstanceID, compact: flexible)
        }
        if version <= 4 {
            writer.writeInt64(self.retentionTimeMs)
        }
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of OffsetCommit, key 8, versions 2 to 10.
package struct OffsetCommitResponse: KafkaResponse {
    /// Part of `OffsetCommitResponse`.
    package struct OffsetCommitResponseTopic: Sendable {
        /// Versions 2 to 9.
        package var name: String = ""
        /// Version 10 only.
        package var topicID: KafkaUUID = .zero
        package var partitions: [OffsetCommitResponsePartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 8
            if version <= 9 {
                self.name = try reader.readString(compact: flexible)
            }
            if version == 10 {
                self.topicID = try reader.readUUID()
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
                var elements: [OffsetCommitResponsePartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetCommitResponsePartition(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 8
            if version <= 9 {
                writer.writeString(self.name, compact: flexible)
            }
            if version == 10 {
                writer.writeUUID(self.topicID)
            }
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `OffsetCommitResponse`.
    package struct OffsetCommitResponsePartition: Sendable {
        package var partitionIndex: Int32 = 0
        package var errorCode: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 8
            self.partitionIndex = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 8
            writer.writeInt32(self.partitionIndex)
            writer.writeInt16(self.errorCode)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause. Versions 3 and later.
    package var throttleTimeMs: Int32 = 0
    package var topics: [OffsetCommitResponseTopic] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 2 && version <= 10 else { throw .unsupportedVersion(version) }
        let flexible = version >= 8
        if version >= 3 {
            self.throttleTimeMs = try reader.readInt32()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [OffsetCommitResponseTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try OffsetCommitResponseTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 8
        if version >= 3 {
            writer.writeInt32(self.throttleTimeMs)
        }
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
