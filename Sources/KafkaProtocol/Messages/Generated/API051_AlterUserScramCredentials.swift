// Generated from Protocol/apis/051-alter-user-scram-credentials.api by `make generate`. Do not edit.

/// Request of AlterUserScramCredentials, key 51, versions 0 to 0.
package struct AlterUserScramCredentialsRequest: KafkaRequest {
    package typealias Response = AlterUserScramCredentialsResponse
    package static var apiKey: APIKey { .alterUserScramCredentials }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...0 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...0 }

    /// Part of `AlterUserScramCredentialsRequest`.
    package struct ScramCredentialDeletion: Sendable {
        package var name: String = ""
        package var mechanism: Int8 = 0

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            self.mechanism = try reader.readInt8()
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeInt8(self.mechanism)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Part of `AlterUserScramCredentialsRequest`.
    package struct ScramCredentialUpsertion: Sendable {
        package var name: String = ""
        package var mechanism: Int8 = 0
        package var iterations: Int32 = 0
        package var salt: [UInt8] = []
        package var saltedPassword: [UInt8] = []

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            self.mechanism = try reader.readInt8()
            self.iterations = try reader.readInt32()
            self.salt = try reader.readBytes(compact: true)
            self.saltedPassword = try reader.readBytes(compact: true)
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeInt8(self.mechanism)
            writer.writeInt32(self.iterations)
            writer.writeBytes(self.salt, compact: true)
            writer.writeBytes(self.saltedPassword, compact: true)
            writer.writeUnsignedVarint(0)
        }
    }

    package var deletions: [ScramCredentialDeletion] = []
    package var upsertions: [ScramCredentialUpsertion] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 3)
            var elements: [ScramCredentialDeletion] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ScramCredentialDeletion(from: &reader, version: version)) }
            self.deletions = elements
        }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 9)
            var elements: [ScramCredentialUpsertion] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try ScramCredentialUpsertion(from: &reader, version: version)) }
            self.upsertions = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.deletions.count, compact: true)
        for element in self.deletions { element.encode(into: &writer, version: version) }
        writer.writeArrayCount(self.upsertions.count, compact: true)
        for element in self.upsertions { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of AlterUserScramCredentials, key 51, versions 0 to 0.
package struct AlterUserScramCredentialsResponse: KafkaResponse {
    /// Part of `AlterUserScramCredentialsResponse`.
    package struct AlterUserScramCredentialsResult: Sendable {
        package var user: String = ""
        package var errorCode: Int16 = 0
        package var errorMessage: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.user = try reader.readString(compact: true)
            self.errorCode = try reader.readInt16()
            self.errorMessage = try reader.readNullableString(compact: true)
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.user, compact: true)
            writer.writeInt16(self.errorCode)
            writer.writeNullableString(self.errorMessage, compact: true)
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var results: [AlterUserScramCredentialsResult] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 5)
            var elements: [AlterUserScramCredentialsResult] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try AlterUserScramCredentialsResult(from: &reader, version: version)) }
            self.results = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeArrayCount(self.results.count, compact: true)
        for element in self.results { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
