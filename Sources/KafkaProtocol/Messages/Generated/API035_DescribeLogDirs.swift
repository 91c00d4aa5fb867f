// Generated from Protocol/apis/035-describe-log-dirs.api by `make generate`. Do not edit.

/// Request of DescribeLogDirs, key 35, versions 1 to 4.
package struct DescribeLogDirsRequest: KafkaRequest {
    package typealias Response = DescribeLogDirsResponse
    package static var apiKey: APIKey { .describeLogDirs }
    package static var flexibleFrom: Int16? { 2 }
    package static var servedVersions: ClosedRange<Int16> { 1...4 }
    package static var advertisedVersions: ClosedRange<Int16> { 1...4 }

    /// Part of `DescribeLogDirsRequest`.
    package struct DescribableLogDirTopic: Sendable {
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

    package var topics: [DescribableLogDirTopic]? = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        if let count = try reader.readNullableArrayCount(compact: flexible, minimumSize: 3) {
            var elements: [DescribableLogDirTopic] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DescribableLogDirTopic(from: &reader, version: version)) }
            self.topics = elements
        } else {
            self.topics = nil
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeArrayCount(self.topics?.count, compact: flexible)
        for element in self.topics ?? [] { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of DescribeLogDirs, key 35, versions 1 to 4.
package struct DescribeLogDirsResponse: KafkaResponse {
    /// Part of `DescribeLogDirsResponse`.
    package struct DescribeLogDirsResult: Sendable {
        package var errorCode: Int16 = 0
        package var logDir: String = ""
        package var topics: [DescribeLogDirsTopic] = []
        /// Version 4 only.
        package var totalBytes: Int64 = -1
        /// Version 4 only.
        package var usableBytes: Int64 = -1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.errorCode = try reader.readInt16()
            self.logDir = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [DescribeLogDirsTopic] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try DescribeLogDirsTopic(from: &reader, version: version)) }
                self.topics = elements
            }
            if version == 4 {
                self.totalBytes = try reader.readInt64()
            }
            if version == 4 {
                self.usableBytes = try reader.readInt64()
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt16(self.errorCode)
            writer.writeString(self.logDir, compact: flexible)
            writer.writeArrayCount(self.topics.count, compact: flexible)
            for element in self.topics { element.encode(into: &writer, version: version) }
            if version == 4 {
                writer.writeInt64(self.totalBytes)
            }
            if version == 4 {
                writer.writeInt64(self.usableBytes)
            }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `DescribeLogDirsResponse`.
    package struct DescribeLogDirsTopic: Sendable {
        package var name: String = ""
        package var partitions: [DescribeLogDirsPartition] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.name = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 21)
                var elements: [DescribeLogDirsPartition] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try DescribeLogDirsPartition(from: &reader, version: version)) }
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

    /// Part of `DescribeLogDirsResponse`.
    package struct DescribeLogDirsPartition: Sendable {
        package var partitionIndex: Int32 = 0
        package var partitionSize: Int64 = 0
        package var offsetLag: Int64 = 0
        package var isFutureKey: Bool = false

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.partitionIndex = try reader.readInt32()
            self.partitionSize = try reader.readInt64()
            self.offsetLag = try reader.readInt64()
            self.isFutureKey = try reader.readBool()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt32(self.partitionIndex)
            writer.writeInt64(self.partitionSize)
            writer.writeInt64(self.offsetLag)
            writer.writeBool(self.isFutureKey)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    /// Versions 3 and later.
    package var errorCode: Int16 = 0
    package var results: [DescribeLogDirsResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        self.throttleTimeMs = try reader.readInt32()
        if version >= 3 {
            self.errorCode = try reader.readInt16()
        }
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 5)
            var elements: [DescribeLogDirsResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DescribeLogDirsResult(from: &reader, version: version)) }
            self.results = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeInt32(self.throttleTimeMs)
        if version >= 3 {
            writer.writeInt16(self.errorCode)
        }
        writer.writeArrayCount(self.results.count, compact: flexible)
        for element in self.results { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
