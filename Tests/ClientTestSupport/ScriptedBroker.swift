import KafkaClient
import KafkaProtocol

/// A broker that answers what a test tells it to.
package final class ScriptedBroker: FakeServer {
    /// One request as it came.
    package struct Received {
        package let header: RequestHeader
        package let body: [UInt8]
    }

    /// What ApiVersions tells; a request in another version is answered as if it did not exist.
    package var versions: [APIKey: ClosedRange<Int16>]
    package private(set) var requests: [Received] = []
    package private(set) var peers: [FakePeer] = []
    /// Answers that a test holds back: call them to let them go.
    package private(set) var held: [() -> Void] = []
    /// While true, answers other than to ApiVersions wait in ``held``.
    package var holdsAnswers = false
    /// Rewrites answers before they are sent, for instance to damage them.
    package var tamper: (([UInt8], RequestHeader) -> [UInt8])?

    private var handlers: [APIKey: (inout WireReader, RequestHeader) -> [UInt8]?] = [:]

    /// Serves what this project's own messages serve.
    package init() {
        versions = [:]
    }

    /// Answers requests of one API. nil leaves a request without an answer.
    package func on<R: KafkaRequest>(
        _ type: R.Type, versions range: ClosedRange<Int16>? = nil, _ body: @escaping (R, Int16) -> R.Response?
    ) {
        versions[R.apiKey] = range ?? R.servedVersions
        handlers[R.apiKey] = { reader, header in
            guard let request = try? R(from: &reader, version: header.apiVersion),
                let response = body(request, header.apiVersion)
            else {
                return nil
            }
            return ScriptedBroker.frame(response, header)
        }
    }

    package func releaseAnswers() {
        let waiting = held
        held = []
        for answer in waiting {
            answer()
        }
    }

    /// Requests of one API so far, with the versions they came in.
    package func versions(of key: APIKey) -> [Int16] {
        requests.filter { $0.header.apiKey == key }.map(\.header.apiVersion)
    }

    package func decoded<R: KafkaRequest>(_ type: R.Type) -> [R] {
        requests.filter { $0.header.apiKey == R.apiKey }.compactMap { received in
            received.body.withUnsafeBytes { bytes in
                var reader = WireReader(bytes)
                return try? R(from: &reader, version: received.header.apiVersion)
            }
        }
    }

    package static func frame(_ response: some KafkaMessage, _ header: RequestHeader) -> [UInt8] {
        var writer = WireWriter(capacity: 1_024)
        ResponseHeader(correlationID: header.correlationID)
            .encode(into: &writer, apiKey: header.apiKey, version: header.apiVersion)
        response.encode(into: &writer, version: header.apiVersion)
        return writer.copyBytes()
    }

    // MARK: FakeServer

    package func connected(_ peer: FakePeer) {
        peers.append(peer)
    }

    package func disconnected(_ peer: FakePeer) {
        peers.removeAll { $0 === peer }
    }

    package func received(_ frame: [UInt8], from peer: FakePeer) {
        frame.withUnsafeBytes { bytes in
            var reader = WireReader(bytes)
            guard let header = try? RequestHeader(from: &reader) else {
                return peer.hangUp()
            }
            requests.append(Received(header: header, body: [UInt8](reader.rest)))
            if header.apiKey == .apiVersions {
                return send(versionsAnswer(header), header, to: peer)
            }
            guard versions[header.apiKey]?.contains(header.apiVersion) == true,
                let handler = handlers[header.apiKey]
            else {
                return peer.hangUp()
            }
            if let answer = handler(&reader, header) {
                send(answer, header, to: peer)
            }
        }
    }

    private func send(_ answer: [UInt8], _ header: RequestHeader, to peer: FakePeer) {
        let bytes = tamper?(answer, header) ?? answer
        if holdsAnswers, header.apiKey != .apiVersions {
            held.append { peer.answer(bytes) }
        } else {
            peer.answer(bytes)
        }
    }

    /// Kafka's way: an unknown version is answered in the shape of version 0 with UNSUPPORTED_VERSION and the range of
    /// ApiVersions itself.
    private func versionsAnswer(_ header: RequestHeader) -> [UInt8] {
        let own = versions[.apiVersions] ?? ApiVersionsRequest.servedVersions
        var response = ApiVersionsResponse()
        var table = versions
        table[.apiVersions] = own
        if !own.contains(header.apiVersion) {
            response.errorCode = ErrorCode.unsupportedVersion.rawValue
            table = [.apiVersions: own]
        }
        response.apiKeys = table.sorted { $0.key.rawValue < $1.key.rawValue }.map { key, range in
            var entry = ApiVersionsResponse.ApiVersion()
            entry.apiKey = key.rawValue
            entry.minVersion = range.lowerBound
            entry.maxVersion = range.upperBound
            return entry
        }
        guard own.contains(header.apiVersion) else {
            var writer = WireWriter(capacity: 64)
            writer.writeInt32(header.correlationID)
            response.encode(into: &writer, version: 0)
            return writer.copyBytes()
        }
        return ScriptedBroker.frame(response, header)
    }
}
