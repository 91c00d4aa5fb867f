// Generated from Protocol/apis/027-write-txn-markers.api by `make generate`. Do not edit.

/// Request of WriteTxnMarkers, key 27, versions 1 to 2.
package struct WriteTxnMarkersRequest: KafkaRequest {
    package typealias Response = WriteTxnMarkersResponse
    package static var apiKey: APIKey { .writeTxnMarkers }
    package static var flexibleFrom: Int16? { 1 }
    package static var servedVersions: ClosedRange<Int16> { 1...2 }
    package static var advertisedVersions: ClosedRange<Int16> { 1...2 }

    /// Part of `WriteTxnMarkersRequest`.
    package struct WritableTxnMarker: Sendable {
        package var producerID: Int64 = 0
        package var producerEpoch: Int16 = 0
        package var transactionResult: Bool = false
        package var topics: [WritableTxnMarkerTopic] = []
        package var coordinatorEpoch: Int32 = 0
        /// Version 2 only.
        package var transactionVersion: Int8 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.producerID = try reader.readInt64()
            self.producerEpoch = try reader.readInt16()
            self.transactionResult = try reader.readBool()
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 3)
                var elements: [WritableTxnMarkerTopic] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try WritableTxnMarkerTopic(from: &reader, version: version)) }
                self.topics = elements
            }
            self.coordinatorEpoch = try reader.readInt32()
            if version == 2 {
                self.transactionVersion = try reader.readInt8()
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt64(self.producerID)
            writer.writeInt16(self.producerEpoch)
            writer.writeBool(self.transactionResult)
            writer.writeArrayCount(self.topics.count, compact: true)
            for element in self.topics { element.encode(into: &writer, version: version) }
            writer.writeInt32(self.coordinatorEpoch)
            if version == 2 {
                writer.writeInt8(self.transactionVersion)
            }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `WriteTxnMarkersRequest`.
    package struct WritableTxnMarkerTopic: Sendable {
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

    package var markers: [WritableTxnMarker] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 2 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 17)
            var elements: [WritableTxnMarker] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try WritableTxnMarker(from: &reader, version: version)) }
            self.markers = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.markers.count, compact: true)
        for element in self.markers { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of WriteTxnMarkers, key 27, versions 1 to 2.
package struct WriteTxnMarkersResponse: KafkaResponse {
    /// Part of `WriteTxnMarkersResponse`.
    package struct WritableTxnMarkerResult: Sendable {
        package var producerID: Int64 = 0
        package var topics: [WritableTxnMarkerTopicResult] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.producerID = try reader.readInt64()
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 3)
                var elements: [WritableTxnMarkerTopicResult] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try WritableTxnMarkerTopicResult(from: &reader, version: version)) }
                self.topics = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt64(self.producerID)
            writer.writeArrayCount(self.topics.count, compact: true)
            for element in self.topics { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `WriteTxnMarkersResponse`.
    package struct WritableTxnMarkerTopicResult: Sendable {
        package var name: String = ""
        package var partitions: [WritableTxnMarkerPartitionResult] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 7)
                var elements: [WritableTxnMarkerPartitionResult] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try WritableTxnMarkerPartitionResult(from: &reader, version: version)) }
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

    /// Part of `WriteTxnMarkersResponse`.
    package struct WritableTxnMarkerPartitionResult: Sendable {
        package var partitionIndex: Int32 = 0
        package var errorCode: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.partitionIndex = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.partitionIndex)
            writer.writeInt16(self.errorCode)
            writer.writeUnsignedVarint(0)
        }
    }

    package var markers: [WritableTxnMarkerResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 2 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 10)
            var elements: [WritableTxnMarkerResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try WritableTxnMarkerResult(from: &reader, version: version)) }
            self.markers = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.markers.count, compact: true)
        for element in self.markers { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
