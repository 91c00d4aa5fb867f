// Generated from Protocol/apis/034-alter-replica-log-dirs.api by `make generate`. Do not edit.

/// Request of AlterReplicaLogDirs, key 34, versions 1 to 2.
package struct AlterReplicaLogDirsRequest: KafkaRequest {
    package typealias Response = AlterReplicaLogDirsResponse
    package static var apiKey: APIKey { .alterReplicaLogDirs }
    package static var flexibleFrom: Int16? { 2 }
    package static var servedVersions: ClosedRange<Int16> { 1...2 }
    package static var advertisedVersions: ClosedRange<Int16> { 1...2 }

    /// Part of `AlterReplicaLogDirsRequest`.
    package struct AlterReplicaLogDir: Sendable {
        package var path: String = ""
        package var topics: [AlterReplicaLogDirTopic] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.path = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [AlterReplicaLogDirTopic] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AlterReplicaLogDirTopic(from: &reader, version: version)) }
                self.topics = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeString(self.path, compact: flexible)
            writer.writeArrayCount(self.topics.count, compact: flexible)
            for element in self.topics { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `AlterReplicaLogDirsRequest`.
    package struct AlterReplicaLogDirTopic: Sendable {
        package var name: String = ""
        package var partitions: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.name = try reader.readString(compact: flexible)
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
            writer.writeString(self.name, compact: flexible)
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { writer.writeInt32(element) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var dirs: [AlterReplicaLogDir] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 2 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [AlterReplicaLogDir] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try AlterReplicaLogDir(from: &reader, version: version)) }
            self.dirs = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeArrayCount(self.dirs.count, compact: flexible)
        for element in self.dirs { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of AlterReplicaLogDirs, key 34, versions 1 to 2.
package struct AlterReplicaLogDirsResponse: KafkaResponse {
    /// Part of `AlterReplicaLogDirsResponse`.
    package struct AlterReplicaLogDirTopicResult: Sendable {
        package var topicName: String = ""
        package var partitions: [AlterReplicaLogDirPartitionResult] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.topicName = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
                var elements: [AlterReplicaLogDirPartitionResult] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AlterReplicaLogDirPartitionResult(from: &reader, version: version)) }
                self.partitions = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeString(self.topicName, compact: flexible)
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `AlterReplicaLogDirsResponse`.
    package struct AlterReplicaLogDirPartitionResult: Sendable {
        package var partitionIndex: Int32 = 0
        package var errorCode: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.partitionIndex = try reader.readInt32()
            self.errorCode = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt32(self.partitionIndex)
            writer.writeInt16(self.errorCode)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var results: [AlterReplicaLogDirTopicResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 2 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [AlterReplicaLogDirTopicResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try AlterReplicaLogDirTopicResult(from: &reader, version: version)) }
            self.results = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.results.count, compact: flexible)
        for element in self.results { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
