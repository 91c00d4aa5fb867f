// Generated from Protocol/apis/065-describe-transactions.api by `make generate`. Do not edit.

/// Request of DescribeTransactions, key 65, versions 0 to 0.
package struct DescribeTransactionsRequest: KafkaRequest {
    package typealias Response = DescribeTransactionsResponse
    package static var apiKey: APIKey { .describeTransactions }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...0 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...0 }

    package var transactionalIDs: [String] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 1)
            var elements: [String] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readString(compact: true)) }
            self.transactionalIDs = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.transactionalIDs.count, compact: true)
        for element in self.transactionalIDs { writer.writeString(element, compact: true) }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of DescribeTransactions, key 65, versions 0 to 0.
package struct DescribeTransactionsResponse: KafkaResponse {
    /// Part of `DescribeTransactionsResponse`.
    package struct TransactionState: Sendable {
        package var errorCode: Int16 = 0
        package var transactionalID: String = ""
        package var transactionState: String = ""
        package var transactionTimeoutMs: Int32 = 0
        package var transactionStartTimeMs: Int64 = 0
        package var producerID: Int64 = 0
        package var producerEpoch: Int16 = 0
        package var topics: [TopicData] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.errorCode = try reader.readInt16()
            self.transactionalID = try reader.readString(compact: true)
            self.transactionState = try reader.readString(compact: true)
            self.transactionTimeoutMs = try reader.readInt32()
            self.transactionStartTimeMs = try reader.readInt64()
            self.producerID = try reader.readInt64()
            self.producerEpoch = try reader.readInt16()
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 3)
                var elements: [TopicData] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try TopicData(from: &reader, version: version)) }
                self.topics = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt16(self.errorCode)
            writer.writeString(self.transactionalID, compact: true)
            writer.writeString(self.transactionState, compact: true)
            writer.writeInt32(self.transactionTimeoutMs)
            writer.writeInt64(self.transactionStartTimeMs)
            writer.writeInt64(self.producerID)
            writer.writeInt16(self.producerEpoch)
            writer.writeArrayCount(self.topics.count, compact: true)
            for element in self.topics { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `DescribeTransactionsResponse`.
    package struct TopicData: Sendable {
        package var topic: String = ""
        package var partitions: [Int32] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.topic = try reader.readString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 4)
                var elements: [Int32] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt32()) }
                self.partitions = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.topic, compact: true)
            writer.writeArrayCount(self.partitions.count, compact: true)
            for element in self.partitions { writer.writeInt32(element) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var transactionStates: [TransactionState] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 28)
            var elements: [TransactionState] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TransactionState(from: &reader, version: version)) }
            self.transactionStates = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.transactionStates.count, compact: true)
        for element in self.transactionStates { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
