// Generated from Protocol/apis/061-describe-producers.api by `make generate`. Do not edit.

/// Request of DescribeProducers, key 61, versions 0 to 0.
package struct DescribeProducersRequest: KafkaRequest {
    package typealias Response = DescribeProducersResponse
    package static var apiKey: APIKey { .describeProducers }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...0 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...0 }

    /// Part of `DescribeProducersRequest`.
    package struct TopicRequest: Sendable {
        package var name: String = ""
        package var partitionIndexes: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.partitionIndexes = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeArrayCount(self.partitionIndexes.count, compact: true)
            for element in self.partitionIndexes { writer.writeInt32(element) }
            writer.writeUnsignedVarint(0)
        }
    }

    package var topics: [TopicRequest] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 3)
            var elements: [TopicRequest] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicRequest(from: &reader, version: version)) }
            self.topics = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.topics.count, compact: true)
        for element in self.topics { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of DescribeProducers, key 61, versions 0 to 0.
package struct DescribeProducersResponse: KafkaResponse {
    /// Part of `DescribeProducersResponse`.
    package struct TopicResponse: Sendable {
        package var name: String = ""
        package var partitions: [PartitionResponse] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 9)
                var elements: [PartitionResponse] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try PartitionResponse(from: &reader, version: version)) }
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

    /// Part of `DescribeProducersResponse`.
    package struct PartitionResponse: Sendable {
        package var partitionIndex: Int32 = 0
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil
        package var activeProducers: [ProducerState] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.partitionIndex = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 37)
                var elements: [ProducerState] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try ProducerState(from: &reader, version: version)) }
                self.activeProducers = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.partitionIndex)
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: true)
            writer.writeArrayCount(self.activeProducers.count, compact: true)
            for element in self.activeProducers { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `DescribeProducersResponse`.
    package struct ProducerState: Sendable {
        package var producerID: Int64 = 0
        package var producerEpoch: Int32 = 0
        package var lastSequence: Int32 = -1
        package var lastTimestamp: Int64 = -1
        package var coordinatorEpoch: Int32 = 0
        package var currentTxnStartOffset: Int64 = -1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.producerID = try reader.readInt64()
            self.producerEpoch = try reader.readInt32()
            self.lastSequence = try reader.readInt32()
            self.lastTimestamp = try reader.readInt64()
            self.coordinatorEpoch = try reader.readInt32()
            self.currentTxnStartOffset = try reader.readInt64()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt64(self.producerID)
            writer.writeInt32(self.producerEpoch)
            writer.writeInt32(self.lastSequence)
            writer.writeInt64(self.lastTimestamp)
            writer.writeInt32(self.coordinatorEpoch)
            writer.writeInt64(self.currentTxnStartOffset)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var topics: [TopicResponse] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 3)
            var elements: [TopicResponse] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TopicResponse(from: &reader, version: version)) }
            self.topics = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.topics.count, compact: true)
        for element in self.topics { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
