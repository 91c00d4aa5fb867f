/// What precedes every request body: header version 1, or 2 once the request's version is flexible.
package struct RequestHeader: Sendable {
    package var apiKey: APIKey
    package var apiVersion: Int16
    /// Chosen by the client; the response carries it back.
    package var correlationID: Int32
    package var clientID: String?

    package init(apiKey: APIKey, apiVersion: Int16, correlationID: Int32, clientID: String?) {
        self.apiKey = apiKey
        self.apiVersion = apiVersion
        self.correlationID = correlationID
        self.clientID = clientID
    }

    /// Reads a header. Of an API that we do not know only the start can be read; its body could not be read anyway.
    package init(from reader: inout WireReader) throws(WireError) {
        apiKey = APIKey(rawValue: try reader.readInt16())
        apiVersion = try reader.readInt16()
        correlationID = try reader.readInt32()
        // The client id keeps its old form in version 2 too, so that a broker can read it from any header.
        clientID = try reader.readNullableString(compact: false)
        if apiKey.isFlexible(apiVersion) { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter) {
        writer.writeInt16(apiKey.rawValue)
        writer.writeInt16(apiVersion)
        writer.writeInt32(correlationID)
        writer.writeNullableString(clientID, compact: false)
        if apiKey.isFlexible(apiVersion) { writer.writeUnsignedVarint(0) }
    }
}

/// What precedes every response body: header version 0, or 1 once the request's version is flexible.
package struct ResponseHeader: Sendable {
    package var correlationID: Int32

    package init(correlationID: Int32) { self.correlationID = correlationID }

    /// `apiKey` and `version` are those of the request being answered.
    package init(from reader: inout WireReader, apiKey: APIKey, version: Int16) throws(WireError) {
        correlationID = try reader.readInt32()
        if apiKey.hasTaggedResponseHeader(version) { try reader.skipTaggedFields() }
    }

    package func encode(into writer: inout WireWriter, apiKey: APIKey, version: Int16) {
        writer.writeInt32(correlationID)
        if apiKey.hasTaggedResponseHeader(version) { writer.writeUnsignedVarint(0) }
    }
}

extension APIKey {
    /// Whether bodies of `version` use compact types and tagged fields. False for an API that we do not have.
    package func isFlexible(_ version: Int16) -> Bool {
        guard let first = flexibleFrom else { return false }
        return version >= first
    }

    /// ApiVersions answers with the old header always: a client must be able to read it whatever it asked for.
    package func hasTaggedResponseHeader(_ version: Int16) -> Bool {
        self != .apiVersions && isFlexible(version)
    }
}
