// Generated from Protocol/apis/020-delete-topics.api by `make generate`. Do not edit.

/// Request of DeleteTopics, key 20, versions 1 to 6.
package struct DeleteTopicsRequest: KafkaRequest {
    package typealias Response = DeleteTopicsResponse
    package static var apiKey: APIKey { .deleteTopics }
    package static var flexibleFrom: Int16? { 4 }
    package static var servedVersions: ClosedRange<Int16> { 1...6 }
    package static var advertisedVersions: ClosedRange<Int16> { 1...6 }

    /// Part of `DeleteTopicsRequest`.
    package struct DeleteTopicState: Sendable {
        package var name: String? = nil
        package var topicID: KafkaUUID = .zero

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.name = try reader.readNullableString(compact: flexible)
            self.topicID = try reader.readUUID()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeNullableString(self.name, compact: flexible)
            writer.writeUUID(self.topicID)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Version 6 only.
    package var topics: [DeleteTopicState] = []
    /// Versions 1 to 5.
    package var topicNames: [String] = []
    package var timeoutMs: Int32 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 6 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        if version == 6 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 18)
                var elements: [DeleteTopicState] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try DeleteTopicState(from: &reader, version: version)) }
                self.topics = elements
            }
        }
        if version <= 5 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 1)
                var elements: [String] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readString(compact: flexible)) }
                self.topicNames = elements
            }
        }
        self.timeoutMs = try reader.readInt32()
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        if version == 6 {
            writer.writeArrayCount(self.topics.count, compact: flexible)
            for element in self.topics { element.encode(into: &writer, version: version) }
        }
        if version <= 5 {
            writer.writeArrayCount(self.topicNames.count, compact: flexible)
            for element in self.topicNames { writer.writeString(element, compact: flexible) }
        }
        writer.writeInt32(self.timeoutMs)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of DeleteTopics, key 20, versions 1 to 6.
package struct DeleteTopicsResponse: KafkaResponse {
    /// Part of `DeleteTopicsResponse`.
    package struct DeletableTopicResult: Sendable {
        /// Null only from version 6 on.
        package var name: String? = nil
        /// Version 6 only.
        package var topicID: KafkaUUID = .zero
        package var errorCode: Int16 = 0
        /// Versions 5 and later.
        package var errorMessage: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            if version == 6 {
                self.name = try reader.readNullableString(compact: flexible)
            } else {
                self.name = try reader.readString(compact: flexible)
            }
            if version == 6 {
                self.topicID = try reader.readUUID()
            }
            self.errorCode = try reader.readInt16()
            if version >= 5 {
                self.errorMessage = try reader.readNullableString(compact: flexible)
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            if version == 6 {
                writer.writeNullableString(self.name, compact: flexible)
            } else {
                writer.writeString(self.name ?? "", compact: flexible)
            }
            if version == 6 {
                writer.writeUUID(self.topicID)
            }
            writer.writeInt16(self.errorCode)
            if version >= 5 {
                writer.writeNullableString(self.errorMessage, compact: flexible)
            }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var responses: [DeletableTopicResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 6 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
            var elements: [DeletableTopicResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DeletableTopicResult(from: &reader, version: version)) }
            self.responses = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.responses.count, compact: flexible)
        for element in self.responses { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
