import KafkaProtocol

/// What a handler decided about one request.
package enum Outcome<Response: KafkaResponse> {
    /// The answer is known now.
    case reply(Response)
    /// The answer comes later, by ``Cluster/deliver(_:to:)``; until then the connection's next requests wait, as in
    /// Kafka.
    case pending
    /// The request wants no answer (Produce with acks=0).
    case noReply
    /// The request cannot be answered in any way that the client would understand.
    case disconnect(String)
}

/// What becomes of one received frame.
package enum FrameOutcome {
    case reply(Reply)
    case pending
    case noReply
    /// Close the connection; the reason is for one log line.
    case close(reason: String)
}

/// An answer that waits to be encoded into the transport's own memory.
package struct Reply: Sendable {
    package let correlationID: Int32
    package let apiKey: APIKey
    package let apiVersion: Int16
    package let body: any KafkaResponse
    /// Bytes that the encoded answer will need at most in the usual case: records and a reserve for the rest.
    package let sizeHint: Int
    package var framing = Framing.message
    package var effect = Effect.none

    /// What is sent.
    package enum Framing: Sendable {
        /// Response header and body, as everywhere.
        case message
        /// The body alone: a SASL token after SaslHandshake version 0.
        case bare
        /// Not even an empty frame; only the effect counts.
        case nothing
    }

    /// What becomes of the connection once the answer is out.
    package enum Effect: Sendable {
        case none
        /// The client has said who it is: the limits of strangers no longer apply to it.
        case admit
        /// It ends.
        case close
    }

    /// Writes response header and body. ``WireWriter/failure`` tells that stored records could not be read.
    package func encode(into writer: inout WireWriter) {
        if framing == .message {
            ResponseHeader(correlationID: correlationID).encode(into: &writer, apiKey: apiKey, version: apiVersion)
        }
        body.encode(into: &writer, version: apiVersion)
    }
}

/// A late answer: the outcome of a request that was ``Outcome/pending``.
package struct Delivery: Sendable {
    package let connection: ConnectionID
    package let reply: Reply
}

/// One Kafka API: one file, one static function, no stored state.
package protocol RequestHandler: SendableMetatype {
    associatedtype Request: KafkaRequest

    static func handle(
        _ request: Request, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<Request.Response>
}
