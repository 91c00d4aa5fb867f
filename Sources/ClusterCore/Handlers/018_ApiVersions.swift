import KafkaProtocol

/// ApiVersions: which APIs and versions are served. Clients infer a broker's release from it, so it is exactly the
/// table of one Kafka release, for the APIs we have.
///
/// Serves v0…4. Differs from Kafka: of its features only `metadata.version` is there (`Docs/decisions/features.md`).
enum ApiVersionsHandler: RequestHandler {
    static func handle(
        _ request: ApiVersionsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<ApiVersionsResponse> {
        if context.version >= 3, !isLegal(request.clientSoftwareName) || !isLegal(request.clientSoftwareVersion) {
            var refusal = ApiVersionsResponse()
            refusal.errorCode = ErrorCode.invalidRequest.rawValue
            return .reply(refusal)
        }
        context.connection.client.note(request)
        var response = ApiVersionsResponse()
        response.apiKeys = HandlerList.all.map(entry)
        response.supportedFeatures = ClusterFeature.all.map { feature in
            var key = ApiVersionsResponse.SupportedFeatureKey()
            key.name = feature.name
            key.minVersion = feature.supported.lowerBound
            key.maxVersion = feature.supported.upperBound
            return key
        }
        response.finalizedFeaturesEpoch = cluster.featuresEpoch
        response.finalizedFeatures = ClusterFeature.all.map { feature in
            var key = ApiVersionsResponse.FinalizedFeatureKey()
            key.name = feature.name
            key.minVersionLevel = feature.finalized
            key.maxVersionLevel = feature.finalized
            return key
        }
        return .reply(response)
    }

    /// The answer to a version that we do not speak: error 35 and what we do speak of this API.
    static func unsupportedVersionResponse() -> ApiVersionsResponse {
        var response = ApiVersionsResponse()
        response.errorCode = ErrorCode.unsupportedVersion.rawValue
        response.apiKeys = HandlerList.all.filter { $0.key == .apiVersions }.map(entry)
        return response
    }

    private static func entry(_ api: ServedAPI) -> ApiVersionsResponse.ApiVersion {
        var entry = ApiVersionsResponse.ApiVersion()
        entry.apiKey = api.key.rawValue
        entry.minVersion = api.advertised.lowerBound
        entry.maxVersion = api.advertised.upperBound
        return entry
    }

    /// KIP-511: letters, digits, '-' and '.', beginning and ending with a letter or digit.
    private static func isLegal(_ text: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        guard let first = text.utf8.first, let last = text.utf8.last, isAlphanumeric(first), isAlphanumeric(last) else {
            return false
        }
        return text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
}
