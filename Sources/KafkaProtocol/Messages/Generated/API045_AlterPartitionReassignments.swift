// Generated from Protocol/apis/045-alter-partition-reassignments.api by `make generate`. Do not edit.

/// Request of AlterPartitionReassignments, key 45, versions 0 to 1.
package struct AlterPartitionReassignmentsRequest: KafkaRequest {
    package typealias Response = AlterPartitionReassignmentsResponse
    package static var apiKey: APIKey { .alterPartitionReassignments }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...1 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...1 }

    /// Part of `AlterPartitionReassignmentsRequest`.
    package struct ReassignableTopic: Sendable {
        package var name: String = ""
        package var partitions: [ReassignablePartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 6)
                var elements: [ReassignablePartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try ReassignablePartition(from: &reader, version: version)) }
                self.partitions = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeArrayCount(self.partitions.count, compact: true)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `AlterPartitionReassignmentsRequest`.
    package struct ReassignablePartition: Sendable {
        package var partitionIndex: Int32 = 0
        /// Null cancels a running reassignment.
        package var replicas: [Int32]? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.partitionIndex = try reader.readInt32()
            if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 4) {
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.replicas = elements
            } else {
                self.replicas = nil
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.partitionIndex)
            writer.writeArrayCount(self.replicas?.count, compact: true)
            for element in self.replicas ?? [] { writer.writeInt32(element) }
            writer.writeUnsignedVarint(0)
        }
    }

    package var timeoutMs: Int32 = 60000
    /// Version 1 only.
    package var allowReplicationFactorChange: Bool = true
    package var topics: [ReassignableTopic] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        self.timeoutMs = try reader.readInt32()
        if version == 1 {
            self.allowReplicationFactorChange = try reader.readBool()
        }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 3)
            var elements: [ReassignableTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ReassignableTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.timeoutMs)
        if version == 1 {
            writer.writeBool(self.allowReplicationFactorChange)
        }
        writer.writeArrayCount(self.topics.count, compact: true)
        for element in self.topics { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of AlterPartitionReassignments, key 45, versions 0 to 1.
package struct AlterPartitionReassignmentsResponse: KafkaResponse {
    /// Part of `AlterPartitionReassignmentsResponse`.
    package struct ReassignableTopicResponse: Sendable {
        package var name: String = ""
        package var partitions: [ReassignablePartitionResponse] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 8)
                var elements: [ReassignablePartitionResponse] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try ReassignablePartitionResponse(from: &reader, version: version)) }
                self.partitions = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeArrayCount(self.partitions.count, compact: true)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `AlterPartitionReassignmentsResponse`.
    package struct ReassignablePartitionResponse: Sendable {
        package var partitionIndex: Int32 = 0
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.partitionIndex = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: true)
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.partitionIndex)
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: true)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    /// Version 1 only.
    package var allowReplicationFactorChange: Bool = true
    package var errorCode: Int16 = 0
    package var errorMessage: String? = nil
    package var responses: [ReassignableTopicResponse] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        if version == 1 {
            self.allowReplicationFactorChange = try reader.readBool()
        }
        self.errorCode = try reader.readInt16()
        self.errorMessage = try reader.readNullableString(compact: true)
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 3)
            var elements: [ReassignableTopicResponse] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ReassignableTopicResponse(from: &reader, version: version)) }
            self.responses = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        if version == 1 {
            writer.writeBool(self.allowReplicationFactorChange)
        }
        writer.writeInt16(self.errorCode)
        writer.writeNullableString(self.errorMessage, compact: true)
        writer.writeArrayCount(self.responses.count, compact: true)
        for element in self.responses { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
