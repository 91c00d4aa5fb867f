// Generated from Protocol/apis/019-create-topics.api by `make generate`. Do not edit.

/// Request of CreateTopics, key 19, versions 2 to 7.
package struct CreateTopicsRequest: KafkaRequest {
    package typealias Response = CreateTopicsResponse
    package static var apiKey: APIKey { .createTopics }
    package static var flexibleFrom: Int16? { 5 }
    package static var servedVersions: ClosedRange<Int16> { 2...7 }
    package static var advertisedVersions: ClosedRange<Int16> { 2...7 }

    /// Part of `CreateTopicsRequest`.
    package struct CreatableTopic: Sendable {
        package var name: String = ""
        /// -1 broker default, or manual assignment.
        package var numPartitions: Int32 = 0
        /// -1 broker default, or manual assignment.
        package var replicationFactor: Int16 = 0
        package var assignments: [CreatableReplicaAssignment] = []
        package var configs: [CreatableTopicConfig] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 5
            self.name = try reader.readString(compact: flexible)
            self.numPartitions = try reader.readInt32()
            self.replicationFactor = try reader.readInt16()
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
                var elements: [CreatableReplicaAssignment] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try CreatableReplicaAssignment(from: &reader, version: version)) }
                self.assignments = elements
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [CreatableTopicConfig] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try CreatableTopicConfig(from: &reader, version: version)) }
                self.configs = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 5
            writer.writeString(self.name, compact: flexible)
            writer.writeInt32(self.numPartitions)
            writer.writeInt16(self.replicationFactor)
            writer.writeArrayCount(self.assignments.count, compact: flexible)
            for element in self.assignments { element.encode(into: &writer, version: version) }
            writer.writeArrayCount(self.configs.count, compact: flexible)
            for element in self.configs { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `CreateTopicsRequest`.
    package struct CreatableReplicaAssignment: Sendable {
        package var partitionIndex: Int32 = 0
        package var brokerIDs: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 5
            self.partitionIndex = try reader.readInt32()
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.brokerIDs = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 5
            writer.writeInt32(self.partitionIndex)
            writer.writeArrayCount(self.brokerIDs.count, compact: flexible)
            for element in self.brokerIDs { writer.writeInt32(element) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `CreateTopicsRequest`.
    package struct CreatableTopicConfig: Sendable {
        package var name: String = ""
        package var value: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 5
            self.name = try reader.readString(compact: flexible)
            self.value = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 5
            writer.writeString(self.name, compact: flexible)
            writer.writeNullableString(self.value, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var topics: [CreatableTopic] = []
    package var timeoutMs: Int32 = 60000
    package var validateOnly: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 2 && version <= 7 else { throw .unsupportedVersion(version) }
        let flexible = version >= 5
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 10)
            var elements: [CreatableTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try CreatableTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        self.timeoutMs = try reader.readInt32()
        self.validateOnly = try reader.readBool()
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 5
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        writer.writeInt32(self.timeoutMs)
        writer.writeBool(self.validateOnly)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of CreateTopics, key 19, versions 2 to 7.
package struct CreateTopicsResponse: KafkaResponse {
    /// Part of `CreateTopicsResponse`.
    package struct CreatableTopicResult: Sendable {
        package var name: String = ""
        /// Version 7 only.
        package var topicID: KafkaUUID = .zero
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil
        /// Versions 5 and later, tagged.
        package var topicConfigErrorCode: Int16 = 0
        /// Versions 5 and later.
        package var numPartitions: Int32 = -1
        /// Versions 5 and later.
        package var replicationFactor: Int16 = -1
        /// Versions 5 and later.
        package var configs: [CreatableTopicConfigs]? = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 5
            self.name = try reader.readString(compact: flexible)
            if version == 7 {
                self.topicID = try reader.readUUID()
            }
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: flexible)
            if version >= 5 {
                self.numPartitions = try reader.readInt32()
            }
            if version >= 5 {
                self.replicationFactor = try reader.readInt16()
            }
            if version >= 5 {
                if let count = try reader.readNullableArrayCount(compact: flexible, minimumSize: 6) {
                    var elements: [CreatableTopicConfigs] = []
                    elements.reserveCapacity(min(count, WireReader.reservationLimit))
                    for _ in 0..<count { elements.append(try CreatableTopicConfigs(from: &reader, version: version)) }
                    self.configs = elements
                } else {
                    self.configs = nil
                }
            }
            if flexible {
                var tags = try reader.readUnsignedVarint()
                while tags > 0 {
                    tags -= 1
                    switch try reader.readUnsignedVarint() {
                    case 0:
                        let outer = try reader.enterTag()
                        self.topicConfigErrorCode = try reader.readInt16()
                        try reader.leaveTag(outer)
                    default: try reader.skipTag()
                    }
                }
            }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 5
            writer.writeString(self.name, compact: flexible)
            if version == 7 {
                writer.writeUUID(self.topicID)
            }
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: flexible)
            if version >= 5 {
                writer.writeInt32(self.numPartitions)
            }
            if version >= 5 {
                writer.writeInt16(self.replicationFactor)
            }
            if version >= 5 {
                writer.writeArrayCount(self.configs?.count, compact: flexible)
                for element in self.configs ?? [] { element.encode(into: &writer, version: version) }
            }
            if flexible {
                var tags: UInt32 = 0
                let writes0 = self.topicConfigErrorCode != 0
                if writes0 { tags += 1 }
                writer.writeUnsignedVarint(tags)
                if writes0 {
                    let start = writer.beginTag(0)
                    writer.writeInt16(self.topicConfigErrorCode)
                    writer.endTag(start)
                }
            }
        }
    }

    /// Part of `CreateTopicsResponse`.
    package struct CreatableTopicConfigs: Sendable {
        package var name: String = ""
        package var value: String? = nil
        package var readOnly: Bool = false
        package var configSource: Int8 = -1
        package var isSensitive: Bool = false

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 5
            self.name = try reader.readString(compact: flexible)
            self.value = try reader.readNullableString(compact: flexible)
            self.readOnly = try reader.readBool()
            self.configSource = try reader.readInt8()
            self.isSensitive = try reader.readBool()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 5
            writer.writeString(self.name, compact: flexible)
            writer.writeNullableString(self.value, compact: flexible)
            writer.writeBool(self.readOnly)
            writer.writeInt8(self.configSource)
            writer.writeBool(self.isSensitive)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var topics: [CreatableTopicResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 2 && version <= 7 else { throw .unsupportedVersion(version) }
        let flexible = version >= 5
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
            var elements: [CreatableTopicResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try CreatableTopicResult(from: &reader, version: version)) }
            self.topics = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 5
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
