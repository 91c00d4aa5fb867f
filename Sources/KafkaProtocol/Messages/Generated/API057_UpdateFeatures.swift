// Generated from Protocol/apis/057-update-features.api by `make generate`. Do not edit.

/// Request of UpdateFeatures, key 57, versions 0 to 2.
package struct UpdateFeaturesRequest: KafkaRequest {
    package typealias Response = UpdateFeaturesResponse
    package static var apiKey: APIKey { .updateFeatures }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...2 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...2 }

    /// Part of `UpdateFeaturesRequest`.
    package struct FeatureUpdateKey: Sendable {
        package var feature: String = ""
        package var maxVersionLevel: Int16 = 0
        /// Version 0 only.
        package var allowDowngrade: Bool = false
        /// Versions 1 and later.
        package var upgradeType: Int8 = 1

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.feature = try reader.readString(compact: true)
            self.maxVersionLevel = try reader.readInt16()
            if version == 0 {
                self.allowDowngrade = try reader.readBool()
            }
            if version >= 1 {
                self.upgradeType = try reader.readInt8()
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.feature, compact: true)
            writer.writeInt16(self.maxVersionLevel)
            if version == 0 {
                writer.writeBool(self.allowDowngrade)
            }
            if version >= 1 {
                writer.writeInt8(self.upgradeType)
            }
            writer.writeUnsignedVarint(0)
        }
    }

    package var timeoutMs: Int32 = 60000
    package var featureUpdates: [FeatureUpdateKey] = []
    /// Versions 1 and later.
    package var validateOnly: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        self.timeoutMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 5)
            var elements: [FeatureUpdateKey] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try FeatureUpdateKey(from: &reader, version: version)) }
            self.featureUpdates = elements
        }
        if version >= 1 {
            self.validateOnly = try reader.readBool()
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.timeoutMs)
        writer.writeArrayCount(self.featureUpdates.count, compact: true)
        for element in self.featureUpdates { element.encode(into: &writer, version: version) }
        if version >= 1 {
            writer.writeBool(self.validateOnly)
        }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of UpdateFeatures, key 57, versions 0 to 2.
package struct UpdateFeaturesResponse: KafkaResponse {
    /// Part of `UpdateFeaturesResponse`.
    package struct UpdatableFeatureResult: Sendable {
        package var feature: String = ""
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.feature = try reader.readString(compact: true)
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: true)
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.feature, compact: true)
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: true)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var errorMessage: String? = nil
    /// Versions 0 to 1.
    package var results: [UpdatableFeatureResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        self.errorMessage = try reader.readNullableString(compact: true)
        if version <= 1 {
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 5)
                var elements: [UpdatableFeatureResult] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try UpdatableFeatureResult(from: &reader, version: version)) }
                self.results = elements
            }
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeNullableString(self.errorMessage, compact: true)
        if version <= 1 {
            writer.writeArrayCount(self.results.count, compact: true)
            for element in self.results { element.encode(into: &writer, version: version) }
        }
        writer.writeUnsignedVarint(0)
    }
}
