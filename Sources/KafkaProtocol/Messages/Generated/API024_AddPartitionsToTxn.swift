// Generated from Protocol/apis/024-add-partitions-to-txn.api by `make generate`. Do not edit.

/// Request of AddPartitionsToTxn, key 24, versions 0 to 5.
package struct AddPartitionsToTxnRequest: KafkaRequest {
    package typealias Response = AddPartitionsToTxnResponse
    package static var apiKey: APIKey { .addPartitionsToTxn }
    package static var flexibleFrom: Int16? { 3 }
    package static var servedVersions: ClosedRange<Int16> { 0...5 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...5 }

    /// Part of `AddPartitionsToTxnRequest`.
    package struct AddPartitionsToTxnTransaction: Sendable {
        package var transactionalID: String = ""
        package var producerID: Int64 = 0
        package var producerEpoch: Int16 = 0
        package var verifyOnly: Bool = false
        package var topics: [AddPartitionsToTxnTopic] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.transactionalID = try reader.readString(compact: flexible)
            self.producerID = try reader.readInt64()
            self.producerEpoch = try reader.readInt16()
            self.verifyOnly = try reader.readBool()
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [AddPartitionsToTxnTopic] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AddPartitionsToTxnTopic(from: &reader, version: version)) }
                self.topics = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeString(self.transactionalID, compact: flexible)
            writer.writeInt64(self.producerID)
            writer.writeInt16(self.producerEpoch)
            writer.writeBool(self.verifyOnly)
            writer.writeArrayCount(self.topics.count, compact: flexible)
            for element in self.topics { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `AddPartitionsToTxnRequest`.
    package struct AddPartitionsToTxnTopic: Sendable {
        package var name: String = ""
        package var partitions: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
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
            let flexible = version >= 3
            writer.writeString(self.name, compact: flexible)
            writer.writeArrayCount(self.partitions.count, compact: flexible)
            for element in self.partitions { writer.writeInt32(element) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Batches are for brokers only. Versions 4 and later.
    package var transactions: [AddPartitionsToTxnTransaction] = []
    /// Versions 0 to 3.
    package var v3AndBelowTransactionalID: String = ""
    /// Versions 0 to 3.
    package var v3AndBelowProducerID: Int64 = 0
    /// Versions 0 to 3.
    package var v3AndBelowProducerEpoch: Int16 = 0
    /// Versions 0 to 3.
    package var v3AndBelowTopics: [AddPartitionsToTxnTopic] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        if version >= 4 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 14)
                var elements: [AddPartitionsToTxnTransaction] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AddPartitionsToTxnTransaction(from: &reader, version: version)) }
                self.transactions = elements
            }
        }
        if version <= 3 {
            self.v3AndBelowTransactionalID = try reader.readString(compact: flexible)
        }
        if version <= 3 {
            self.v3AndBelowProducerID = try reader.readInt64()
        }
        if version <= 3 {
            self.v3AndBelowProducerEpoch = try reader.readInt16()
        }
        if version <= 3 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [AddPartitionsToTxnTopic] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AddPartitionsToTxnTopic(from: &reader, version: version)) }
                self.v3AndBelowTopics = elements
            }
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        if version >= 4 {
            writer.writeArrayCount(self.transactions.count, compact: flexible)
            for element in self.transactions { element.encode(into: &writer, version: version) }
        }
        if version <= 3 {
            writer.writeString(self.v3AndBelowTransactionalID, compact: flexible)
        }
        if version <= 3 {
            writer.writeInt64(self.v3AndBelowProducerID)
        }
        if version <= 3 {
            writer.writeInt16(self.v3AndBelowProducerEpoch)
        }
        if version <= 3 {
            writer.writeArrayCount(self.v3AndBelowTopics.count, compact: flexible)
            for element in self.v3AndBelowTopics { element.encode(into: &writer, version: version) }
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of AddPartitionsToTxn, key 24, versions 0 to 5.
package struct AddPartitionsToTxnResponse: KafkaResponse {
    /// Part of `AddPartitionsToTxnResponse`.
    package struct AddPartitionsToTxnResult: Sendable {
        package var transactionalID: String = ""
        package var topicResults: [AddPartitionsToTxnTopicResult] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.transactionalID = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [AddPartitionsToTxnTopicResult] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AddPartitionsToTxnTopicResult(from: &reader, version: version)) }
                self.topicResults = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeString(self.transactionalID, compact: flexible)
            writer.writeArrayCount(self.topicResults.count, compact: flexible)
            for element in self.topicResults { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `AddPartitionsToTxnResponse`.
    package struct AddPartitionsToTxnTopicResult: Sendable {
        package var name: String = ""
        package var resultsByPartition: [AddPartitionsToTxnPartitionResult] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.name = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
                var elements: [AddPartitionsToTxnPartitionResult] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AddPartitionsToTxnPartitionResult(from: &reader, version: version)) }
                self.resultsByPartition = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeString(self.name, compact: flexible)
            writer.writeArrayCount(self.resultsByPartition.count, compact: flexible)
            for element in self.resultsByPartition { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `AddPartitionsToTxnResponse`.
    package struct AddPartitionsToTxnPartitionResult: Sendable {
        package var partitionIndex: Int32 = 0
        package var partitionErrorCode: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.partitionIndex = try reader.readInt32()
            self.partitionErrorCode = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeInt32(self.partitionIndex)
            writer.writeInt16(self.partitionErrorCode)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    /// Versions 4 and later.
    package var errorCode: Int16 = 0
    /// Versions 4 and later.
    package var resultsByTransaction: [AddPartitionsToTxnResult] = []
    /// Versions 0 to 3.
    package var resultsByTopicV3AndBelow: [AddPartitionsToTxnTopicResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 5 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        self.throttleTimeMs = try reader.readInt32()
        if version >= 4 {
            self.errorCode = try reader.readInt16()
        }
        if version >= 4 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [AddPartitionsToTxnResult] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AddPartitionsToTxnResult(from: &reader, version: version)) }
                self.resultsByTransaction = elements
            }
        }
        if version <= 3 {
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [AddPartitionsToTxnTopicResult] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AddPartitionsToTxnTopicResult(from: &reader, version: version)) }
                self.resultsByTopicV3AndBelow = elements
            }
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        writer.writeInt32(self.throttleTimeMs)
        if version >= 4 {
            writer.writeInt16(self.errorCode)
        }
        if version >= 4 {
            writer.writeArrayCount(self.resultsByTransaction.count, compact: flexible)
            for element in self.resultsByTransaction { element.encode(into: &writer, version: version) }
        }
        if version <= 3 {
            writer.writeArrayCount(self.resultsByTopicV3AndBelow.count, compact: flexible)
            for element in self.resultsByTopicV3AndBelow { element.encode(into: &writer, version: version) }
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
