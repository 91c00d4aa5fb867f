// Generated from Protocol/apis/047-offset-delete.api by `make generate`. Do not edit.

/// Request of OffsetDelete, key 47, versions 0 to 0.
package struct OffsetDeleteRequest: KafkaRequest {
    package typealias Response = OffsetDeleteResponse
    package static var apiKey: APIKey { .offsetDelete }
    package static var flexibleFrom: Int16? { nil }
    package static var servedVersions: ClosedRange<Int16> { 0...0 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...0 }

    /// Part of `OffsetDeleteRequest`.
    package struct OffsetDeleteRequestTopic: Sendable {
        package var name: String = ""
        package var partitions: [OffsetDeleteRequestPartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: false)
            do {
                let count = try reader.readArrayCount(compact: false, minimumSize: 4)
                var elements: [OffsetDeleteRequestPartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetDeleteRequestPartition(from: &reader, version: version)) }
                self.partitions = elements
            }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: false)
            writer.writeArrayCount(self.partitions.count, compact: false)
            for element in self.partitions { element.encode(into: &writer, version: version) }
        }
    }

    /// Part of `OffsetDeleteRequest`.
    package struct OffsetDeleteRequestPartition: Sendable {
        package var partitionIndex: Int32 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.partitionIndex = try reader.readInt32()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.partitionIndex)
        }
    }

    package var groupID: String = ""
    package var topics: [OffsetDeleteRequestTopic] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.groupID = try reader.readString(compact: false)
        do {
            let count = try reader.readArrayCount(compact: false, minimumSize: 6)
            var elements: [OffsetDeleteRequestTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try OffsetDeleteRequestTopic(from: &reader, version: version)) }
            self.topics = elements
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.groupID, compact: false)
        writer.writeArrayCount(self.topics.count, compact: false)
        for element in self.topics { element.encode(into: &writer, version: version) }
    }
}

/// Response of OffsetDelete, key 47, versions 0 to 0.
package struct OffsetDeleteResponse: KafkaResponse {
    /// Part of `OffsetDeleteResponse`.
    package struct OffsetDeleteResponseTopic: Sendable {
        package var name: String = ""
        package var partitions: [OffsetDeleteResponsePartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: false)
            do {
                let count = try reader.readArrayCount(compact: false, minimumSize: 6)
                var elements: [OffsetDeleteResponsePartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OffsetDeleteResponsePartition(from: &reader, version: version)) }
                self.partitions = elements
            }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: false)
            writer.writeArrayCount(self.partitions.count, compact: false)
            for element in self.partitions { element.encode(into: &writer, version: version) }
        }
    }

    /// Part of `OffsetDeleteResponse`.
    package struct OffsetDeleteResponsePartition: Sendable {
        package var partitionIndex: Int32 = 0
        package var errorCode: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.partitionIndex = try reader.readInt32()
            self.errorCode = try reader.readInt16()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.partitionIndex)
            writer.writeInt16(self.errorCode)
        }
    }

    package var errorCode: Int16 = 0
    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var topics: [OffsetDeleteResponseTopic] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.errorCode = try reader.readInt16()
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: false, minimumSize: 6)
            var elements: [OffsetDeleteResponseTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try OffsetDeleteResponseTopic(from: &reader, version: version)) }
            self.topics = elements
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt16(self.errorCode)
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.topics.count, compact: false)
        for element in self.topics { element.encode(into: &writer, version: version) }
    }
}
