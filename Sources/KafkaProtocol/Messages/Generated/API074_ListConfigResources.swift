// Generated from Protocol/apis/074-list-config-resources.api by `make generate`. Do not edit.

/// Request of ListConfigResources, key 74, versions 0 to 1.
package struct ListConfigResourcesRequest: KafkaRequest {
    package typealias Response = ListConfigResourcesResponse
    package static var apiKey: APIKey { .listConfigResources }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...1 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...1 }

    /// Version 1 only.
    package var resourceTypes: [Int8] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        if version == 1 {
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 1)
                var elements: [Int8] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try reader.readInt8()) }
                self.resourceTypes = elements
            }
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        if version == 1 {
            writer.writeArrayCount(self.resourceTypes.count, compact: true)
            for element in self.resourceTypes { writer.writeInt8(element) }
        }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of ListConfigResources, key 74, versions 0 to 1.
package struct ListConfigResourcesResponse: KafkaResponse {
    /// Part of `ListConfigResourcesResponse`.
    package struct ConfigResource: Sendable {
        package var resourceName: String = ""
        /// Version 1 only.
        package var resourceType: Int8 = 16

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.resourceName = try reader.readString(compact: true)
            if version == 1 {
                self.resourceType = try reader.readInt8()
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.resourceName, compact: true)
            if version == 1 {
                writer.writeInt8(self.resourceType)
            }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var configResources: [ConfigResource] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 2)
            var elements: [ConfigResource] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ConfigResource(from: &reader, version: version)) }
            self.configResources = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeArrayCount(self.configResources.count, compact: true)
        for element in self.configResources { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
