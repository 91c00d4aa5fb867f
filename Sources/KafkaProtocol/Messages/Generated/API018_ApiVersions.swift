// Generated from Protocol/apis/018-api-versions.api by `make generate`. Do not edit.

/// Request of ApiVersions, key 18, versions 0 to 4.
package struct ApiVersionsRequest: KafkaRequest {
    package typealias Response = ApiVersionsResponse
    package static var apiKey: APIKey { .apiVersions }
    package static var flexibleFrom: Int16? { 3 }
    package static var servedVersions: ClosedRange<Int16> { 0...4 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...4 }

    /// Versions 3 and later.
    package var clientSoftwareName: String = ""
    /// Versions 3 and later.
    package var clientSoftwareVersion: String = ""

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        if version >= 3 {
            self.clientSoftwareName = try reader.readString(compact: flexible)
        }
        if version >= 3 {
            self.clientSoftwareVersion = try reader.readString(compact: flexible)
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        if version >= 3 {
            writer.writeString(self.clientSoftwareName, compact: flexible)
        }
        if version >= 3 {
            writer.writeString(self.clientSoftwareVersion, compact: flexible)
        }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of ApiVersions, key 18, versions 0 to 4.
package struct ApiVersionsResponse: KafkaResponse {
    /// Part of `ApiVersionsResponse`.
    package struct ApiVersion: Sendable {
        package var apiKey: Int16 = 0
        package var minVersion: Int16 = 0
        package var maxVersion: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.apiKey = try reader.readInt16()
            self.minVersion = try reader.readInt16()
            self.maxVersion = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeInt16(self.apiKey)
            writer.writeInt16(self.minVersion)
            writer.writeInt16(self.maxVersion)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `ApiVersionsResponse`.
    package struct SupportedFeatureKey: Sendable {
        package var name: String = ""
        package var minVersion: Int16 = 0
        package var maxVersion: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.name = try reader.readString(compact: flexible)
            self.minVersion = try reader.readInt16()
            self.maxVersion = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeString(self.name, compact: flexible)
            writer.writeInt16(self.minVersion)
            writer.writeInt16(self.maxVersion)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `ApiVersionsResponse`.
    package struct FinalizedFeatureKey: Sendable {
        package var name: String = ""
        package var maxVersionLevel: Int16 = 0
        package var minVersionLevel: Int16 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 3
            self.name = try reader.readString(compact: flexible)
            self.maxVersionLevel = try reader.readInt16()
            self.minVersionLevel = try reader.readInt16()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 3
            writer.writeString(self.name, compact: flexible)
            writer.writeInt16(self.maxVersionLevel)
            writer.writeInt16(self.minVersionLevel)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var errorCode: Int16 = 0
    package var apiKeys: [ApiVersion] = []
    /// Ms the client should pause. Versions 1 and later.
    package var throttleTimeMs: Int32 = 0
    /// Versions 3 and later, tagged.
    package var supportedFeatures: [SupportedFeatureKey] = []
    /// Versions 3 and later, tagged.
    package var finalizedFeaturesEpoch: Int64 = -1
    /// Versions 3 and later, tagged.
    package var finalizedFeatures: [FinalizedFeatureKey] = []
    /// Versions 3 and later, tagged.
    package var zkMigrationReady: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 3
        self.errorCode = try reader.readInt16()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
            var elements: [ApiVersion] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ApiVersion(from: &reader, version: version)) }
            self.apiKeys = elements
        }
        if version >= 1 {
            self.throttleTimeMs = try reader.readInt32()
        }
        if flexible {
            var tags = try reader.readUnsignedVarint()
            while tags > 0 {
                tags -= 1
                switch try reader.readUnsignedVarint() {
                case 0:
                    let outer = try reader.enterTag()
                    do {
                        let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
                        var elements: [SupportedFeatureKey] = []
                        elements.reserveCapacity(min(count, WireReader.reservationLimit))
                        for _ in 0..<count { elements.append(try SupportedFeatureKey(from: &reader, version: version)) }
                        self.supportedFeatures = elements
                    }
                    try reader.leaveTag(outer)
                case 1:
                    let outer = try reader.enterTag()
                    self.finalizedFeaturesEpoch = try reader.readInt64()
                    try reader.leaveTag(outer)
                case 2:
                    let outer = try reader.enterTag()
                    do {
                        let count = try reader.readArrayCount(compact: flexible, minimumSize: 6)
                        var elements: [FinalizedFeatureKey] = []
                        elements.reserveCapacity(min(count, WireReader.reservationLimit))
                        for _ in 0..<count { elements.append(try FinalizedFeatureKey(from: &reader, version: version)) }
                        self.finalizedFeatures = elements
                    }
                    try reader.leaveTag(outer)
                case 3:
                    let outer = try reader.enterTag()
                    self.zkMigrationReady = try reader.readBool()
                    try reader.leaveTag(outer)
                default: try reader.skipTag()
                }
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 3
        writer.writeInt16(self.errorCode)
        writer.writeArrayCount(self.apiKeys.count, compact: flexible)
        for element in self.apiKeys { element.encode(into: &writer, version: version) }
        if version >= 1 {
            writer.writeInt32(self.throttleTimeMs)
        }
        if flexible {
            var tags: UInt32 = 0
            let writes0 = !self.supportedFeatures.isEmpty
            if writes0 { tags += 1 }
            let writes1 = self.finalizedFeaturesEpoch != -1
            if writes1 { tags += 1 }
            let writes2 = !self.finalizedFeatures.isEmpty
            if writes2 { tags += 1 }
            let writes3 = self.zkMigrationReady != false
            if writes3 { tags += 1 }
            writer.writeUnsignedVarint(tags)
            if writes0 {
                let start = writer.beginTag(0)
                writer.writeArrayCount(self.supportedFeatures.count, compact: flexible)
                for element in self.supportedFeatures { element.encode(into: &writer, version: version) }
                writer.endTag(start)
            }
            if writes1 {
                let start = writer.beginTag(1)
                writer.writeInt64(self.finalizedFeaturesEpoch)
                writer.endTag(start)
            }
            if writes2 {
                let start = writer.beginTag(2)
                writer.writeArrayCount(self.finalizedFeatures.count, compact: flexible)
                for element in self.finalizedFeatures { element.encode(into: &writer, version: version) }
                writer.endTag(start)
            }
            if writes3 {
                let start = writer.beginTag(3)
                writer.writeBool(self.zkMigrationReady)
                writer.endTag(start)
            }
        }
    }
}
