// Generated from Protocol/apis/000-produce.api by `make generate`. Do not edit.

/// Request of Produce, key 0, versions 3 to 13.
package struct ProduceRequest: KafkaRequest {
    package typealias Response = ProduceResponse
    package static var apiKey: APIKey { .produce }
    package static var flexibleFrom: Int16? { 9 }
    package static var servedVersions: ClosedRange<Int16> { 3...13 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...13 }

    /// Part of `ProduceRequest`.
    package struct TopicProduceData: Sendable {
        /// Versions 3 to 12.
        package var name: String = ""
        /// Version 13 only.
        package var topicID: KafkaUUID = .zero
        package var partitionData: [PartitionProduceData] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 9
            if version <= 12 {
                self.name = try reader.readString(compact: flexible)
            }
            if version == 13 {
                self.topicID = try reader.readUUID()
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
                var elements: [PartitionProduceData] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try PartitionProduceData(from: &reader, version: version)) }
                self.partitionData = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 9
            if version <= 12 {
                writer.writeString(self.name, compact: flexible)
            }
            if version == 13 {
                writer.writeUUID(self.topicID)
            }
            writer.writeArrayCount(self.partitionData.count, compact: flexible)
            for element in self.partitionData { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `ProduceRequest`.
    package struct PartitionProduceData: Sendable {
        package var index: Int32 = 0
        package var records: RecordBytes? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 9
            self.index = try reader.readInt32()
            self.records = try reader.readRecords(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 9
            writer.writeInt32(self.index)
            writer.writeRecords(self.records, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Null outside a transaction.
    package var transactionalID: String? = nil
    /// -1 all in-sync replicas, 0 no answer at all, 1 leader only.
    package var acks: Int16 = 0
    package var timeoutMs: Int32 = 0
    package var topicData: [TopicProduceData] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 3 && version <= 13 else { throw .unsupportedVersion(version) }
        let flexible = version >= 9
        self.transactionalID = try reader.readNullableString(compact: flexible)
        self.acks = try reader.readInt16()
        self.timeoutMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [TopicProduceData] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicProduceData(from: &reader, version: version)) }
            self.topicData = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 9
        writer.writeNullableString(self.transactionalID, compact: flexible)
        writer.writeInt16(self.acks)
        writer.writeInt32(self.timeoutMs)
        writer.writeArrayCount(self.topicData.count, compact: flexible)
        for element in self.topicData { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of Produce, key 0, versions 3 to 13.
package struct ProduceResponse: KafkaResponse {
    /// Part of `ProduceResponse`.
    package struct TopicProduceResponse: Sendable {
        /// Versions 3 to 12.
        package var name: String = ""
        /// Version 13 only.
        package var topicID: KafkaUUID = .zero
        package var partitionResponses: [PartitionProduceResponse] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 9
            if version <= 12 {
                self.name = try reader.readString(compact: flexible)
            }
            if version == 13 {
                self.topicID = try reader.readUUID()
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 22)
                var elements: [PartitionProduceResponse] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try PartitionProduceResponse(from: &reader, version: version)) }
                self.partitionResponses = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 9
            if version <= 12 {
                writer.writeString(self.name, compact: flexible)
            }
            if version == 13 {
                writer.writeUUID(self.topicID)
            }
            writer.writeArrayCount(self.partitionResponses.count, compact: flexible)
            for element in self.partitionResponses { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `ProduceResponse`.
    package struct PartitionProduceResponse: Sendable {
        package var index: Int32 = 0
        package var errorCode: Int16 = 0
        /// -1 when the partition failed.
        package var baseOffset: Int64 = 0
        /// -1 unless the topic stamps append time.
        package var logAppendTimeMs: Int64 = -1
        /// Versions 5 and later.
        package var logStartOffset: Int64 = -1
        /// Versions 8 and later.
        package var recordErrors: [BatchIndexAndErrorMessage] = []
        /// Versions 8 and later.
        package var errorMessage: String? = nil
        /// Versions 10 and later, tagged.
        package var currentLeader: LeaderIdAndEpoch = LeaderIdAndEpoch()
        /// Tagged fields of other versions, kept to be written back.
        package var unknownTags = UnknownTags()

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 9
            self.index = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            self.baseOffset = try reader.readInt64()
            self.logAppendTimeMs = try reader.readInt64()
            if version >= 5 {
                self.logStartOffset = try reader.readInt64()
            }
            if version >= 8 {
                do {
                    let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
                    var elements: [BatchIndexAndErrorMessage] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try BatchIndexAndErrorMessage(from: &reader, version: version)) }
                    self.recordErrors = elements
                }
            }
            if version >= 8 {
                self.errorMessage = try reader.readNullableString(compact: flexible)
            }
            if flexible {
                var tags = try reader.readUnsignedVarint()
                while tags > 0 {
                    tags -= 1
                    let tag = try reader.readUnsignedVarint()
                    switch tag {
                    case 0 where version >= 10:
                        let outer = try reader.enterTag()
                        self.currentLeader = try LeaderIdAndEpoch(from: &reader, version: version)
                        try reader.leaveTag(outer)
                    default: try unknownTags.keep(tag, from: &reader)
                    }
                }
            }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 9
            writer.writeInt32(self.index)
            writer.writeInt16(self.errorCode)
            writer.writeInt64(self.baseOffset)
            writer.writeInt64(self.logAppendTimeMs)
            if version >= 5 {
                writer.writeInt64(self.logStartOffset)
            }
            if version >= 8 {
                writer.writeArrayCount(self.recordErrors.count, compact: flexible)
                for element in self.recordErrors { element.encode(into: &writer, version: version) }
            }
            if version >= 8 {
                writer.writeNullableString(self.errorMessage, compact: flexible)
            }
            if flexible {
                var tags: UInt32 = unknownTags.count
                let writes0 = version >= 10 && !self.currentLeader.isDefault
                if writes0 { tags += 1 }
                writer.writeUnsignedVarint(tags)
                if writes0 {
                    let start = writer.beginTag(0)
                    self.currentLeader.encode(into: &writer, version: version)
                    writer.endTag(start)
                }
                unknownTags.encode(into: &writer)
            }
        }
    }

    /// Part of `ProduceResponse`.
    package struct BatchIndexAndErrorMessage: Sendable {
        package var batchIndex: Int32 = 0
        package var batchIndexErrorMessage: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 9
            self.batchIndex = try reader.readInt32()
            self.batchIndexErrorMessage = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 9
            writer.writeInt32(self.batchIndex)
            writer.writeNullableString(self.batchIndexErrorMessage, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `ProduceResponse`.
    package struct LeaderIdAndEpoch: Sendable {
        package var leaderID: Int32 = -1
        package var leaderEpoch: Int32 = -1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 9
            self.leaderID = try reader.readInt32()
            self.leaderEpoch = try reader.readInt32()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 9
            writer.writeInt32(self.leaderID)
            writer.writeInt32(self.leaderEpoch)
            if flexible { writer.writeUnsignedVarint(0) }
        }

        /// Whether every field has its default: such a tagged field is not written.
        var isDefault: Bool { !(self.leaderID != -1 || self.leaderEpoch != -1) }
    }

    /// Part of `ProduceResponse`.
    package struct NodeEndpoint: Sendable {
        package var nodeID: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var rack: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 9
            self.nodeID = try reader.readInt32()
            self.host = try reader.readString(compact: flexible)
            self.port = try reader.readInt32()
            self.rack = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 9
            writer.writeInt32(self.nodeID)
            writer.writeString(self.host, compact: flexible)
            writer.writeInt32(self.port)
            writer.writeNullableString(self.rack, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var responses: [TopicProduceResponse] = []
    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    /// Where the leaders named above listen (KIP-951). Versions 10 and later, tagged.
    package var nodeEndpoints: [NodeEndpoint] = []
    /// Tagged fields of other versions, kept to be written back.
    package var unknownTags = UnknownTags()

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 3 && version <= 13 else { throw .unsupportedVersion(version) }
        let flexible = version >= 9
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [TopicProduceResponse] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicProduceResponse(from: &reader, version: version)) }
            self.responses = elements
        }
        self.throttleTimeMs = try reader.readInt32()
        if flexible {
            var tags = try reader.readUnsignedVarint()
            while tags > 0 {
                tags -= 1
                let tag = try reader.readUnsignedVarint()
                switch tag {
                case 0 where version >= 10:
                    let outer = try reader.enterTag()
                    do {
                        let count = try reader.readArrayCount(compact: flexible, minimumSize: 11)
                        var elements: [NodeEndpoint] = []
                        elements.reserveCapacity(min(count, WireReader.reservationLimit))
                        for _ in 0..<count { elements.append(try NodeEndpoint(from: &reader, version: version)) }
                        self.nodeEndpoints = elements
                    }
                    try reader.leaveTag(outer)
                default: try unknownTags.keep(tag, from: &reader)
                }
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 9
        writer.writeArrayCount(self.responses.count, compact: flexible)
        for element in self.responses { element.encode(into: &writer, version: version) }
        writer.writeInt32(self.throttleTimeMs)
        if flexible {
            var tags: UInt32 = unknownTags.count
            let writes0 = version >= 10 && !self.nodeEndpoints.isEmpty
            if writes0 { tags += 1 }
            writer.writeUnsignedVarint(tags)
            if writes0 {
                let start = writer.beginTag(0)
                writer.writeArrayCount(self.nodeEndpoints.count, compact: flexible)
                for element in self.nodeEndpoints { element.encode(into: &writer, version: version) }
                writer.endTag(start)
            }
            unknownTags.encode(into: &writer)
        }
    }
}
