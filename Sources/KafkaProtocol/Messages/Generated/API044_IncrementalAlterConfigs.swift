// Generated from Protocol/apis/044-incremental-alter-configs.api by `make generate`. Do not edit.

/// Request of IncrementalAlterConfigs, key 44, versions 0 to 1.
package struct IncrementalAlterConfigsRequest: KafkaRequest {
    package typealias Response = IncrementalAlterConfigsResponse
    package static var apiKey: APIKey { .incrementalAlterConfigs }
    package static var flexibleFrom: Int16? { 1 }
    package static var servedVersions: ClosedRange<Int16> { 0...1 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...1 }

    /// Part of `IncrementalAlterConfigsRequest`.
    package struct AlterConfigsResource: Sendable {
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var configs: [AlterableConfig] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 1
            self.resourceType = try reader.readInt8()
            self.resourceName = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
                var elements: [AlterableConfig] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try AlterableConfig(from: &reader, version: version)) }
                self.configs = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
            writer.writeInt8(self.resourceType)
            writer.writeString(self.resourceName, compact: flexible)
            writer.writeArrayCount(self.configs.count, compact: flexible)
            for element in self.configs { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `IncrementalAlterConfigsRequest`.
    package struct AlterableConfig: Sendable {
        package var name: String = ""
        /// 0 set, 1 delete, 2 append, 3 subtract.
        package var configOperation: Int8 = 0
        package var value: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 1
            self.name = try reader.readString(compact: flexible)
            self.configOperation = try reader.readInt8()
            self.value = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
            writer.writeString(self.name, compact: flexible)
            writer.writeInt8(self.configOperation)
            writer.writeNullableString(self.value, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var resources: [AlterConfigsResource] = []
    package var validateOnly: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        let flexible = version >= 1
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
        let flexible = version >= 1
        writer.writeArrayCount(self.resources.count, compact: flexible)
        for element in self.resources { element.encode(into: &writer, version: version) }
        writer.writeBool(self.validateOnly)
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of IncrementalAlterConfigs, key 44, versions 0 to 1.
package struct IncrementalAlterConfigsResponse: KafkaResponse {
    /// Part of `IncrementalAlterConfigsResponse`.
    package struct AlterConfigsResourceResponse: Sendable {
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil
        package var resourceType: Int8 = 0
        package var resourceName: String = ""

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 1
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: flexible)
            self.resourceType = try reader.readInt8()
            self.resourceName = try reader.readString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 1
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
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        let flexible = version >= 1
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
        let flexible = version >= 1
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.responses.count, compact: flexible)
        for element in self.responses { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
