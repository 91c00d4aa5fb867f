// Generated from Protocol/apis/002-list-offsets.api by `make generate`. Do not edit.

/// Request of ListOffsets, key 2, versions 1 to 11.
package struct ListOffsetsRequest: KafkaRequest {
    package typealias Response = ListOffsetsResponse
    package static var apiKey: APIKey { .listOffsets }
    package static var flexibleFrom: Int16? { 6 }
    package static var servedVersions: ClosedRange<Int16> { 1...11 }
    package static var advertisedVersions: ClosedRange<Int16> { 1...11 }

    /// Part of `ListOffsetsRequest`.
    package struct ListOffsetsTopic: Sendable {
        package var name: String = ""
        package var partitions: [ListOffsetsPartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.name = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 12)
                var elements: [ListOffsetsPartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try ListOffsetsPartition(from: &reader, version: version)) }
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

    /// Part of `ListOffsetsRequest`.
    package struct ListOffsetsPartition: Sendable {
        package var partitionIndex: Int32 = 0
        /// Versions 4 and later.
        package var currentLeaderEpoch: Int32 = -1
        /// Ms, or -1 latest … -6; see the handler.
        package var timestamp: Int64 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.partitionIndex = try reader.readInt32()
            if version >= 4 {
                self.currentLeaderEpoch = try reader.readInt32()
            }
            self.timestamp = try reader.readInt64()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
            writer.writeInt32(self.partitionIndex)
            if version >= 4 {
                writer.writeInt32(self.currentLeaderEpoch)
            }
            writer.writeInt64(self.timestamp)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// -1 is a consumer.
    package var replicaID: Int32 = 0
    /// Versions 2 and later.
    package var isolationLevel: Int8 = 0
    package var topics: [ListOffsetsTopic] = []
    /// Versions 10 and later.
    package var timeoutMs: Int32 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 11 else { throw .unsupportedVersion(version) }
        let flexible = version >= 6
        self.replicaID = try reader.readInt32()
        if version >= 2 {
            self.isolationLevel = try reader.readInt8()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [ListOffsetsTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ListOffsetsTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        if version >= 10 {
            self.timeoutMs = try reader.readInt32()
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 6
        writer.writeInt32(self.replicaID)
        if version >= 2 {
            writer.writeInt8(self.isolationLevel)
        }
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if version >= 10 {
            writer.writeInt32(self.timeoutMs)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of ListOffsets, key 2, versions 1 to 11.
package struct ListOffsetsResponse: KafkaResponse {
    /// Part of `ListOffsetsResponse`.
    package struct ListOffsetsTopicResponse: Sendable {
        package var name: String = ""
        package var partitions: [ListOffsetsPartitionResponse] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.name = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 22)
                var elements: [ListOffsetsPartitionResponse] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try ListOffsetsPartitionResponse(from: &reader, version: version)) }
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

    /// Part of `ListOffsetsResponse`.
    package struct ListOffsetsPartitionResponse: Sendable {
        package var partitionIndex: Int32 = 0
        package var errorCode: Int16 = 0
        package var timestamp: Int64 = -1
        package var offset: Int64 = -1
        /// Versions 4 and later.
        package var leaderEpoch: Int32 = -1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 6
            self.partitionIndex = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            self.timestamp = try reader.readInt64()
            self.offset = try reader.readInt64()
            if version >= 4 {
                self.leaderEpoch = try reader.readInt32()
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 6
            writer.writeInt32(self.partitionIndex)
            writer.writeInt16(self.errorCode)
            writer.writeInt64(self.timestamp)
            writer.writeInt64(self.offset)
            if version >= 4 {
                writer.writeInt32(self.leaderEpoch)
            }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause. Versions 2 and later.
    package var throttleTimeMs: Int32 = 0
    package var topics: [ListOffsetsTopicResponse] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 11 else { throw .unsupportedVersion(version) }
        let flexible = version >= 6
        if version >= 2 {
            self.throttleTimeMs = try reader.readInt32()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [ListOffsetsTopicResponse] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ListOffsetsTopicResponse(from: &reader, version: version)) }
            self.topics = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 6
        if version >= 2 {
            writer.writeInt32(self.throttleTimeMs)
        }
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
