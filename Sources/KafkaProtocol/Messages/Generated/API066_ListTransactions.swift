// Generated from Protocol/apis/066-list-transactions.api by `make generate`. Do not edit.

/// Request of ListTransactions, key 66, versions 0 to 2.
package struct ListTransactionsRequest: KafkaRequest {
    package typealias Response = ListTransactionsResponse
    package static var apiKey: APIKey { .listTransactions }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...2 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...2 }

    package var stateFilters: [String] = []
    package var producerIDFilters: [Int64] = []
    /// Ms; -1 no filter. Versions 1 and later.
    package var durationFilter: Int64 = -1
    /// Version 2 only.
    package var transactionalIDPattern: String? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 1)
            var elements: [String] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readString(compact: true)) }
            self.stateFilters = elements
        }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 8)
            var elements: [Int64] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readInt64()) }
            self.producerIDFilters = elements
        }
        if version >= 1 {
            self.durationFilter = try reader.readInt64()
        }
        if version == 2 {
            self.transactionalIDPattern = try reader.readNullableString(compact: true)
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.stateFilters.count, compact: true)
        for element in self.stateFilters { writer.writeString(element, compact: true) }
        writer.writeArrayCount(self.producerIDFilters.count, compact: true)
        for element in self.producerIDFilters { writer.writeInt64(element) }
        if version >= 1 {
            writer.writeInt64(self.durationFilter)
        }
        if version == 2 {
            writer.writeNullableString(self.transactionalIDPattern, compact: true)
        }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of ListTransactions, key 66, versions 0 to 2.
package struct ListTransactionsResponse: KafkaResponse {
    /// Part of `ListTransactionsResponse`.
    package struct TransactionState: Sendable {
        package var transactionalID: String = ""
        package var producerID: Int64 = 0
        package var transactionState: String = ""

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.transactionalID = try reader.readString(compact: true)
            self.producerID = try reader.readInt64()
            self.transactionState = try reader.readString(compact: true)
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.transactionalID, compact: true)
            writer.writeInt64(self.producerID)
            writer.writeString(self.transactionState, compact: true)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var unknownStateFilters: [String] = []
    package var transactionStates: [TransactionState] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 1)
            var elements: [String] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try reader.readString(compact: true)) }
            self.unknownStateFilters = elements
        }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 11)
            var elements: [TransactionState] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try TransactionState(from: &reader, version: version)) }
            self.transactionStates = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeArrayCount(self.unknownStateFilters.count, compact: true)
        for element in self.unknownStateFilters { writer.writeString(element, compact: true) }
        writer.writeArrayCount(self.transactionStates.count, compact: true)
        for element in self.transactionStates { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
