import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("ApiVersions")
struct ApiVersionsTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
    }

    /// Apache Kafka 4.2's broker listener, from its message definitions. Produce begins at 0 for librdkafka
    /// (KAFKA-18659).
    static let kafka42: [Int16: ClosedRange<Int16>] = [
        0: 0...13, 1: 4...18, 2: 1...11, 3: 0...13, 8: 2...10, 9: 1...10, 10: 0...6, 11: 0...9, 12: 0...4, 13: 0...5,
        14: 0...5, 15: 0...6, 16: 0...5, 17: 0...1, 18: 0...4, 19: 2...7, 20: 1...6, 21: 0...2, 22: 0...5, 23: 2...4,
        24: 0...5, 25: 0...4, 26: 0...5, 27: 1...2, 28: 0...5, 29: 1...3, 30: 1...3, 31: 1...3, 32: 1...4, 33: 0...2,
        34: 1...2, 35: 1...4, 36: 0...2, 37: 0...3, 38: 1...3, 39: 1...2, 40: 1...2, 41: 1...3, 42: 0...2, 43: 0...2,
        44: 0...1, 45: 0...1, 46: 0...0, 47: 0...0, 48: 0...1, 49: 0...1, 50: 0...0, 51: 0...0, 55: 0...2, 57: 0...2,
        60: 0...2, 61: 0...0, 64: 0...0, 65: 0...0, 66: 0...2, 68: 0...1, 69: 0...1, 71: 0...0, 72: 0...0, 74: 0...1,
        75: 0...0,
    ]

    /// What this milestone serves.
    static let served: [Int16] = [
        0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 32, 33, 37, 42, 44, 60, 75,
    ]

    private func request(name: String = "kcat", version: String = "1.7.0") -> ApiVersionsRequest {
        var request = ApiVersionsRequest()
        request.clientSoftwareName = name
        request.clientSoftwareVersion = version
        return request
    }

    @Test("versions are exactly those of Kafka 4.2", arguments: versions(ApiVersionsRequest.self, 1, 2, 3))
    func table(version: Int16) throws {
        let response = try harness.call(request(), version: version)
        #expect(response.errorCode == 0)
        for entry in response.apiKeys {
            #expect(entry.minVersion == Self.kafka42[entry.apiKey]?.lowerBound, "key \(entry.apiKey)")
            #expect(entry.maxVersion == Self.kafka42[entry.apiKey]?.upperBound, "key \(entry.apiKey)")
        }
        let keys = response.apiKeys.map(\.apiKey)
        #expect(keys == keys.sorted())
        #expect(Set(keys).count == keys.count)
        #expect(Set(keys).isSuperset(of: Self.served))
    }

    @Test("metadata.version is supported and finalised as in Kafka 4.2, and its epoch only grows")
    func features() throws {
        let response = try harness.call(request(), version: 4)
        #expect(response.supportedFeatures.map(\.name) == ["metadata.version"])
        #expect(response.supportedFeatures.map(\.minVersion) == [7])
        #expect(response.supportedFeatures.map(\.maxVersion) == [29])
        #expect(response.finalizedFeatures.map(\.name) == ["metadata.version"])
        #expect(response.finalizedFeatures.map(\.maxVersionLevel) == [29])
        #expect(response.finalizedFeatures.map(\.minVersionLevel) == [29])
        #expect(response.finalizedFeaturesEpoch >= 0)
        try harness.createTopic("orders")
        let later = try harness.call(request(), version: 3)
        #expect(later.finalizedFeaturesEpoch > response.finalizedFeaturesEpoch)
        #expect(try harness.call(request(), version: 2).finalizedFeatures.isEmpty)
    }

    @Test("what is advertised is served, down to Produce's lowest real version")
    func advertisedIsServed() {
        for api in HandlerList.all {
            #expect(api.served.upperBound == api.advertised.upperBound, "\(api.key)")
            #expect(api.served.lowerBound == (api.key == .produce ? 3 : api.advertised.lowerBound), "\(api.key)")
        }
    }

    @Test(
        "a version to come is answered in the shape of v0 with error 35 and our own range",
        arguments: [Int16(5), 99, -1])
    func unknownVersion(version: Int16) throws {
        var writer = WireWriter(capacity: 64)
        RequestHeader(apiKey: .apiVersions, apiVersion: version, correlationID: 77, clientID: "future").encode(
            into: &writer)
        let frame = writer.copyBytes()
        let connection = harness.connect()
        let outcome = harness.step { cluster in
            frame.withUnsafeBytes { cluster.handle(frame: $0, from: connection, now: harness.clock) }
        }
        guard case .reply(let reply) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        var answer = WireWriter(capacity: 64)
        reply.encode(into: &answer)
        // Correlation id 77, error 35, one entry: key 18 with versions 0 to 4.
        #expect(answer.copyBytes() == [0, 0, 0, 77, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4])
    }

    @Test("client names and versions are words of letters, digits, dots and dashes (KIP-511)")
    func software() throws {
        for good in ["kcat", "apache-kafka-java", "4.2.0", "a", "librdkafka", "1.7.0-RC1"] {
            #expect(try harness.call(request(name: good, version: good), version: 3).errorCode == 0, "\(good)")
        }
        for bad in ["", "-kcat", "kcat-", ".", "a b", "a_b", "kcät"] {
            let byName = try harness.call(request(name: bad), version: 4)
            #expect(byName.errorCode.code == .invalidRequest, "\(bad)")
            #expect(byName.apiKeys.isEmpty)
            #expect(try harness.call(request(version: bad), version: 3).errorCode.code == .invalidRequest)
        }
        #expect(try harness.call(request(name: "-", version: "-"), version: 2).errorCode == 0)
    }
}
