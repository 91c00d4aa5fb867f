// Generated from Protocol/apis/030-create-acls.api by `make generate`. Do not edit.

/// Request of CreateAcls, key 30, versions 1 to 3.
package struct CreateAclsRequest: KafkaRequest {
    package typealias Response = CreateAclsResponse
    package static var apiKey: APIKey { .createAcls }
    package static var flexibleFrom: Int16? { 2 }
    package static var servedVersions: ClosedRange<Int16> { 1...3 }
    package static var advertisedVersions: ClosedRange<Int16> { 1...3 }

    /// Part of `CreateAclsRequest`.
    package struct AclCreation: Sendable {
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var resourcePatternType: Int8 = 3
        package var principal: String = ""
        package var host: String = ""
        package var operation: Int8 = 0
        package var permissionType: Int8 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.resourceType = try reader.readInt8()
            self.resourceName = try reader.readString(compact: flexible)
            self.resourcePatternType = try reader.readInt8()
            self.principal = try reader.readString(compact: flexible)
            self.host = try reader.readString(compact: flexible)
            self.operation = try reader.readInt8()
            self.permissionType = try reader.readInt8()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt8(self.resourceType)
            writer.writeString(self.resourceName, compact: flexible)
            writer.writeInt8(self.resourcePatternType)
            writer.writeString(self.principal, compact: flexible)
            writer.writeString(self.host, compact: flexible)
            writer.writeInt8(self.operation)
            writer.writeInt8(self.permissionType)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var creations: [AclCreation] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 3 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 8)
            var elements: [AclCreation] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try AclCreation(from: &reader, version: version)) }
            self.creations = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeArrayCount(self.creations.count, compact: flexible)
        for element in self.creations { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of CreateAcls, key 30, versions 1 to 3.
package struct CreateAclsResponse: KafkaResponse {
    /// Part of `CreateAclsResponse`.
    package struct AclCreationResult: Sendable {
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: flexible)
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: flexible)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var results: [AclCreationResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 3 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 4)
            var elements: [AclCreationResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try AclCreationResult(from: &reader, version: version)) }
            self.results = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.results.count, compact: flexible)
        for element in self.results { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
