// Generated from Protocol/apis/001-fetch.api by `make generate`. Do not edit.

/// Request of Fetch, key 1, versions 4 to 18.
package struct FetchRequest: KafkaRequest {
    package typealias Response = FetchResponse
    package static var apiKey: APIKey { .fetch }
    package static var flexibleFrom: Int16? { 12 }
    package static var servedVersions: ClosedRange<Int16> { 4...18 }
    package static var advertisedVersions: ClosedRange<Int16> { 4...18 }

    /// Part of `FetchRequest`.
    package struct ReplicaState: Sendable {
        /// -1 is a consumer.
        package var replicaID: Int32 = -1
        package var replicaEpoch: Int64 = -1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 12
            self.replicaID = try reader.readInt32()
            self.replicaEpoch = try reader.readInt64()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 12
            writer.writeInt32(self.replicaID)
            writer.writeInt64(self.replicaEpoch)
            if flexible { writer.writeUnsignedVarint(0) }
        }

        /// Whether every field has its default: such a tagged field is not written.
        var isDefault: Bool { !(self.replicaID != -1 || self.replicaEpoch != -1) }
    }

    /// Part of `FetchRequest`.
    package struct FetchTopic: Sendable {
        /// Versions 4 to 12.
        package var topic: String = ""
        /// Versions 13 and later.
        package var topicID: KafkaUUID = .zero
        package var partitions: [FetchPartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 12
            if version <= 12 {
                self.topic = try reader.readString(compact: flexible)
            }
            if version >= 13 {
                self.topicID = try reader.readUUID()
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 16)
                var elements: [FetchPartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try FetchPartition(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 12
            if version <= 12 {
                writer.writeString(self.topic, compact: flexible)
            }
            if version >= 13 {
                writer.writeUUID(self.topicID)
            }
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `FetchRequest`.
    package struct FetchPartition: Sendable {
        package var partition: Int32 = 0
        /// Versions 9 and later.
        package var currentLeaderEpoch: Int32 = -1
        package var fetchOffset: Int64 = 0
        /// Versions 12 and later.
        package var lastFetchedEpoch: Int32 = -1
        /// Versions 5 and later.
        package var logStartOffset: Int64 = -1
        package var partitionMaxBytes: Int32 = 0
        /// Versions 17 and later, tagged.
        package var replicaDirectoryID: KafkaUUID = .zero
        /// Greatest value: not supported by the sender. Version 18 only, tagged.
        package var highWatermark: Int64 = 9223372036854775807
        /// Tagged fields of other versions, kept to be written back.
        package var unknownTags = UnknownTags()

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 12
            self.partition = try reader.readInt32()
            if version >= 9 {
                self.currentLeaderEpoch = try reader.readInt32()
            }
            self.fetchOffset = try reader.readInt64()
            if version >= 12 {
                self.lastFetchedEpoch = try reader.readInt32()
            }
            if version >= 5 {
                self.logStartOffset = try reader.readInt64()
            }
            self.partitionMaxBytes = try reader.readInt32()
            if flexible {
                var tags = try reader.readUnsignedVarint()
                while tags > 0 {
                    tags -= 1
                    let tag = try reader.readUnsignedVarint()
                    switch tag {
                    case 0 where version >= 17:
                        let outer = try reader.enterTag()
                        self.replicaDirectoryID = try reader.readUUID()
                        try reader.leaveTag(outer)
                    case 1 where version == 18:
                        let outer = try reader.enterTag()
                        self.highWatermark = try reader.readInt64()
                        try reader.leaveTag(outer)
                    default: try unknownTags.keep(tag, from: &reader)
                    }
                }
            }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 12
            writer.writeInt32(self.partition)
            if version >= 9 {
                writer.writeInt32(self.currentLeaderEpoch)
            }
            writer.writeInt64(self.fetchOffset)
            if version >= 12 {
                writer.writeInt32(self.lastFetchedEpoch)
            }
            if version >= 5 {
                writer.writeInt64(self.logStartOffset)
            }
            writer.writeInt32(self.partitionMaxBytes)
            if flexible {
                var tags: UInt32 = unknownTags.count
                let writes0 = version >= 17 && self.replicaDirectoryID != .zero
                if writes0 { tags += 1 }
                let writes1 = version == 18 && self.highWatermark != 9223372036854775807
                if writes1 { tags += 1 }
                writer.writeUnsignedVarint(tags)
                if writes0 {
                    let start = writer.beginTag(0)
                    writer.writeUUID(self.replicaDirectoryID)
                    writer.endTag(start)
                }
                if writes1 {
                    let start = writer.beginTag(1)
                    writer.writeInt64(self.highWatermark)
                    writer.endTag(start)
                }
                unknownTags.encode(into: &writer)
            }
        }
    }

    /// Part of `FetchRequest`.
    package struct ForgottenTopic: Sendable {
        /// Versions 4 to 12.
        package var topic: String = ""
        /// Versions 13 and later.
        package var topicID: KafkaUUID = .zero
        package var partitions: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 12
            if version <= 12 {
                self.topic = try reader.readString(compact: flexible)
            }
            if version >= 13 {
                self.topicID = try reader.readUUID()
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 12
            if version <= 12 {
                writer.writeString(self.topic, compact: flexible)
            }
            if version >= 13 {
                writer.writeUUID(self.topicID)
            }
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { writer.writeInt32(element) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Versions 12 and later, tagged.
    package var clusterID: String? = nil
    /// -1 is a consumer. Versions 4 to 14.
    package var replicaID: Int32 = -1
    /// Versions 15 and later, tagged.
    package var replicaState: ReplicaState = ReplicaState()
    package var maxWaitMs: Int32 = 0
    package var minBytes: Int32 = 0
    package var maxBytes: Int32 = 2147483647
    /// 0 read uncommitted, 1 read committed.
    package var isolationLevel: Int8 = 0
    /// 0 outside a session. Versions 7 and later.
    package var sessionID: Int32 = 0
    /// -1 no session, 0 open one, else continue. Versions 7 and later.
    package var sessionEpoch: Int32 = -1
    package var topics: [FetchTopic] = []
    /// Versions 7 and later.
    package var forgottenTopicsData: [ForgottenTopic] = []
    /// Versions 11 and later.
    package var rackID: String = ""
    /// Tagged fields of other versions, kept to be written back.
    package var unknownTags = UnknownTags()

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 4 && version <= 18 else { throw .unsupportedVersion(version) }
        let flexible = version >= 12
        if version <= 14 {
            self.replicaID = try reader.readInt32()
        }
        self.maxWaitMs = try reader.readInt32()
        self.minBytes = try reader.readInt32()
        self.maxBytes = try reader.readInt32()
        self.isolationLevel = try reader.readInt8()
        if version >= 7 {
            self.sessionID = try reader.readInt32()
        }
        if version >= 7 {
            self.sessionEpoch = try reader.readInt32()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [FetchTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try FetchTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        if version >= 7 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [ForgottenTopic] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try ForgottenTopic(from: &reader, version: version)) }
                self.forgottenTopicsData = elements
            }
        }
        if version >= 11 {
            self.rackID = try reader.readString(compact: flexible)
        }
        if flexible {
            var tags = try reader.readUnsignedVarint()
            while tags > 0 {
                tags -= 1
                let tag = try reader.readUnsignedVarint()
                switch tag {
                case 0:
                    let outer = try reader.enterTag()
                    self.clusterID = try reader.readNullableString(compact: flexible)
                    try reader.leaveTag(outer)
                case 1 where version >= 15:
                    let outer = try reader.enterTag()
                    self.replicaState = try ReplicaState(from: &reader, version: version)
                    try reader.leaveTag(outer)
                default: try unknownTags.keep(tag, from: &reader)
                }
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 12
        if version <= 14 {
            writer.writeInt32(self.replicaID)
        }
        writer.writeInt32(self.maxWaitMs)
        writer.writeInt32(self.minBytes)
        writer.writeInt32(self.maxBytes)
        writer.writeInt8(self.isolationLevel)
        if version >= 7 {
            writer.writeInt32(self.sessionID)
        }
        if version >= 7 {
            writer.writeInt32(self.sessionEpoch)
        }
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if version >= 7 {
            writer.writeArrayCount(self.forgottenTopicsData.count, compact: flexible)
            for element in self.forgottenTopicsData { element.encode(into: &writer, version: version) }
        }
        if version >= 11 {
            writer.writeString(self.rackID, compact: flexible)
        }
        if flexible {
            var tags: UInt32 = unknownTags.count
            let writes0 = self.clusterID != nil
            if writes0 { tags += 1 }
            let writes1 = version >= 15 && !self.replicaState.isDefault
            if writes1 { tags += 1 }
            writer.writeUnsignedVarint(tags)
            if writes0 {
                let start = writer.beginTag(0)
                writer.writeNullableString(self.clusterID, compact: flexible)
                writer.endTag(start)
            }
            if writes1 {
                let start = writer.beginTag(1)
                self.replicaState.encode(into: &writer, version: version)
                writer.endTag(start)
            }
            unknownTags.encode(into: &writer)
        }
    }
}

/// Response of Fetch, key 1, versions 4 to 18.
package struct FetchResponse: KafkaResponse {
    /// Part of `FetchResponse`.
    package struct FetchableTopicResponse: Sendable {
        /// Versions 4 to 12.
        package var topic: String = ""
        /// Versions 13 and later.
        package var topicID: KafkaUUID = .zero
        package var partitions: [PartitionData] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 12
            if version <= 12 {
                self.topic = try reader.readString(compact: flexible)
            }
            if version >= 13 {
                self.topicID = try reader.readUUID()
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 30)
                var elements: [PartitionData] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try PartitionData(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 12
            if version <= 12 {
                writer.writeString(self.topic, compact: flexible)
            }
            if version >= 13 {
                writer.writeUUID(self.topicID)
            }
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `FetchResponse`.
    package struct PartitionData: Sendable {
        package var partitionIndex: Int32 = 0
        package var errorCode: Int16 = 0
        package var highWatermark: Int64 = 0
        package var lastStableOffset: Int64 = -1
        /// Versions 5 and later.
        package var logStartOffset: Int64 = -1
        /// Versions 12 and later, tagged.
        package var divergingEpoch: EpochEndOffset = EpochEndOffset()
        /// Versions 12 and later, tagged.
        package var currentLeader: LeaderIdAndEpoch = LeaderIdAndEpoch()
        /// Versions 12 and later, tagged.
        package var snapshotID: SnapshotId = SnapshotId()
        /// Null under read uncommitted.
        package var abortedTransactions: [AbortedTransaction]? = []
        /// -1 stay with the leader. Versions 11 and later.
        package var preferredReadReplica: Int32 = -1
        package var records: RecordBytes? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 12
            self.partitionIndex = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            self.highWatermark = try reader.readInt64()
            self.lastStableOffset = try reader.readInt64()
            if version >= 5 {
                self.logStartOffset = try reader.readInt64()
            }
            if let count = try reader.readNullableArrayCount(compact: flexible, minimumSize: 16) {
                var elements: [AbortedTransaction] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AbortedTransaction(from: &reader, version: version)) }
                self.abortedTransactions = elements
            } else {
                self.abortedTransactions = nil
            }
            if version >= 11 {
                self.preferredReadReplica = try reader.readInt32()
            }
            self.records = try reader.readRecords(compact: flexible)
            if flexible {
                var tags = try reader.readUnsignedVarint()
                while tags > 0 {
                    tags -= 1
                    switch try reader.readUnsignedVarint() {
                    case 0:
                        let outer = try reader.enterTag()
                        self.divergingEpoch = try EpochEndOffset(from: &reader, version: version)
                        try reader.leaveTag(outer)
                    case 1:
                        let outer = try reader.enterTag()
                        self.currentLeader = try LeaderIdAndEpoch(from: &reader, version: version)
                        try reader.leaveTag(outer)
                    case 2:
                        let outer = try reader.enterTag()
                        self.snapshotID = try SnapshotId(from: &reader, version: version)
                        try reader.leaveTag(outer)
                    default: try reader.skipTag()
                    }
                }
            }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 12
            writer.writeInt32(self.partitionIndex)
            writer.writeInt16(self.errorCode)
            writer.writeInt64(self.highWatermark)
            writer.writeInt64(self.lastStableOffset)
            if version >= 5 {
                writer.writeInt64(self.logStartOffset)
            }
            writer.writeArrayCount(self.abortedTransactions?.count, compact: flexible)
            for element in self.abortedTransactions ?? [] { element.encode(into: &writer, version: version) }
            if version >= 11 {
                writer.writeInt32(self.preferredReadReplica)
            }
            writer.writeRecords(self.records, compact: flexible)
            if flexible {
                var tags: UInt32 = 0
                let writes0 = !self.divergingEpoch.isDefault
                if writes0 { tags += 1 }
                let writes1 = !self.currentLeader.isDefault
                if writes1 { tags += 1 }
                let writes2 = !self.snapshotID.isDefault
                if writes2 { tags += 1 }
                writer.writeUnsignedVarint(tags)
                if writes0 {
                    let start = writer.beginTag(0)
                    self.divergingEpoch.encode(into: &writer, version: version)
                    writer.endTag(start)
                }
                if writes1 {
                    let start = writer.beginTag(1)
                    self.currentLeader.encode(into: &writer, version: version)
                    writer.endTag(start)
                }
                if writes2 {
                    let start = writer.beginTag(2)
                    self.snapshotID.encode(into: &writer, version: version)
                    writer.endTag(start)
                }
            }
        }
    }

    /// Part of `FetchResponse`.
    package struct EpochEndOffset: Sendable {
        package var epoch: Int32 = -1
        package var endOffset: Int64 = -1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 12
            self.epoch = try reader.readInt32()
            self.endOffset = try reader.readInt64()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 12
            writer.writeInt32(self.epoch)
            writer.writeInt64(self.endOffset)
            if flexible { writer.writeUnsignedVarint(0) }
        }

        /// Whether every field has its default: such a tagged field is not written.
        var isDefault: Bool { !(self.epoch != -1 || self.endOffset != -1) }
    }

    /// Part of `FetchResponse`.
    package struct LeaderIdAndEpoch: Sendable {
        package var leaderID: Int32 = -1
        package var leaderEpoch: Int32 = -1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 12
            self.leaderID = try reader.readInt32()
            self.leaderEpoch = try reader.readInt32()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 12
            writer.writeInt32(self.leaderID)
            writer.writeInt32(self.leaderEpoch)
            if flexible { writer.writeUnsignedVarint(0) }
        }

        /// Whether every field has its default: such a tagged field is not written.
        var isDefault: Bool { !(self.leaderID != -1 || self.leaderEpoch != -1) }
    }

    /// Part of `FetchResponse`.
    package struct SnapshotId: Sendable {
        package var endOffset: Int64 = -1
        package var epoch: Int32 = -1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 12
            self.endOffset = try reader.readInt64()
            self.epoch = try reader.readInt32()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 12
            writer.writeInt64(self.endOffset)
            writer.writeInt32(self.epoch)
            if flexible { writer.writeUnsignedVarint(0) }
        }

        /// Whether every field has its default: such a tagged field is not written.
        var isDefault: Bool { !(self.endOffset != -1 || self.epoch != -1) }
    }

    /// Part of `FetchResponse`.
    package struct AbortedTransaction: Sendable {
        package var producerID: Int64 = 0
        package var firstOffset: Int64 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 12
            self.producerID = try reader.readInt64()
            self.firstOffset = try reader.readInt64()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 12
            writer.writeInt64(self.producerID)
            writer.writeInt64(self.firstOffset)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `FetchResponse`.
    package struct NodeEndpoint: Sendable {
        package var nodeID: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var rack: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 12
            self.nodeID = try reader.readInt32()
            self.host = try reader.readString(compact: flexible)
            self.port = try reader.readInt32()
            self.rack = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 12
            writer.writeInt32(self.nodeID)
            writer.writeString(self.host, compact: flexible)
            writer.writeInt32(self.port)
            writer.writeNullableString(self.rack, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    /// Versions 7 and later.
    package var errorCode: Int16 = 0
    /// Versions 7 and later.
    package var sessionID: Int32 = 0
    package var responses: [FetchableTopicResponse] = []
    /// Versions 16 and later, tagged.
    package var nodeEndpoints: [NodeEndpoint] = []
    /// Tagged fields of other versions, kept to be written back.
    package var unknownTags = UnknownTags()

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 4 && version <= 18 else { throw .unsupportedVersion(version) }
        let flexible = version >= 12
        self.throttleTimeMs = try reader.readInt32()
        if version >= 7 {
            self.errorCode = try reader.readInt16()
        }
        if version >= 7 {
            self.sessionID = try reader.readInt32()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [FetchableTopicResponse] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try FetchableTopicResponse(from: &reader, version: version)) }
            self.responses = elements
        }
        if flexible {
            var tags = try reader.readUnsignedVarint()
            while tags > 0 {
                tags -= 1
                let tag = try reader.readUnsignedVarint()
                switch tag {
                case 0 where version >= 16:
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
        let flexible = version >= 12
        writer.writeInt32(self.throttleTimeMs)
        if version >= 7 {
            writer.writeInt16(self.errorCode)
        }
        if version >= 7 {
            writer.writeInt32(self.sessionID)
        }
        writer.writeArrayCount(self.responses.count, compact: flexible)
        for element in self.responses { element.encode(into: &writer, version: version) }
        if flexible {
            var tags: UInt32 = unknownTags.count
            let writes0 = version >= 16 && !self.nodeEndpoints.isEmpty
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
