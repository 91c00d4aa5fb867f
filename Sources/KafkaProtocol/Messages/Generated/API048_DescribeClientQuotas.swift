// Generated from Protocol/apis/048-describe-client-quotas.api by `make generate`. Do not edit.

/// Request of DescribeClientQuotas, key 48, versions 0 to 1.
package struct DescribeClientQuotasRequest: KafkaRequest {
    package typealias Response = DescribeClientQuotasResponse
    package static var apiKey: APIKey { .describeClientQuotas }
    package static var flexibleFrom: Int16? { 1 }
    package static var servedVersions: ClosedRange<Int16> { 0...1 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...1 }

    /// Part of `DescribeClientQuotasRequest`.
    package struct ComponentData: Sendable {
        package var entityType: String = ""
        package var matchType: Int8 = 0
        package var match: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 1
            self.entityType = try reader.readString(compact: flexible)
            self.matchType = try reader.readInt8()
            self.match = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
            writer.writeString(self.entityType, compact: flexible)
            writer.writeInt8(self.matchType)
            writer.writeNullableString(self.match, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var components: [ComponentData] = []
    package var strict: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        let flexible = version >= 1
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
            var elements: [ComponentData] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ComponentData(from: &reader, version: version)) }
            self.components = elements
        }
        self.strict = try reader.readBool()
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 1
        writer.writeArrayCount(self.components.count, compact: flexible)
        for element in self.components { element.encode(into: &writer, version: version) }
        writer.writeBool(self.strict)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of DescribeClientQuotas, key 48, versions 0 to 1.
package struct DescribeClientQuotasResponse: KafkaResponse {
    /// Part of `DescribeClientQuotasResponse`.
    package struct EntryData: Sendable {
        package var entity: [EntityData] = []
        package var values: [ValueData] = []

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
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 10)
                var elements: [ValueData] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try ValueData(from: &reader, version: version)) }
                self.values = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
            writer.writeArrayCount(self.entity.count, compact: flexible)
            for element in self.entity { element.encode(into: &writer, version: version) }
            writer.writeArrayCount(self.values.count, compact: flexible)
            for element in self.values { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `DescribeClientQuotasResponse`.
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

    /// Part of `DescribeClientQuotasResponse`.
    package struct ValueData: Sendable {
        package var key: String = ""
        package var value: Double = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 1
            self.key = try reader.readString(compact: flexible)
            self.value = try reader.readFloat64()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
            writer.writeString(self.key, compact: flexible)
            writer.writeFloat64(self.value)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var errorMessage: String? = nil
    package var entries: [EntryData]? = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        let flexible = version >= 1
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        self.errorMessage = try reader.readNullableString(compact: flexible)
        if let count = try reader.readNullableArrayCount(compact: flexible, minimumSize: 3) {
            var elements: [EntryData] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try EntryData(from: &reader, version: version)) }
            self.entries = elements
        } else {
            self.entries = nil
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 1
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeNullableString(self.errorMessage, compact: flexible)
        writer.writeArrayCount(self.entries?.count, compact: flexible)
        for element in self.entries ?? [] { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
