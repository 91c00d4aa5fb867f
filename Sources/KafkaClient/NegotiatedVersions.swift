import KafkaProtocol

/// The versions that a broker serves, as it told in ApiVersions.
package struct NegotiatedVersions: Sendable {
    private var ranges: [APIKey: ClosedRange<Int16>] = [:]

    package init() {}

    package init(_ response: ApiVersionsResponse) {
        for api in response.apiKeys where api.minVersion <= api.maxVersion {
            ranges[APIKey(rawValue: api.apiKey)] = api.minVersion...api.maxVersion
        }
    }

    /// What the broker serves; nil when it does not have the API.
    package func served(_ key: APIKey) -> ClosedRange<Int16>? {
        ranges[key]
    }

    /// The highest version that both sides have and that is not above `limit`; nil when there is none.
    package func version<R: KafkaRequest>(for request: R.Type, atMost limit: Int16 = .max) -> Int16? {
        guard let theirs = ranges[R.apiKey] else {
            return nil
        }
        let ours = R.servedVersions
        let lowest = max(ours.lowerBound, theirs.lowerBound)
        let highest = min(ours.upperBound, theirs.upperBound, limit)
        return lowest <= highest ? highest : nil
    }
}
