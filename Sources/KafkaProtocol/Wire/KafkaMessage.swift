/// A request, a response, or something Kafka stores, with a codec for every version we serve.
package protocol KafkaMessage: Sendable {
    /// Every field at its default. A nullable field without a default in the protocol starts as nil, an array as empty.
    init()
    /// Reads one message of `version`. Bytes after it are the caller's to judge (`WireReader.finish`).
    init(from reader: inout WireReader, version: Int16) throws(WireError)
    /// Writes the fields that `version` has; the others are left out silently.
    func encode(into writer: inout WireWriter, version: Int16)
}

/// The body of a request.
package protocol KafkaRequest: KafkaMessage {
    associatedtype Response: KafkaResponse
    static var apiKey: APIKey { get }
    /// The first version with compact types and tagged fields; nil when none has them.
    static var flexibleFrom: Int16? { get }
    /// Versions that we decode.
    static var servedVersions: ClosedRange<Int16> { get }
    /// Versions that ApiVersions tells clients; differs from `servedVersions` for Produce only.
    static var advertisedVersions: ClosedRange<Int16> { get }
}

extension KafkaRequest {
    package static func isFlexible(_ version: Int16) -> Bool {
        guard let first = flexibleFrom else { return false }
        return version >= first
    }
}

/// The body of a response.
package protocol KafkaResponse: KafkaMessage {
    /// Bytes of records inside, with a reserve for what surrounds them, so that memory for the encoded response can be
    /// reserved once. A requirement and not a cast: looking up a conformance at run time reads all of the program's
    /// metadata.
    var recordBytes: Int { get }
}

extension KafkaResponse {
    package var recordBytes: Int { 0 }
}
