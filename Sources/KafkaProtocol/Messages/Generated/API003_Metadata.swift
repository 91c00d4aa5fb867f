// Generated from Protocol/apis/003-metadata.api by `make generate`. Do not edit.

/// Request of Metadata, key 3, versions 0 to 13.
package struct MetadataRequest: KafkaRequest {
    package typealias Response = MetadataResponse
    package static var apiKey: APIKey { .metadata }
    package static var flexibleFrom: Int16? { 9 }
    package static var servedVersions: ClosedRange<Int16> { 0...13 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...13 }

    /// Part of `MetadataRequest`.
    package struct MetadataRequestTopic: Sendable {
        /// Zero: look up by name. Versions 10 and later.
        package var topicID: KafkaUUID = .zero
        /// Null only from version 10 on.
        package var name: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 9
            if version >= 10 {
                self.topicID = try reader.readUUID()
            }
            if version >= 10 {
                self.name = try reader.readNullableString(compact: flexible)
            } else {
                self.name = try reader.readString(compact: flexible)
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 9
            if version >= 10 {
                writer.writeUUID(self.topicID)
            }
            if version >= 10 {
                writer.writeNullableString(self.name, compact: flexible)
            } else {
                writer.writeString(self.name ?? "", compact: flexible)
            }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Null: all topics. Null only from version 1 on.
    package var topics: [MetadataRequestTopic]? = []
    /// Versions 4 and later.
    package var allowAutoTopicCreation: Bool = true
    /// Versions 8 to 10.
    package var includeClusterAuthorizedOperations: Bool = false
    /// Versions 8 and later.
    package var includeTopicAuthorizedOperations: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 13 else { throw .unsupportedVersion(version) }
        let flexible = version >= 9
        if version >= 1 {
            if let count = try reader.readNullableArrayCount(compact: flexible, minimumSize: 2) {
                var elements: [MetadataRequestTopic] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try MetadataRequestTopic(from: &reader, version: version)) }
                self.topics = elements
            } else {
                self.topics = nil
            }
        } else {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 2)
                var elements: [MetadataRequestTopic] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try MetadataRequestTopic(from: &reader, version: version)) }
                self.topics = elements
            }
        }
        if version >= 4 {
            self.allowAutoTopicCreation = try reader.readBool()
        }
        if version >= 8 && version <= 10 {
            self.includeClusterAuthorizedOperations = try reader.readBool()
        }
        if version >= 8 {
            self.includeTopicAuthorizedOperations = try reader.readBool()
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 9
        if version >= 1 {
            writer.writeArrayCount(self.topics?.count, compact: flexible)
            for element in self.topics ?? [] { element.encode(into: &writer, version: version) }
        } else {
            writer.writeArrayCount(self.topics?.count ?? 0, compact: flexible)
            for element in self.topics ?? [] { element.encode(into: &writer, version: version) }
        }
        if version >= 4 {
            writer.writeBool(self.allowAutoTopicCreation)
        }
        if version >= 8 && version <= 10 {
            writer.writeBool(self.includeClusterAuthorizedOperations)
        }
        if version >= 8 {
            writer.writeBool(self.includeTopicAuthorizedOperations)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of Metadata, key 3, versions 0 to 13.
package struct MetadataResponse: KafkaResponse {
    /// Part of `MetadataResponse`.
    package struct MetadataResponseBroker: Sendable {
        package var nodeID: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        /// Versions 1 and later.
        package var rack: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 9
            self.nodeID = try reader.readInt32()
            self.host = try reader.readString(compact: flexible)
            self.port = try reader.readInt32()
            if version >= 1 {
                self.rack = try reader.readNullableString(compact: flexible)
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 9
            writer.writeInt32(self.nodeID)
            writer.writeString(self.host, compact: flexible)
            writer.writeInt32(self.port)
            if version >= 1 {
                writer.writeNullableString(self.rack, compact: flexible)
            }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `MetadataResponse`.
    package struct MetadataResponseTopic: Sendable {
        package var errorCode: Int16 = 0
        /// Null only from version 12 on.
        package var name: String? = nil
        /// Versions 10 and later.
        package var topicID: KafkaUUID = .zero
        /// Versions 1 and later.
        package var isInternal: Bool = false
        package var partitions: [MetadataResponsePartition] = []
        /// Bit set; default: not asked for. Versions 8 and later.
        package var topicAuthorizedOperations: Int32 = -2147483648

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 9
            self.errorCode = try reader.readInt16()
            if version >= 12 {
                self.name = try reader.readNullableString(compact: flexible)
            } else {
                self.name = try reader.readString(compact: flexible)
            }
            if version >= 10 {
                self.topicID = try reader.readUUID()
            }
            if version >= 1 {
                self.isInternal = try reader.readBool()
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 18)
                var elements: [MetadataResponsePartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try MetadataResponsePartition(from: &reader, version: version)) }
                self.partitions = elements
            }
            if version >= 8 {
                self.topicAuthorizedOperations = try reader.readInt32()
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 9
            writer.writeInt16(self.errorCode)
            if version >= 12 {
                writer.writeNullableString(self.name, compact: flexible)
            } else {
                writer.writeString(self.name ?? "", compact: flexible)
            }
            if version >= 10 {
                writer.writeUUID(self.topicID)
            }
            if version >= 1 {
                writer.writeBool(self.isInternal)
            }
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if version >= 8 {
                writer.writeInt32(self.topicAuthorizedOperations)
            }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `MetadataResponse`.
    package struct MetadataResponsePartition: Sendable {
        package var errorCode: Int16 = 0
        package var partitionIndex: Int32 = 0
        package var leaderID: Int32 = 0
        /// Versions 7 and later.
        package var leaderEpoch: Int32 = -1
        package var replicaNodes: [Int32] = []
        package var isrNodes: [Int32] = []
        /// Versions 5 and later.
        package var offlineReplicas: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 9
            self.errorCode = try reader.readInt16()
            self.partitionIndex = try reader.readInt32()
            self.leaderID = try reader.readInt32()
            if version >= 7 {
                self.leaderEpoch = try reader.readInt32()
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.replicaNodes = elements
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.isrNodes = elements
            }
            if version >= 5 {
                do {
                    let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
                    var elements: [Int32] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try reader.readInt32()) }
                    self.offlineReplicas = elements
                }
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 9
            writer.writeInt16(self.errorCode)
            writer.writeInt32(self.partitionIndex)
            writer.writeInt32(self.leaderID)
            if version >= 7 {
                writer.writeInt32(self.leaderEpoch)
            }
            writer.writeArrayCount(self.replicaNodes.count, compact: flexible)
            for element in self.replicaNodes { writer.writeInt32(element) }
            writer.writeArrayCount(self.isrNodes.count, compact: flexible)
            for element in self.isrNodes { writer.writeInt32(element) }
            if version >= 5 {
                writer.writeArrayCount(self.offlineReplicas.count, compact: flexible)
                for element in self.offlineReplicas { writer.writeInt32(element) }
            }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause. Versions 3 and later.
    package var throttleTimeMs: Int32 = 0
    package var brokers: [MetadataResponseBroker] = []
    /// Versions 2 and later.
    package var clusterID: String? = nil
    /// -1 unknown; KRaft names any live broker. Versions 1 and later.
    package var controllerID: Int32 = -1
    package var topics: [MetadataResponseTopic] = []
    /// Bit set; default: not asked for. Versions 8 to 10.
    package var clusterAuthorizedOperations: Int32 = -2147483648
    /// Version 13 only.
    package var errorCode: Int16 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 13 else { throw .unsupportedVersion(version) }
        let flexible = version >= 9
        if version >= 3 {
            self.throttleTimeMs = try reader.readInt32()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 10)
            var elements: [MetadataResponseBroker] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try MetadataResponseBroker(from: &reader, version: version)) }
            self.brokers = elements
        }
        if version >= 2 {
            self.clusterID = try reader.readNullableString(compact: flexible)
        }
        if version >= 1 {
            self.controllerID = try reader.readInt32()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 8)
            var elements: [MetadataResponseTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try MetadataResponseTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        if version >= 8 && version <= 10 {
            self.clusterAuthorizedOperations = try reader.readInt32()
        }
        if version == 13 {
            self.errorCode = try reader.readInt16()
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 9
        if version >= 3 {
            writer.writeInt32(self.throttleTimeMs)
        }
        writer.writeArrayCount(self.brokers.count, compact: flexible)
        for element in self.brokers { element.encode(into: &writer, version: version) }
        if version >= 2 {
            writer.writeNullableString(self.clusterID, compact: flexible)
        }
        if version >= 1 {
            writer.writeInt32(self.controllerID)
        }
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if version >= 8 && version <= 10 {
            writer.writeInt32(self.clusterAuthorizedOperations)
        }
        if version == 13 {
            writer.writeInt16(self.errorCode)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
