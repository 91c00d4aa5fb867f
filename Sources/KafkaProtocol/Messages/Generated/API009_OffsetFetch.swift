// Generated from Protocol/apis/009-offset-fetch.api by `make generate`. Do not edit.

/// Request of OffsetFetch, key 9, versions 1 to 10.
package struct OffsetFetchRequest: KafkaRequest {
    package typealias Response = OffsetFetchResponse
    package static var apiKey: APIKey { .offsetFetch }
    package static var flexibleFrom: Int16? { 6 }
    package static var servedVersions: ClosedRange<Int16> { 1...10 }
    package static var advertisedVersions: ClosedRange<Int16> { 1...10 }

    /// Part of `OffsetFetchRequest`.
    package struct OffsetFetchRequestTopic: Sendable {
        package var name: String = ""
        package var partitionIndexes: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.name = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.partitionIndexes = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
            writer.writeString(self.name, compact: flexible)
            writer.writeArrayCount(self.partitionIndexes.count, compact: flexible)
            for element in self.partitionIndexes { writer.writeInt32(element) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `OffsetFetchRequest`.
    package struct OffsetFetchRequestGroup: Sendable {
        package var groupID: String = ""
        /// Versions 9 and later.
        package var memberID: String? = nil
        /// Versions 9 and later.
        package var memberEpoch: Int32 = -1
        package var topics: [OffsetFetchRequestTopics]? = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.groupID = try reader.readString(compact: flexible)
            if version >= 9 {
                self.memberID = try reader.readNullableString(compact: flexible)
            }
            if version >= 9 {
                self.memberEpoch = try reader.readInt32()
            }
            if let count = try reader.readNullableArrayCount(compact: flexible, minimumSize: 3) {
                var elements: [OffsetFetchRequestTopics] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetFetchRequestTopics(from: &reader, version: version)) }
                self.topics = elements
            } else {
                self.topics = nil
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
            writer.writeString(self.groupID, compact: flexible)
            if version >= 9 {
                writer.writeNullableString(self.memberID, compact: flexible)
            }
            if version >= 9 {
                writer.writeInt32(self.memberEpoch)
            }
            writer.writeArrayCount(self.topics?.count, compact: flexible)
            for element in self.topics ?? [] { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `OffsetFetchRequest`.
    package struct OffsetFetchRequestTopics: Sendable {
        /// Versions 1 to 9.
        package var name: String = ""
        /// Version 10 only.
        package var topicID: KafkaUUID = .zero
        package var partitionIndexes: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            if version <= 9 {
                self.name = try reader.readString(compact: flexible)
            }
            if version == 10 {
                self.topicID = try reader.readUUID()
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.partitionIndexes = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
            if version <= 9 {
                writer.writeString(self.name, compact: flexible)
            }
            if version == 10 {
                writer.writeUUID(self.topicID)
            }
            writer.writeArrayCount(self.partitionIndexes.count, compact: flexible)
            for element in self.partitionIndexes { writer.writeInt32(element) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Versions 1 to 7.
    package var groupID: String = ""
    /// Versions 1 to 7. Null only from version 2 on.
    package var topics: [OffsetFetchRequestTopic]? = []
    /// Versions 8 and later.
    package var groups: [OffsetFetchRequestGroup] = []
    /// Versions 7 and later.
    package var requireStable: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 10 else { throw .unsupportedVersion(version) }
        let flexible = version >= 6
        if version <= 7 {
            self.groupID = try reader.readString(compact: flexible)
        }
        if version <= 7 {
            if version >= 2 {
                if let count = try reader.readNullableArrayCount(compact: flexible, minimumSize: 3) {
                    var elements: [OffsetFetchRequestTopic] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try OffsetFetchRequestTopic(from: &reader, version: version)) }
                    self.topics = elements
                } else {
                    self.topics = nil
                }
            } else {
                do {
                    let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                    var elements: [OffsetFetchRequestTopic] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try OffsetFetchRequestTopic(from: &reader, version: version)) }
                    self.topics = elements
                }
            }
        }
        if version >= 8 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [OffsetFetchRequestGroup] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetFetchRequestGroup(from: &reader, version: version)) }
                self.groups = elements
            }
        }
        if version >= 7 {
            self.requireStable = try reader.readBool()
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 6
        if version <= 7 {
            writer.writeString(self.groupID, compact: flexible)
        }
        if version <= 7 {
            if version >= 2 {
                writer.writeArrayCount(self.topics?.count, compact: flexible)
                for element in self.topics ?? [] { element.encode(into: &writer, version: version) }
            } else {
                writer.writeArrayCount(self.topics?.count ?? 0, compact: flexible)
                for element in self.topics ?? [] { element.encode(into: &writer, version: version) }
            }
        }
        if version >= 8 {
            writer.writeArrayCount(self.groups.count, compact: flexible)
            for element in self.groups { element.encode(into: &writer, version: version) }
        }
        if version >= 7 {
            writer.writeBool(self.requireStable)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of OffsetFetch, key 9, versions 1 to 10.
package struct OffsetFetchResponse: KafkaResponse {
    /// Part of `OffsetFetchResponse`.
    package struct OffsetFetchResponseTopic: Sendable {
        package var name: String = ""
        package var partitions: [OffsetFetchResponsePartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.name = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 16)
                var elements: [OffsetFetchResponsePartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetFetchResponsePartition(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
            writer.writeString(self.name, compact: flexible)
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `OffsetFetchResponse`.
    package struct OffsetFetchResponsePartition: Sendable {
        package var partitionIndex: Int32 = 0
        package var committedOffset: Int64 = 0
        /// Versions 5 and later.
        package var committedLeaderEpoch: Int32 = -1
        package var metadata: String? = nil
        package var errorCode: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.partitionIndex = try reader.readInt32()
            self.committedOffset = try reader.readInt64()
            if version >= 5 {
                self.committedLeaderEpoch = try reader.readInt32()
            }
            self.metadata = try reader.readNullableString(compact: flexible)
            self.errorCode = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
            writer.writeInt32(self.partitionIndex)
            writer.writeInt64(self.committedOffset)
            if version >= 5 {
                writer.writeInt32(self.committedLeaderEpoch)
            }
            writer.writeNullableString(self.metadata, compact: flexible)
            writer.writeInt16(self.errorCode)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `OffsetFetchResponse`.
    package struct OffsetFetchResponseGroup: Sendable {
        package var groupID: String = ""
        package var topics: [OffsetFetchResponseTopics] = []
        package var errorCode: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.groupID = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [OffsetFetchResponseTopics] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetFetchResponseTopics(from: &reader, version: version)) }
                self.topics = elements
            }
            self.errorCode = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
            writer.writeString(self.groupID, compact: flexible)
            writer.writeArrayCount(self.topics.count, compact: flexible)
            for element in self.topics { element.encode(into: &writer, version: version) }
            writer.writeInt16(self.errorCode)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `OffsetFetchResponse`.
    package struct OffsetFetchResponseTopics: Sendable {
        /// Versions 1 to 9.
        package var name: String = ""
        /// Version 10 only.
        package var topicID: KafkaUUID = .zero
        package var partitions: [OffsetFetchResponsePartitions] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            if version <= 9 {
                self.name = try reader.readString(compact: flexible)
            }
            if version == 10 {
                self.topicID = try reader.readUUID()
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 20)
                var elements: [OffsetFetchResponsePartitions] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetFetchResponsePartitions(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
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

    /// Part of `OffsetFetchResponse`.
    package struct OffsetFetchResponsePartitions: Sendable {
        package var partitionIndex: Int32 = 0
        package var committedOffset: Int64 = 0
        package var committedLeaderEpoch: Int32 = -1
        package var metadata: String? = nil
        package var errorCode: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.partitionIndex = try reader.readInt32()
            self.committedOffset = try reader.readInt64()
            self.committedLeaderEpoch = try reader.readInt32()
            self.metadata = try reader.readNullableString(compact: flexible)
            self.errorCode = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
            writer.writeInt32(self.partitionIndex)
            writer.writeInt64(self.committedOffset)
            writer.writeInt32(self.committedLeaderEpoch)
            writer.writeNullableString(self.metadata, compact: flexible)
            writer.writeInt16(self.errorCode)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause. Versions 3 and later.
    package var throttleTimeMs: Int32 = 0
    /// Versions 1 to 7.
    package var topics: [OffsetFetchResponseTopic] = []
    /// Versions 2 to 7.
    package var errorCode: Int16 = 0
    /// Versions 8 and later.
    package var groups: [OffsetFetchResponseGroup] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 10 else { throw .unsupportedVersion(version) }
        let flexible = version >= 6
        if version >= 3 {
            self.throttleTimeMs = try reader.readInt32()
        }
        if version <= 7 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [OffsetFetchResponseTopic] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetFetchResponseTopic(from: &reader, version: version)) }
                self.topics = elements
            }
        }
        if version >= 2 && version <= 7 {
            self.errorCode = try reader.readInt16()
        }
        if version >= 8 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 5)
                var elements: [OffsetFetchResponseGroup] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetFetchResponseGroup(from: &reader, version: version)) }
                self.groups = elements
            }
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 6
        if version >= 3 {
            writer.writeInt32(self.throttleTimeMs)
        }
        if version <= 7 {
            writer.writeArrayCount(self.topics.count, compact: flexible)
            for element in self.topics { element.encode(into: &writer, version: version) }
        }
        if version >= 2 && version <= 7 {
            writer.writeInt16(self.errorCode)
        }
        if version >= 8 {
            writer.writeArrayCount(self.groups.count, compact: flexible)
            for element in self.groups { element.encode(into: &writer, version: version) }
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
