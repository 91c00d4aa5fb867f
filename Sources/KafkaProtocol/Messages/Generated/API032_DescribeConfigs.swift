// Generated from Protocol/apis/032-describe-configs.api by `make generate`. Do not edit.

/// Request of DescribeConfigs, key 32, versions 1 to 4.
package struct DescribeConfigsRequest: KafkaRequest {
    package typealias Response = DescribeConfigsResponse
    package static var apiKey: APIKey { .describeConfigs }
    package static var flexibleFrom: Int16? { 4 }
    package static var servedVersions: ClosedRange<Int16> { 1...4 }
    package static var advertisedVersions: ClosedRange<Int16> { 1...4 }

    /// Part of `DescribeConfigsRequest`.
    package struct DescribeConfigsResource: Sendable {
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var configurationKeys: [String]? = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.resourceType = try reader.readInt8()
            self.resourceName = try reader.readString(compact: flexible)
            if let count = try reader.readNullableArrayCount(compact: flexible, minimumSize: 1) {
                var elements: [String] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readString(compact: flexible)) }
                self.configurationKeys = elements
            } else {
                self.configurationKeys = nil
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeInt8(self.resourceType)
            writer.writeString(self.resourceName, compact: flexible)
            writer.writeArrayCount(self.configurationKeys?.count, compact: flexible)
            for element in self.configurationKeys ?? [] { writer.writeString(element, compact: flexible) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var resources: [DescribeConfigsResource] = []
    package var includeSynonyms: Bool = false
    /// Versions 3 and later.
    package var includeDocumentation: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
            var elements: [DescribeConfigsResource] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DescribeConfigsResource(from: &reader, version: version)) }
            self.resources = elements
        }
        self.includeSynonyms = try reader.readBool()
        if version >= 3 {
            self.includeDocumentation = try reader.readBool()
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        writer.writeArrayCount(self.resources.count, compact: flexible)
        for element in self.resources { element.encode(into: &writer, version: version) }
        writer.writeBool(self.includeSynonyms)
        if version >= 3 {
            writer.writeBool(self.includeDocumentation)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of DescribeConfigs, key 32, versions 1 to 4.
package struct DescribeConfigsResponse: KafkaResponse {
    /// Part of `DescribeConfigsResponse`.
    package struct DescribeConfigsResult: Sendable {
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var configs: [DescribeConfigsResourceResult] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: flexible)
            self.resourceType = try reader.readInt8()
            self.resourceName = try reader.readString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 9)
                var elements: [DescribeConfigsResourceResult] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try DescribeConfigsResourceResult(from: &reader, version: version)) }
                self.configs = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: flexible)
            writer.writeInt8(self.resourceType)
            writer.writeString(self.resourceName, compact: flexible)
            writer.writeArrayCount(self.configs.count, compact: flexible)
            for element in self.configs { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `DescribeConfigsResponse`.
    package struct DescribeConfigsResourceResult: Sendable {
        package var name: String = ""
        package var value: String? = nil
        package var readOnly: Bool = false
        package var configSource: Int8 = -1
        package var isSensitive: Bool = false
        package var synonyms: [DescribeConfigsSynonym] = []
        /// Versions 3 and later.
        package var configType: Int8 = 0
        /// Versions 3 and later.
        package var documentation: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.name = try reader.readString(compact: flexible)
            self.value = try reader.readNullableString(compact: flexible)
            self.readOnly = try reader.readBool()
            self.configSource = try reader.readInt8()
            self.isSensitive = try reader.readBool()
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
                var elements: [DescribeConfigsSynonym] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try DescribeConfigsSynonym(from: &reader, version: version)) }
                self.synonyms = elements
            }
            if version >= 3 {
                self.configType = try reader.readInt8()
            }
            if version >= 3 {
                self.documentation = try reader.readNullableString(compact: flexible)
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeString(self.name, compact: flexible)
            writer.writeNullableString(self.value, compact: flexible)
            writer.writeBool(self.readOnly)
            writer.writeInt8(self.configSource)
            writer.writeBool(self.isSensitive)
            writer.writeArrayCount(self.synonyms.count, compact: flexible)
            for element in self.synonyms { element.encode(into: &writer, version: version) }
            if version >= 3 {
                writer.writeInt8(self.configType)
            }
            if version >= 3 {
                writer.writeNullableString(self.documentation, compact: flexible)
            }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `DescribeConfigsResponse`.
    package struct DescribeConfigsSynonym: Sendable {
        package var name: String = ""
        package var value: String? = nil
        package var source: Int8 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 4
            self.name = try reader.readString(compact: flexible)
            self.value = try reader.readNullableString(compact: flexible)
            self.source = try reader.readInt8()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 4
            writer.writeString(self.name, compact: flexible)
            writer.writeNullableString(self.value, compact: flexible)
            writer.writeInt8(self.source)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var results: [DescribeConfigsResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 7)
            var elements: [DescribeConfigsResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DescribeConfigsResult(from: &reader, version: version)) }
            self.results = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.results.count, compact: flexible)
        for element in self.results { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
