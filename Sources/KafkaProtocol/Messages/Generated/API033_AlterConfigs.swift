// Generated from Protocol/apis/033-alter-configs.api by `make generate`. Do not edit.

/// Request of AlterConfigs, key 33, versions 0 to 2.
package struct AlterConfigsRequest: KafkaRequest {
    package typealias Response = AlterConfigsResponse
    package static var apiKey: APIKey { .alterConfigs }
    package static var flexibleFrom: Int16? { 2 }
    package static var servedVersions: ClosedRange<Int16> { 0...2 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...2 }

    /// Part of `AlterConfigsRequest`.
    package struct AlterConfigsResource: Sendable {
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var configs: [AlterableConfig] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.resourceType = try reader.readInt8()
            self.resourceName = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 3)
                var elements: [AlterableConfig] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AlterableConfig(from: &reader, version: version)) }
                self.configs = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt8(self.resourceType)
            writer.writeString(self.resourceName, compact: flexible)
            writer.writeArrayCount(self.configs.count, compact: flexible)
            for element in self.configs { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `AlterConfigsRequest`.
    package struct AlterableConfig: Sendable {
        package var name: String = ""
        package var value: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.name = try reader.readString(compact: flexible)
            self.value = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeString(self.name, compact: flexible)
            writer.writeNullableString(self.value, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var resources: [AlterConfigsResource] = []
    package var validateOnly: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
            var elements: [AlterConfigsResource] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try AlterConfigsResource(from: &reader, version: version)) }
            self.resources = elements
        }
        self.validateOnly = try reader.readBool()
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeArrayCount(self.resources.count, compact: flexible)
        for element in self.resources { element.encode(into: &writer, version: version) }
        writer.writeBool(self.validateOnly)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of AlterConfigs, key 33, versions 0 to 2.
package struct AlterConfigsResponse: KafkaResponse {
    /// Part of `AlterConfigsResponse`.
    package struct AlterConfigsResourceResponse: Sendable {
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil
        package var resourceType: Int8 = 0
        package var resourceName: String = ""

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: flexible)
            self.resourceType = try reader.readInt8()
            self.resourceName = try reader.readString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: flexible)
            writer.writeInt8(self.resourceType)
            writer.writeString(self.resourceName, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var responses: [AlterConfigsResourceResponse] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
            var elements: [AlterConfigsResourceResponse] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try AlterConfigsResourceResponse(from: &reader, version: version)) }
            self.responses = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.responses.count, compact: flexible)
        for element in self.responses { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
