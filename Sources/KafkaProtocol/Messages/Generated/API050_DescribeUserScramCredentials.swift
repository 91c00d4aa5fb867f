// Generated from Protocol/apis/050-describe-user-scram-credentials.api by `make generate`. Do not edit.

/// Request of DescribeUserScramCredentials, key 50, versions 0 to 0.
package struct DescribeUserScramCredentialsRequest: KafkaRequest {
    package typealias Response = DescribeUserScramCredentialsResponse
    package static var apiKey: APIKey { .describeUserScramCredentials }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...0 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...0 }

    /// Part of `DescribeUserScramCredentialsRequest`.
    package struct UserName: Sendable {
        package var name: String = ""

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeUnsignedVarint(0)
        }
    }

    package var users: [UserName]? = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        if let count = try reader.readNullableArrayCount(compact: true, minimumSize: 2) {
            var elements: [UserName] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try UserName(from: &reader, version: version)) }
            self.users = elements
        } else {
            self.users = nil
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.users?.count, compact: true)
        for element in self.users ?? [] { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of DescribeUserScramCredentials, key 50, versions 0 to 0.
package struct DescribeUserScramCredentialsResponse: KafkaResponse {
    /// Part of `DescribeUserScramCredentialsResponse`.
    package struct DescribeUserScramCredentialsResult: Sendable {
        package var user: String = ""
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil
        package var credentialInfos: [CredentialInfo] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.user = try reader.readString(compact: true)
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: true)
            do {
                let count = try reader.readArrayCount(compact: true, minimumSize: 6)
                var elements: [CredentialInfo] = []
                elements.reserveCapacity(min(count, WireReader.reservationLimit))
                for _ in 0..<count { elements.append(try CredentialInfo(from: &reader, version: version)) }
                self.credentialInfos = elements
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.user, compact: true)
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: true)
            writer.writeArrayCount(self.credentialInfos.count, compact: true)
            for element in self.credentialInfos { element.encode(into: &writer, version: version) }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `DescribeUserScramCredentialsResponse`.
    package struct CredentialInfo: Sendable {
        package var mechanism: Int8 = 0
        package var iterations: Int32 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.mechanism = try reader.readInt8()
            self.iterations = try reader.readInt32()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt8(self.mechanism)
            writer.writeInt32(self.iterations)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var errorMessage: String? = nil
    package var results: [DescribeUserScramCredentialsResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        self.errorMessage = try reader.readNullableString(compact: true)
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 6)
            var elements: [DescribeUserScramCredentialsResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DescribeUserScramCredentialsResult(from: &reader, version: version)) }
            self.results = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeNullableString(self.errorMessage, compact: true)
        writer.writeArrayCount(self.results.count, compact: true)
        for element in self.results { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
