// Generated from Protocol/apis/021-delete-records.api by `make generate`. Do not edit.

/// Request of DeleteRecords, key 21, versions 0 to 2.
package struct DeleteRecordsRequest: KafkaRequest {
    package typealias Response = DeleteRecordsResponse
    package static var apiKey: APIKey { .deleteRecords }
    package static var flexibleFrom: Int16? { 2 }
    package static var servedVersions: ClosedRange<Int16> { 0...2 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...2 }

    /// Part of `DeleteRecordsRequest`.
    package struct DeleteRecordsTopic: Sendable {
        package var name: String = ""
        package var partitions: [DeleteRecordsPartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.name = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 12)
                var elements: [DeleteRecordsPartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try DeleteRecordsPartition(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeString(self.name, compact: flexible)
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `DeleteRecordsRequest`.
    package struct DeleteRecordsPartition: Sendable {
        package var partitionIndex: Int32 = 0
        /// -1 everything below the high watermark.
        package var offset: Int64 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.partitionIndex = try reader.readInt32()
            self.offset = try reader.readInt64()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt32(self.partitionIndex)
            writer.writeInt64(self.offset)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var topics: [DeleteRecordsTopic] = []
    package var timeoutMs: Int32 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [DeleteRecordsTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DeleteRecordsTopic(from: &reader, version: version)) }
            self.topics = elements
        }
        self.timeoutMs = try reader.readInt32()
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        writer.writeInt32(self.timeoutMs)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of DeleteRecords, key 21, versions 0 to 2.
package struct DeleteRecordsResponse: KafkaResponse {
    /// Part of `DeleteRecordsResponse`.
    package struct DeleteRecordsTopicResult: Sendable {
        package var name: String = ""
        package var partitions: [DeleteRecordsPartitionResult] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.name = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 14)
                var elements: [DeleteRecordsPartitionResult] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try DeleteRecordsPartitionResult(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeString(self.name, compact: flexible)
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `DeleteRecordsResponse`.
    package struct DeleteRecordsPartitionResult: Sendable {
        package var partitionIndex: Int32 = 0
        package var lowWatermark: Int64 = 0
        package var errorCode: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.partitionIndex = try reader.readInt32()
            self.lowWatermark = try reader.readInt64()
            self.errorCode = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt32(self.partitionIndex)
            writer.writeInt64(self.lowWatermark)
            writer.writeInt16(self.errorCode)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var topics: [DeleteRecordsTopicResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [DeleteRecordsTopicResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DeleteRecordsTopicResult(from: &reader, version: version)) }
            self.topics = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.topics.count, compact: flexible)
        for element in self.topics { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
