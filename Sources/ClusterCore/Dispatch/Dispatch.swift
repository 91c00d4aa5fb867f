import KafkaProtocol

/// What the dispatcher knows about one served API.
struct ServedAPI: Sendable {
    let key: APIKey
    let served: ClosedRange<Int16>
    let advertised: ClosedRange<Int16>
    let run: @Sendable (inout WireReader, RequestContext, inout Cluster) throws(WireError) -> AnyOutcome
    /// Takes a request that is a value already; nil when it is not this API's.
    let runDecoded: @Sendable (any KafkaRequest, RequestContext, inout Cluster) -> AnyOutcome?

    init<H: RequestHandler>(_ handler: H.Type) {
        key = H.Request.apiKey
        served = H.Request.servedVersions
        advertised = H.Request.advertisedVersions
        run = { (reader, context, cluster) throws(WireError) in
            let (bytes, allowed) = (reader.remaining, reader.elementsLeft)
            let request = try H.Request(from: &reader, version: context.version)
            var context = context
            context.place = SliceKind(context.token.apiKey).flatMap { bytes > $0.shortFrameBytes ? $0 : nil }
            context.isLong = bytes > RequestElements.longFrameBytes
            context.heldBytes = RequestElements.memory(bytes: bytes, elements: allowed -| reader.elementsLeft)
            return AnyOutcome(H.handle(request, context, &cluster))
        }
        runDecoded = { request, context, cluster in
            (request as? H.Request).map { AnyOutcome(H.handle($0, context, &cluster)) }
        }
    }
}

/// An outcome whose response type was erased.
enum AnyOutcome {
    case reply(any KafkaResponse)
    case pending
    case noReply
    case close(reason: String)

    init<Response>(_ outcome: Outcome<Response>) {
        switch outcome {
        case .reply(let response): self = .reply(response)
        case .pending: self = .pending
        case .noReply: self = .noReply
        case .disconnect(let reason): self = .close(reason: reason)
        }
    }
}

extension Cluster {
    /// Handles one request frame (without its length field).
    ///
    /// `frame` is only read during the call. What the client sent wrong in a way that has no answer closes the
    /// connection; everything else has a Kafka error code in the reply.
    package mutating func handle(
        frame: UnsafeRawBufferPointer, from connection: ConnectionID, now clock: Now
    ) -> FrameOutcome {
        beginStep(clock)
        let now = clock.wallMs
        guard let info = connections[connection] else {
            return .close(reason: "connection is not open")
        }
        guard info.admittedUntil > monotonicMs else {
            return handleLocked(frame, from: connection, info, now: now)
        }
        return dispatch(frame, from: connection, info, now: now)
    }

    /// Hands a frame to its API's handler.
    @inline(__always)
    mutating func dispatch(
        _ frame: UnsafeRawBufferPointer, from connection: ConnectionID, _ info: ConnectionInfo, now: Int64
    ) -> FrameOutcome {
        var reader = WireReader(frame)
        reader.elementsLeft = RequestElements.header
        do throws(WireError) {
            let header = try RequestHeader(from: &reader)
            info.client.noteRequest(header.clientID)
            guard let api = HandlerList.served(header.apiKey.rawValue) else {
                return .close(reason: "API key \(header.apiKey.rawValue) is not served")
            }
            let token = makeToken(header, api, connection)
            guard api.served.contains(header.apiVersion) else {
                return unsupportedVersion(token, api)
            }
            let context = RequestContext(token: token, clientID: header.clientID, connection: info, now: now)
            if flushes.hasTouched {
                // By something between two requests, for whose durability nobody waits.
                _ = flushes.takeTouched()
            }
            reader.elementsLeft = RequestElements.limit(of: api.key)
            var outcome = try api.run(&reader, context, &self)
            if flushes.hasTouched {
                outcome = holdUntilDurable(outcome, token)
            }
            resumeWoken(now: now)
            return frameOutcome(outcome, token)
        } catch .tooManyElements {
            let key = APIKey(startOf: frame).map { "\($0)" } ?? "a"
            return .close(reason: "\(key) request with more elements in its arrays than such a request may have")
        } catch {
            return .close(reason: "malformed request: \(error)")
        }
    }

    private mutating func makeToken(
        _ header: RequestHeader, _ api: ServedAPI, _ connection: ConnectionID
    ) -> RequestToken {
        requestSequence += 1  // bounded: counted here, one by one
        return RequestToken(
            connection: connection, sequence: requestSequence, correlationID: header.correlationID,
            apiKey: api.key, apiVersion: header.apiVersion)
    }

    private func frameOutcome(_ outcome: AnyOutcome, _ token: RequestToken) -> FrameOutcome {
        switch outcome {
        case .reply(let body): .reply(Reply(to: token, body: body))
        case .pending: .pending
        case .noReply: .noReply
        case .close(let reason): .close(reason: reason)
        }
    }

    /// ApiVersions answers any version, in the shape of version 0, so that old and new clients can step down (KIP-511).
    private func unsupportedVersion(_ token: RequestToken, _ api: ServedAPI) -> FrameOutcome {
        guard token.apiKey == .apiVersions else {
            return .close(reason: "\(token.apiKey) version \(token.apiVersion) is not supported")
        }
        return .reply(
            Reply(
                correlationID: token.correlationID, apiKey: token.apiKey, apiVersion: 0,
                body: ApiVersionsHandler.unsupportedVersionResponse(), sizeHint: Reply.smallAnswer))
    }

    // MARK: Parked requests

    /// Leaves a request for later: it is looked at again when one of `keys` is woken, and answered at `deadline`,
    /// which comes from ``deadline(after:)``.
    /// - Parameter heldBytes: memory that it takes meanwhile, where that is worth counting.
    mutating func park(
        _ context: RequestContext, on keys: [ParkingKey], until deadline: Int64, holding heldBytes: Int = 0,
        resume: @escaping (inout Cluster, _ now: Int64, _ expired: Bool) -> (any KafkaResponse)?
    ) {
        parking.park(ParkedRequest(token: context.token, keys: keys, heldBytes: heldBytes, resume: resume))
        timers.schedule(.parked(sequence: context.token.sequence), at: deadline)
    }

    mutating func resumeWoken(now: Int64) {
        while parking.hasWoken {
            for request in parking.takeWoken() {
                finish(request, now: now, expired: false)
            }
        }
    }

    mutating func expire(_ sequence: UInt64, now: Int64) {
        if let request = parking.request(sequence) {
            finish(request, now: now, expired: true)
        }
    }

    private mutating func finish(_ request: ParkedRequest, now: Int64, expired: Bool) {
        guard let response = request.resume(&self, now, expired) else {
            return
        }
        parking.remove(request.token.sequence)
        deliver(response, to: request.token)
    }
}

extension Reply {
    /// Bytes reserved for an answer without records.
    static let smallAnswer = 512

    init(to token: RequestToken, body: any KafkaResponse) {
        correlationID = token.correlationID
        apiKey = token.apiKey
        apiVersion = token.apiVersion
        self.body = body
        sizeHint = Reply.smallAnswer + body.recordBytes
    }
}
