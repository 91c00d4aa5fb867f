import Testing

@testable import KafkaProtocol

@Suite("Headers")
struct MessageHeaderTests {
    @Test("a request header of version 2 keeps the client id in its old form and ends with tagged fields")
    func flexibleRequest() throws {
        let bytes = hexBytes("0012 0003 00000007 0003 616263 00")
        let header = RequestHeader(apiKey: .apiVersions, apiVersion: 3, correlationID: 7, clientID: "abc")
        #expect(written { header.encode(into: &$0) } == bytes)
        try reading(bytes) { reader in
            let read = try RequestHeader(from: &reader)
            try reader.finish()
            #expect(read.apiKey == .apiVersions && read.apiVersion == 3)
            #expect(read.correlationID == 7 && read.clientID == "abc")
        }
    }

    @Test("a request header of version 1 has no tagged fields, and the client id may be null")
    func oldRequest() throws {
        let bytes = hexBytes("0003 0001 00000009 ffff")
        try reading(bytes) { reader in
            let read = try RequestHeader(from: &reader)
            try reader.finish()
            #expect(read.apiKey == .metadata && read.clientID == nil)
            #expect(written { read.encode(into: &$0) } == bytes)
        }
    }

    @Test("the header of an unknown version or API can be read as far as the client id")
    func unknown() throws {
        try reading(hexBytes("0012 0063 00000001 0000 00")) { reader in
            let header = try RequestHeader(from: &reader)
            #expect(header.apiKey == .apiVersions && header.apiVersion == 99)
        }
        try reading(hexBytes("1234 0000 00000001 ffff")) { reader in
            let header = try RequestHeader(from: &reader)
            #expect(header.apiKey.details == nil && header.apiKey.description == "Unknown(4660)")
        }
    }

    @Test("ApiVersions answers with the old response header in every version, others change with the body")
    func response() {
        let header = ResponseHeader(correlationID: 5)
        #expect(written { header.encode(into: &$0, apiKey: .apiVersions, version: 4) } == hexBytes("00000005"))
        #expect(written { header.encode(into: &$0, apiKey: .fetch, version: 11) } == hexBytes("00000005"))
        #expect(written { header.encode(into: &$0, apiKey: .fetch, version: 12) } == hexBytes("00000005 00"))
        #expect(written { header.encode(into: &$0, apiKey: .offsetDelete, version: 0) } == hexBytes("00000005"))
    }
}

@Suite("Messages")
struct MessageTests {
    @Test("a version that we do not serve is refused", arguments: [-1, 2, 14, 99] as [Int16])
    func unserved(version: Int16) {
        #expect(throws: WireError.unsupportedVersion(version)) {
            try reading([UInt8](repeating: 0, count: 64)) { try ProduceRequest(from: &$0, version: version) }
        }
    }

    @Test("Produce is advertised from 0 although it is served from 3")
    func advertised() {
        #expect(ProduceRequest.servedVersions == 3...13)
        #expect(ProduceRequest.advertisedVersions == 0...13)
        for api in APIDescription.all where api.key != .produce { #expect(api.served == api.advertised, "\(api.name)") }
    }

    @Test("tagged fields at their default are not written, others are")
    func taggedDefaults() throws {
        var request = FetchRequest()
        let plain = written { request.encode(into: &$0, version: 15) }
        request.replicaState.replicaID = 3
        request.clusterID = "c"
        let tagged = written { request.encode(into: &$0, version: 15) }
        #expect(plain.last == 0)
        // two tags; number 0, 2 bytes; number 1, 13 bytes: id, epoch and no tags of its own
        #expect(
            Array(tagged.dropFirst(plain.count - 1)) == hexBytes("02 00 02 0263 01 0d 00000003 ffffffffffffffff 00"))
        let read = try reading(tagged) { try FetchRequest(from: &$0, version: 15) }
        #expect(read.replicaState.replicaID == 3 && read.clusterID == "c")
    }

    @Test("tagged fields are read in any order, and the last of two wins")
    func taggedOrder() throws {
        let plain = written { FetchRequest().encode(into: &$0, version: 15) }
        let tags = hexBytes("04 01 0d 00000003 ffffffffffffffff 00 00 02 0263 2a 01 00 00 02 0264")
        let read = try reading(Array(plain.dropLast()) + tags) { reader in
            let request = try FetchRequest(from: &reader, version: 15)
            try reader.finish()
            return request
        }
        #expect(read.replicaState.replicaID == 3 && read.clusterID == "d")
    }

    @Test("a tagged field must fill the size that it says", arguments: ["01 00 03 0263 00", "01 00 01 0263"])
    func taggedSize(tags: String) {
        let plain = written { FetchRequest().encode(into: &$0, version: 15) }
        #expect(throws: WireError.self) {
            try reading(Array(plain.dropLast()) + hexBytes(tags)) { try FetchRequest(from: &$0, version: 15) }
        }
    }

    @Test("a null in a version without one is written as empty")
    func nullInOldVersions() throws {
        var request = MetadataRequest()
        request.topics = nil
        #expect(written { request.encode(into: &$0, version: 0) } == hexBytes("00000000"))
        #expect(written { request.encode(into: &$0, version: 1) } == hexBytes("ffffffff"))
    }

    @Test("an optional struct is marked as present or missing")
    func optionalStruct() throws {
        var request = DescribeTopicPartitionsRequest()
        #expect(written { request.encode(into: &$0, version: 0) } == hexBytes("01 000007d0 ff 00"))
        request.cursor = DescribeTopicPartitionsRequest.Cursor()
        request.cursor?.topicName = "t"
        #expect(written { request.encode(into: &$0, version: 0) } == hexBytes("01 000007d0 01 0274 00000000 00 00"))
        #expect(throws: WireError.invalidPresence(2)) {
            try reading(hexBytes("01 000007d0 02 0274 00000000 00 00")) {
                try DescribeTopicPartitionsRequest(from: &$0, version: 0)
            }
        }
    }

    @Test("a huge count in a small message costs no memory", arguments: [4, 11, 12, 18] as [Int16])
    func lyingCount(version: Int16) {
        let bytes = [UInt8](repeating: 0xff, count: 512)
        #expect(throws: WireError.self) { try reading(bytes) { try FetchRequest(from: &$0, version: version) } }
        let counts = [UInt8](repeating: 0x7f, count: 512)
        #expect(throws: WireError.self) { try reading(counts) { try FetchRequest(from: &$0, version: version) } }
    }
}

@Suite("Names and codes")
struct MessageNameTests {
    @Test(
        "errors carry Kafka's code, name and whether to retry",
        arguments: [
            (ErrorCode.none, 0, "NONE", false), (.unknownServerError, -1, "UNKNOWN_SERVER_ERROR", false),
            (.corruptMessage, 2, "CORRUPT_MESSAGE", true), (.notLeaderOrFollower, 6, "NOT_LEADER_OR_FOLLOWER", true),
            (.invalidTopicException, 17, "INVALID_TOPIC_EXCEPTION", false),
            (.unsupportedVersion, 35, "UNSUPPORTED_VERSION", false),
            (.invalidRequest, 42, "INVALID_REQUEST", false),
            (.concurrentTransactions, 51, "CONCURRENT_TRANSACTIONS", true),
            (.unknownTopicID, 100, "UNKNOWN_TOPIC_ID", true),
            (.rebootstrapRequired, 129, "REBOOTSTRAP_REQUIRED", false),
        ] as [(ErrorCode, Int16, String, Bool)])
    func errors(error: ErrorCode, code: Int16, name: String, isRetriable: Bool) {
        #expect(error.rawValue == code && error.name == name && error.isRetriable == isRetriable)
    }

    @Test("every error has a name and a sentence, and a code without a name stays a code")
    func allErrors() {
        #expect(ErrorCode.all.count == 135)
        #expect(Set(ErrorCode.all.map(\.name)).count == ErrorCode.all.count)
        for error in ErrorCode.all { #expect(error.message.hasSuffix("."), "\(error)") }
        #expect(ErrorCode(rawValue: 999).name == "UNKNOWN(999)")
    }

    @Test(
        "API keys print Kafka's names",
        arguments: [
            (APIKey.produce, 0, "Produce"), (.initProducerID, 22, "InitProducerId"),
            (.describeTopicPartitions, 75, "DescribeTopicPartitions"),
            (.deleteShareGroupOffsets, 92, "DeleteShareGroupOffsets"),
        ] as [(APIKey, Int16, String)])
    func keys(key: APIKey, number: Int16, name: String) {
        #expect(key.rawValue == number && key.description == name)
    }

    @Test("topic configs have Kafka's names, defaults and broker synonyms")
    func topicConfigs() throws {
        func config(_ name: String) throws -> ConfigDefinition {
            try #require(ConfigDefinitions.topic.first { $0.name == name })
        }
        #expect(ConfigDefinitions.topic.count == 33)
        let retention = try config("retention.ms")
        #expect(retention.type == .long && retention.defaultValue == "604800000")
        #expect(retention.synonyms == ["log.retention.ms", "log.retention.minutes", "log.retention.hours"])
        #expect(try config("segment.ms").synonyms == ["log.roll.ms", "log.roll.hours"])
        #expect(try config("max.message.bytes").synonyms == ["message.max.bytes"])
        #expect(try config("cleanup.policy").type == .list)
        #expect(ConfigDefinitions.broker.first { $0.name == "ssl.key.password" }?.isSensitive == true)
    }
}
