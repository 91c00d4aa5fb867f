// Generated from Protocol/apis/031-delete-acls.api by `make generate`. Do not edit.

/// Request of DeleteAcls, key 31, versions 1 to 3.
package struct DeleteAclsRequest: KafkaRequest {
    package typealias Response = DeleteAclsResponse
    package static var apiKey: APIKey { .deleteAcls }
    package static var flexibleFrom: Int16? { 2 }
    package static var servedVersions: ClosedRange<Int16> { 1...3 }
    package static var advertisedVersions: ClosedRange<Int16> { 1...3 }

    /// Part of `DeleteAclsRequest`.
    package struct DeleteAclsFilter: Sendable {
        package var resourceTypeFilter: Int8 = 0
        package var resourceNameFilter: String? = nil
        package var patternTypeFilter: Int8 = 3
        package var principalFilter: String? = nil
        package var hostFilter: String? = nil
        package var operation: Int8 = 0
        package var permissionType: Int8 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.resourceTypeFilter = try reader.readInt8()
            self.resourceNameFilter = try reader.readNullableString(compact: flexible)
            self.patternTypeFilter = try reader.readInt8()
            self.principalFilter = try reader.readNullableString(compact: flexible)
            self.hostFilter = try reader.readNullableString(compact: flexible)
            self.operation = try reader.readInt8()
            self.permissionType = try reader.readInt8()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt8(self.resourceTypeFilter)
            writer.writeNullableString(self.resourceNameFilter, compact: flexible)
            writer.writeInt8(self.patternTypeFilter)
            writer.writeNullableString(self.principalFilter, compact: flexible)
            writer.writeNullableString(self.hostFilter, compact: flexible)
            writer.writeInt8(self.operation)
            writer.writeInt8(self.permissionType)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    package var filters: [DeleteAclsFilter] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 3 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 8)
            var elements: [DeleteAclsFilter] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DeleteAclsFilter(from: &reader, version: version)) }
            self.filters = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeArrayCount(self.filters.count, compact: flexible)
        for element in self.filters { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}

/// Response of DeleteAcls, key 31, versions 1 to 3.
package struct DeleteAclsResponse: KafkaResponse {
    /// Part of `DeleteAclsResponse`.
    package struct DeleteAclsFilterResult: Sendable {
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil
        package var matchingAcls: [DeleteAclsMatchingAcl] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: flexible)
            do {
                let count = try reader.readArrayCount(compact: flexible, minimumSize: 11)
                var elements: [DeleteAclsMatchingAcl] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try DeleteAclsMatchingAcl(from: &reader, version: version)) }
                self.matchingAcls = elements
            }
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: flexible)
            writer.writeArrayCount(self.matchingAcls.count, compact: flexible)
            for element in self.matchingAcls { element.encode(into: &writer, version: version) }
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Part of `DeleteAclsResponse`.
    package struct DeleteAclsMatchingAcl: Sendable {
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var patternType: Int8 = 3
        package var principal: String = ""
        package var host: String = ""
        package var operation: Int8 = 0
        package var permissionType: Int8 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            let flexible = version >= 2
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: flexible)
            self.resourceType = try reader.readInt8()
            self.resourceName = try reader.readString(compact: flexible)
            self.patternType = try reader.readInt8()
            self.principal = try reader.readString(compact: flexible)
            self.host = try reader.readString(compact: flexible)
            self.operation = try reader.readInt8()
            self.permissionType = try reader.readInt8()
            if flexible { try reader.skipTaggedFields() }
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            let flexible = version >= 2
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: flexible)
            writer.writeInt8(self.resourceType)
            writer.writeString(self.resourceName, compact: flexible)
            writer.writeInt8(self.patternType)
            writer.writeString(self.principal, compact: flexible)
            writer.writeString(self.host, compact: flexible)
            writer.writeInt8(self.operation)
            writer.writeInt8(self.permissionType)
            if flexible { writer.writeUnsignedVarint(0) }
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var filterResults: [DeleteAclsFilterResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 1 && version <= 3 else { throw .unsupportedVersion(version) }
        let flexible = version >= 2
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: flexible, minimumSize: 5)
            var elements: [DeleteAclsFilterResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DeleteAclsFilterResult(from: &reader, version: version)) }
            self.filterResults = elements
        }
        if flexible { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 2
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.filterResults.count, compact: flexible)
        for element in self.filterResults { element.encode(into: &writer, version: version) }
        if flexible { writer.writeUnsignedVarint(0) }
    }
}
