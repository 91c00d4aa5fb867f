import KafkaProtocol

/// What a connection is told once.
package struct ConnectionSettings: Sendable {
    /// `client.id`: shown in the broker's logs and group descriptions.
    package var clientID = "twinlog"
    package var connectTimeoutMs: Int64 = 10_000
    /// How long an answer may take, in milliseconds (`request.timeout.ms`).
    package var requestTimeoutMs: Int64 = 30_000
    /// Requests on the wire at once; more wait in the client.
    package var maxInFlight = 5
    /// Requests that wait for a free place on the wire; beyond, requests fail at once.
    package var maxWaiting = 10_000
    package var security = ClientSecurity.plaintext

    package init() {}
}

/// One connection to one broker: negotiates versions, numbers requests, gives each answer to whoever asked.
///
///     connecting ──► negotiating ──► authenticating ──► ready ──► closed      (any state can move to closed)
///                        └─────── without SASL ───────────►
///
/// A broker may ask for the log-in to be renewed (KIP-368): requests then wait until those on the wire are answered.
///
/// Confined to its transport's loop. Completions are called exactly once, never from within
/// ``send(_:maxVersion:timeoutMs:completion:)`` unless the connection is closed already.
package final class BrokerConnection {
    package typealias Completion<R: KafkaRequest> = (Result<R.Response, ClientError>) -> Void

    package enum State: Hashable {
        case connecting
        case negotiating
        case authenticating
        case ready
        case closed(ClientError)
    }

    package let address: HostPort
    package let settings: ConnectionSettings
    package private(set) var state = State.connecting
    /// What the broker serves; meaningful once ``state`` is `ready`.
    package private(set) var versions = NegotiatedVersions()
    /// Called once when the connection is ready, or with the error when it never becomes so, and again when it closes.
    package var onStateChange: ((State) -> Void)?

    private let transport: any Transport
    private var connection: (any TransportConnection)?
    private var nextCorrelationID: Int32 = 0
    private var waiting = Queue<Waiting>()
    private var inFlight: [InFlight] = []
    private var deadlineTimer: (any Cancellable)?
    private var writer = WireWriter(capacity: 1_024)
    private var login = Login.none

    /// Where a log-in stands.
    private enum Login {
        case none
        /// The handshake or token is on the wire.
        case underway
        /// Frames are bare tokens: the answer to one, after SaslHandshake version 0.
        case bareToken
        case done
        /// To be renewed once nothing is on the wire.
        case due
    }

    /// A request that has not been encoded yet.
    private struct Waiting {
        let deadline: Int64
        let apiKey: APIKey
        /// Encodes and registers the request; false when both sides have no version in common.
        let start: (BrokerConnection) -> Void
        let fail: (ClientError) -> Void
    }

    private struct InFlight {
        let correlationID: Int32
        let apiKey: APIKey
        let version: Int16
        let deadline: Int64
        let answer: (inout WireReader) -> ClientError?
        let fail: (ClientError) -> Void
    }

    /// Dials `address` at once.
    package init(to address: HostPort, settings: ConnectionSettings, transport: any Transport) {
        self.address = address
        self.settings = settings
        self.transport = transport
        connection = transport.connect(
            to: address, tls: settings.security.tls, timeoutMs: settings.connectTimeoutMs, delegate: self)
    }

    package var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// Requests sent or waiting whose answer has not come.
    package var pendingCount: Int { inFlight.count + waiting.count }

    // MARK: Sending

    /// Sends `request` in the highest version that both sides have.
    ///
    /// `records` fields of the response are slices of the received frame: valid during `completion` only.
    ///
    /// - Parameters:
    ///   - maxVersion: the highest version that the request's fields are meant for.
    ///   - timeoutMs: overrides `requestTimeoutMs`.
    package func send<R: KafkaRequest>(
        _ request: R, maxVersion: Int16 = .max, timeoutMs: Int64? = nil, completion: @escaping Completion<R>
    ) {
        send(R.self, maxVersion: maxVersion, timeoutMs: timeoutMs, build: { _ in request }, completion: completion)
    }

    /// Like ``send(_:maxVersion:timeoutMs:completion:)``, for a request whose fields depend on the version.
    package func send<R: KafkaRequest>(
        _ type: R.Type, maxVersion: Int16 = .max, timeoutMs: Int64? = nil, build: @escaping (Int16) -> R,
        completion: @escaping Completion<R>
    ) {
        let deadline = transport.monotonicMs +| (timeoutMs ?? settings.requestTimeoutMs)
        let fail: (ClientError) -> Void = { completion(.failure($0)) }
        enqueue(
            Waiting(
                deadline: deadline, apiKey: R.apiKey,
                start: { connection in
                    guard let version = connection.versions.version(for: R.self, atMost: maxVersion) else {
                        return fail(.unsupportedVersion(R.apiKey))
                    }
                    connection.transmit(build(version), version: version, deadline: deadline, completion)
                },
                fail: fail))
    }

    /// Sends a request that the broker does not answer (Produce with acks=0).
    package func sendWithoutAnswer<R: KafkaRequest>(_ request: R, maxVersion: Int16 = .max) {
        enqueue(
            Waiting(
                deadline: transport.monotonicMs +| settings.requestTimeoutMs, apiKey: R.apiKey,
                start: { connection in
                    guard let version = connection.versions.version(for: R.self, atMost: maxVersion) else {
                        return
                    }
                    _ = connection.write(request, version: version)
                },
                fail: { _ in }))
    }

    private func enqueue(_ request: Waiting) {
        if case .closed(let error) = state {
            return request.fail(error)
        }
        guard waiting.count < settings.maxWaiting else {
            return request.fail(.protocolViolation("more than \(settings.maxWaiting) requests wait"))
        }
        waiting.append(request)
        pump()
        rescheduleDeadline()
    }

    /// Starts as many waiting requests as fit on the wire.
    private func pump() {
        switch login {
        case .due where inFlight.isEmpty && state == .ready: return authenticate()
        case .due: return
        case .underway where state == .ready: return
        case .underway, .bareToken, .none, .done: break
        }
        while state == .ready, inFlight.count < settings.maxInFlight, let next = waiting.popFirst() {
            next.start(self)
        }
    }

    private func transmit<R: KafkaRequest>(
        _ request: R, version: Int16, deadline: Int64, _ completion: @escaping Completion<R>
    ) {
        guard let correlationID = write(request, version: version) else {
            return completion(.failure(.protocolViolation("\(R.apiKey) cannot be encoded")))
        }
        inFlight.append(
            InFlight(
                correlationID: correlationID, apiKey: R.apiKey, version: version, deadline: deadline,
                answer: { reader in
                    do throws(WireError) {
                        let response = try R.Response(from: &reader, version: version)
                        completion(.success(response))
                        return nil
                    } catch {
                        let violation = ClientError.protocolViolation("\(R.apiKey) v\(version) answer: \(error)")
                        completion(.failure(violation))
                        return violation
                    }
                },
                fail: { completion(.failure($0)) }))
    }

    /// Encodes and hands over one frame; nil when the request cannot be encoded.
    private func write<R: KafkaRequest>(_ request: R, version: Int16) -> Int32? {
        let correlationID = nextCorrelationID
        nextCorrelationID &+= 1
        writer.reset()
        let header = RequestHeader(
            apiKey: R.apiKey, apiVersion: version, correlationID: correlationID, clientID: settings.clientID)
        header.encode(into: &writer)
        request.encode(into: &writer, version: version)
        guard !writer.failure else {
            return nil
        }
        writer.withBytes { connection?.send($0) }
        return correlationID
    }

    // MARK: Closing

    /// Closes at once; everything outstanding fails with ``ClientError/closed``.
    package func close() {
        fail(.closed)
    }

    private func fail(_ error: ClientError) {
        guard !isClosed else {
            return
        }
        state = .closed(error)
        connection?.close()
        connection = nil
        deadlineTimer?.cancel()
        deadlineTimer = nil
        let sent = inFlight
        let unsent = waiting.takeAll()
        inFlight = []
        let observer = onStateChange
        onStateChange = nil
        for request in sent {
            request.fail(error)
        }
        for request in unsent {
            request.fail(error)
        }
        observer?(state)
    }

    // MARK: Deadlines

    private var nextDeadline: Int64? {
        var earliest: Int64?
        for request in inFlight {
            earliest = min(earliest ?? .max, request.deadline)
        }
        for request in waiting.elements {
            earliest = min(earliest ?? .max, request.deadline)
        }
        return earliest
    }

    /// One timer for all requests. It is left alone while it fires early enough: checking costs less than rescheduling
    /// for every request.
    private func rescheduleDeadline() {
        guard deadlineTimer == nil, !isClosed, let deadline = nextDeadline else {
            return
        }
        let delay = max(0, deadline -| transport.monotonicMs)
        deadlineTimer = transport.schedule(afterMs: min(delay, Self.longestCheckMs)) { [weak self] in
            self?.checkDeadlines()
        }
    }

    /// A request with a shorter time limit may arrive while the timer runs for longer ones.
    private static let longestCheckMs: Int64 = 1_000

    private func checkDeadlines() {
        deadlineTimer = nil
        let now = transport.monotonicMs
        if let late = inFlight.first(where: { $0.deadline <= now })?.apiKey
            ?? waiting.elements.first(where: { $0.deadline <= now })?.apiKey
        {
            return fail(.timedOut(late))
        }
        rescheduleDeadline()
    }
}

// MARK: Receiving

extension BrokerConnection: TransportDelegate {
    package func transportDidConnect() {
        guard state == .connecting else {
            return
        }
        state = .negotiating
        negotiate(version: ApiVersionsRequest.servedVersions.upperBound)
    }

    package func transportDidClose(_ failure: TransportFailure) {
        // Without SaslAuthenticate a broker refuses by hanging up.
        if failure == .closedByPeer, case .bareToken = login {
            let text = "the broker closed the connection during the log-in"
            return fail(.broker(.saslAuthenticationFailed, message: text))
        }
        fail(.disconnected(failure))
    }

    package func transportDidReceive(frame: UnsafeRawBufferPointer) {
        if case .bareToken = login {
            return authenticated(lifetimeMs: 0)
        }
        guard let request = inFlight.first else {
            return fail(.protocolViolation("an answer that nobody asked for"))
        }
        var reader = WireReader(frame)
        do throws(WireError) {
            let header = try ResponseHeader(from: &reader, apiKey: request.apiKey, version: request.version)
            guard header.correlationID == request.correlationID else {
                let text = "answer \(header.correlationID) where \(request.correlationID) was expected"
                return fail(.protocolViolation(text))
            }
        } catch {
            return fail(.protocolViolation("\(request.apiKey) header: \(error)"))
        }
        inFlight.removeFirst()
        if let violation = request.answer(&reader) {
            return fail(violation)
        }
        pump()
    }

    /// Asks for the broker's versions in our newest version. A broker that does not have it answers in the shape of
    /// version 0 with UNSUPPORTED_VERSION and usually names the versions it has (KIP-511).
    private func negotiate(version: Int16) {
        var request = ApiVersionsRequest()
        request.clientSoftwareName = "twinlog"
        request.clientSoftwareVersion = "0.1"
        guard let correlationID = write(request, version: version) else {
            return fail(.protocolViolation("ApiVersions cannot be encoded"))
        }
        inFlight.append(
            InFlight(
                correlationID: correlationID, apiKey: .apiVersions, version: version,
                deadline: transport.monotonicMs +| settings.requestTimeoutMs,
                answer: { [weak self] reader in self?.takeVersions(&reader, asked: version) },
                fail: { _ in }))
        rescheduleDeadline()
    }

    private func takeVersions(_ reader: inout WireReader, asked: Int16) -> ClientError? {
        var atZero = reader
        do throws(WireError) {
            // Error code first in every version: with 35 the rest has the shape of version 0.
            var peek = reader
            let code = ErrorCode(rawValue: try peek.readInt16())
            if code == .unsupportedVersion, asked > 0 {
                let fallback = try? ApiVersionsResponse(from: &atZero, version: 0)
                negotiate(version: stepDown(from: asked, told: fallback))
                return nil
            }
            guard code == .none else {
                return .broker(code, message: nil)
            }
            versions = NegotiatedVersions(try ApiVersionsResponse(from: &reader, version: asked))
        } catch {
            return .protocolViolation("ApiVersions answer: \(error)")
        }
        if settings.security.sasl != nil {
            state = .authenticating
            authenticate()
        } else {
            state = .ready
            onStateChange?(.ready)
        }
        return nil
    }

    private func stepDown(from asked: Int16, told response: ApiVersionsResponse?) -> Int16 {
        let named = response?.apiKeys.first { $0.apiKey == APIKey.apiVersions.rawValue }?.maxVersion ?? 0
        return max(0, min(named, asked - 1))
    }
}

// MARK: Logging in

extension BrokerConnection {
    /// Agrees on PLAIN, then sends name and password; for the first time, or to renew the log-in.
    private func authenticate() {
        login = .underway
        guard let version = versions.version(for: SaslHandshakeRequest.self) else {
            return fail(.unsupportedVersion(.saslHandshake))
        }
        var request = SaslHandshakeRequest()
        request.mechanism = PlainCredentials.mechanism
        let deadline = transport.monotonicMs +| settings.requestTimeoutMs
        transmit(request, version: version, deadline: deadline) { [weak self] result in
            guard let self, case .success(let response) = result else {
                return
            }
            let code = ErrorCode(rawValue: response.errorCode)
            guard code == .none else {
                let known = response.mechanisms.joined(separator: ", ")
                return self.fail(
                    .broker(code, message: "the broker does not take SASL/PLAIN; it knows: \(known)"))
            }
            self.sendToken(afterHandshake: version)
        }
        rescheduleDeadline()
    }

    private func sendToken(afterHandshake handshake: Int16) {
        guard let credentials = settings.security.sasl else {
            return
        }
        guard handshake > 0, let version = versions.version(for: SaslAuthenticateRequest.self) else {
            return sendBareToken(credentials.token)
        }
        var request = SaslAuthenticateRequest()
        request.authBytes = credentials.token
        let deadline = transport.monotonicMs +| settings.requestTimeoutMs
        transmit(request, version: version, deadline: deadline) { [weak self] result in
            guard let self, case .success(let response) = result else {
                return
            }
            let code = ErrorCode(rawValue: response.errorCode)
            guard code == .none else {
                return self.fail(.broker(code, message: response.errorMessage))
            }
            self.authenticated(lifetimeMs: response.sessionLifetimeMs)
        }
        rescheduleDeadline()
    }

    private func sendBareToken(_ token: [UInt8]) {
        login = .bareToken
        token.withUnsafeBytes { bytes in connection?.send(bytes) }
        transport.schedule(afterMs: settings.requestTimeoutMs) { [weak self] in
            if let self, case .bareToken = self.login {
                self.fail(.timedOut(.saslAuthenticate))
            }
        }
    }

    private func authenticated(lifetimeMs: Int64) {
        login = .done
        if lifetimeMs > 0 {
            // Early enough for what is on the wire to be answered, as Java does.
            transport.schedule(afterMs: lifetimeMs / 100 *| 85) { [weak self] in
                guard let self, !self.isClosed else {
                    return
                }
                self.login = .due
                self.pump()
            }
        }
        if state == .authenticating {
            state = .ready
            onStateChange?(.ready)
        }
        pump()
    }
}
