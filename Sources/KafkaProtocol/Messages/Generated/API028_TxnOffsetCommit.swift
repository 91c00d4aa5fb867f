// Generated from Protocol/apis/028-txn-offset-commit.api by `make generate`. Do not edit.

/// Request of TxnOffsetCommit, key 28, versions 0 to 5.
package struct TxnOffsetCommitRequest: KafkaRequest {
    package typealias Response = TxnOffsetCommitResponse
    package static var apiKey: APIKey { .txnOffsetCommit }
    package static var flexibleFrom: Int16? { 3 }
    package static var servedVersions: ClosedRange<Int16> { 0...5 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...5 }

    /// Part of `TxnOffsetCommitRequest`.
    package struct TxnOffsetCommitRequestTopic: Sendable {
        package var name: String = ""
        package var partitions: [TxnOffsetCommitRequestPartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.name = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 14)
                var elements: [TxnOffsetCommitRequestPartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try TxnOffsetCommitRequestPartition(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeString(self.name, compact: flexible)
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `TxnOffsetCommitRequest`.
    package struct TxnOffsetCommitRequestPartition: Sendable {
        package var partitionIndex: Int32 = 0
        package var committedOffset: Int64 = 0
        /// Versions 2 and later.
        package var committedLeaderEpoch: Int32 = -1
        package var committedMetadata: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.partitionIndex = try reader.readInt32()
            self.committedOffset = try reader.readInt64()
            if version >= 2 {
                self.committedLeaderEpoch = try reader.readInt32()
            }
            self.committedMetadata = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeInt32(self.partitionIndex)
            writer.writeInt64(self.committedOffset)
            if version >= 2 {
                writer.writeInt32(self.committedLeaderEpoch)
            }
            writer.writeNullableString(self.committedMetadata, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var transactionalID: String = ""
    package var groupID: String = ""
    package var producerID: Int64 = 0
    package var producerEpoch: Int16 = 0
    /// Versions 3 and later.
    package var generationID: Int32 = -1
    /// Versions 3 and later.
    package var memberID: String = ""
    /// Versions 3 and later.
    package var groupInstanceID: String? = nil
    package var topics: [TxnOffsetCommitRequestTopic] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        self.transactionalID = try reader.readString(compact: flexible)
        self.groupID = try reader.readString(compact: flexible)
        self.producerID = try reader.readInt64()
        self.producerEpoch = try reader.readInt16()
        if version >= 3 {
            self.generationID = try reader.readInt32()
        }
        if version >= 3 {
            self.memberID = try reader.readString(compact: flexible)
        }
        if version >= 3 {
            self.groupInstanceID = try reader.readNullableString(compact: flexible)
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [TxnOffsetCommitRequestTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TxnOffsetCommitRequestTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        writer.writeString(self.transactionalID, compact: flexible)
        writer.writeString(self.groupID, compact: flexible)
        writer.writeInt64(self.producerID)
        writer.writeInt16(self.producerEpoch)
        if version >= 3 {
            writer.writeInt32(self.generationID)
        }
        if version >= 3 {
            writer.writeString(self.memberID, compact: flexible)
        }
        if version >= 3 {
            writer.writeNullableString(self.groupInstanceID, compact: flexible)
        }
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of TxnOffsetCommit, key 28, versions 0 to 5.
package struct TxnOffsetCommitResponse: KafkaResponse {
    /// Part of `TxnOffsetCommitResponse`.
    package struct TxnOffsetCommitResponseTopic: Sendable {
        package var name: String = ""
        package var partitions: [TxnOffsetCommitResponsePartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.name = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
                var elements: [TxnOffsetCommitResponsePartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try TxnOffsetCommitResponsePartition(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeString(self.name, compact: flexible)
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `TxnOffsetCommitResponse`.
    package struct TxnOffsetCommitResponsePartition: Sendable {
        package var partitionIndex: Int32 = 0
        package var errorCode: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.partitionIndex = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeInt32(self.partitionIndex)
            writer.writeInt16(self.errorCode)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var topics: [TxnOffsetCommitResponseTopic] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [TxnOffsetCommitResponseTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TxnOffsetCommitResponseTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
