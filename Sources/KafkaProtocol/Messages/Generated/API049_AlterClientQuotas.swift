// Generated from Protocol/apis/049-alter-client-quotas.api by `make generate`. Do not edit.

/// Request of AlterClientQuotas, key 49, versions 0 to 1.
package struct AlterClientQuotasRequest: KafkaRequest {
    package typealias Response = AlterClientQuotasResponse
    package static var apiKey: APIKey { .alterClientQuotas }
    package static var flexibleFrom: Int16? { 1 }
    package static var servedVersions: ClosedRange<Int16> { 0...1 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...1 }

    /// Part of `AlterClientQuotasRequest`.
    package struct EntryData: Sendable {
        package var entity: [EntityData] = []
        package var ops: [OpData] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 1
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [EntityData] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try EntityData(from: &reader, version: version)) }
                self.entity = elements
            }
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 11)
                var elements: [OpData] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try OpData(from: &reader, version: version)) }
                self.ops = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
            writer.writeArrayCount(self.entity.count, compact: flexible)
            for element in self.entity { element.encode(into: &writer, version: version) }
            writer.writeArrayCount(self.ops.count, compact: flexible)
            for element in self.ops { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `AlterClientQuotasRequest`.
    package struct EntityData: Sendable {
        package var entityType: String = ""
        package var entityName: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 1
            self.entityType = try reader.readString(compact: flexible)
            self.entityName = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
            writer.writeString(self.entityType, compact: flexible)
            writer.writeNullableString(self.entityName, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `AlterClientQuotasRequest`.
    package struct OpData: Sendable {
        package var key: String = ""
        package var value: Double = 0
        package var remove: Bool = false

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 1
            self.key = try reader.readString(compact: flexible)
            self.value = try reader.readFloat64()
            self.remove = try reader.readBool()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
            writer.writeString(self.key, compact: flexible)
            writer.writeFloat64(self.value)
            writer.writeBool(self.remove)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var entries: [EntryData] = []
    package var validateOnly: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        let flexible = version >= 1
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
            var elements: [EntryData] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try EntryData(from: &reader, version: version)) }
            self.entries = elements
        }
        self.validateOnly = try reader.readBool()
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 1
        writer.writeArrayCount(self.entries.count, compact: flexible)
        for element in self.entries { element.encode(into: &writer, version: version) }
        writer.writeBool(self.validateOnly)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of AlterClientQuotas, key 49, versions 0 to 1.
package struct AlterClientQuotasResponse: KafkaResponse {
    /// Part of `AlterClientQuotasResponse`.
    package struct EntryData: Sendable {
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil
        package var entity: [EntityData] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 1
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [EntityData] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try EntityData(from: &reader, version: version)) }
                self.entity = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: flexible)
            writer.writeArrayCount(self.entity.count, compact: flexible)
            for element in self.entity { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `AlterClientQuotasResponse`.
    package struct EntityData: Sendable {
        package var entityType: String = ""
        package var entityName: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 1
            self.entityType = try reader.readString(compact: flexible)
            self.entityName = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
            writer.writeString(self.entityType, compact: flexible)
            writer.writeNullableString(self.entityName, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var entries: [EntryData] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        let flexible = version >= 1
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 5)
            var elements: [EntryData] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try EntryData(from: &reader, version: version)) }
            self.entries = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 1
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.entries.count, compact: flexible)
        for element in self.entries { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
