// Generated from Protocol/apis/043-elect-leaders.api by `make generate`. Do not edit.

/// Request of ElectLeaders, key 43, versions 0 to 2.
package struct ElectLeadersRequest: KafkaRequest {
    package typealias Response = ElectLeadersResponse
    package static var apiKey: APIKey { .electLeaders }
    package static var flexibleFrom: Int16? { 2 }
    package static var servedVersions: ClosedRange<Int16> { 0...2 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...2 }

    /// Part of `ElectLeadersRequest`.
    package struct TopicPartitions: Sendable {
        package var topic: String = ""
        package var partitions: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.topic = try reader.readString(compact: flexible)
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
            let flexible = version >= 2
            writer.writeString(self.topic, compact: flexible)
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { writer.writeInt32(element) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Versions 1 and later.
    package var electionType: Int8 = 0
    package var topicPartitions: [TopicPartitions]? = []
    package var timeoutMs: Int32 = 60000

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        if version >= 1 {
            self.electionType = try reader.readInt8()
        }
        if let count = try reader.readNullableArrayCount(compact: flexible, minimumSize: 3) {
            var elements: [TopicPartitions] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicPartitions(from: &reader, version: version)) }
            self.topicPartitions = elements
        } else {
            self.topicPartitions = nil
        }
        self.timeoutMs = try reader.readInt32()
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        if version >= 1 {
            writer.writeInt8(self.electionType)
        }
        writer.writeArrayCount(self.topicPartitions?.count, compact: flexible)
        for element in self.topicPartitions ?? [] { element.encode(into: &writer, version: version) }
        writer.writeInt32(self.timeoutMs)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of ElectLeaders, key 43, versions 0 to 2.
package struct ElectLeadersResponse: KafkaResponse {
    /// Part of `ElectLeadersResponse`.
    package struct ReplicaElectionResult: Sendable {
        package var topic: String = ""
        package var partitionResult: [PartitionResult] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.topic = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 8)
                var elements: [PartitionResult] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try PartitionResult(from: &reader, version: version)) }
                self.partitionResult = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeString(self.topic, compact: flexible)
            writer.writeArrayCount(self.partitionResult.count, compact: flexible)
            for element in self.partitionResult { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `ElectLeadersResponse`.
    package struct PartitionResult: Sendable {
        package var partitionID: Int32 = 0
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.partitionID = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt32(self.partitionID)
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    /// Versions 1 and later.
    package var errorCode: Int16 = 0
    package var replicaElectionResults: [ReplicaElectionResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        self.throttleTimeMs = try reader.readInt32()
        if version >= 1 {
            self.errorCode = try reader.readInt16()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [ReplicaElectionResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ReplicaElectionResult(from: &reader, version: version)) }
            self.replicaElectionResults = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeInt32(self.throttleTimeMs)
        if version >= 1 {
            writer.writeInt16(self.errorCode)
        }
        writer.writeArrayCount(self.replicaElectionResults.count, compact: flexible)
        for element in self.replicaElectionResults { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
