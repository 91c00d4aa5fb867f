import KafkaProtocol

extension Cluster {
    /// Runs a request inside the process, with the code that clients reach.
    ///
    /// - Parameter node: the broker that it comes to; nil for the first.
    /// - Returns: nil when the API is not served, there is no such broker, or the answer would have to wait for more
    ///   than the disk.
    package mutating func call<R: KafkaRequest>(_ request: R, at node: Int32? = nil, now: Int64) -> R.Response? {
        let brokers = configuration.brokers
        guard let api = HandlerList.served(R.apiKey.rawValue),
            let broker = node.map({ id in brokers.first { $0.nodeID == id } }) ?? brokers.first
        else {
            return nil
        }
        requestSequence += 1
        let token = RequestToken(
            connection: .internalCaller, sequence: requestSequence, correlationID: 0, apiKey: api.key,
            apiVersion: api.served.upperBound)
        var info = ConnectionInfo(
            listener: broker.endpoints.keys.contains(.plaintext)
                ? .plaintext : broker.endpoints.keys.first ?? .plaintext,
            nodeID: broker.nodeID, clientHost: "127.0.0.1")
        info.principal = .process
        let context = RequestContext(token: token, clientID: "twinlog", connection: info, now: now)
        _ = flushes.takeTouched()
        var outcome = api.runDecoded(request, context, &self)
        if let known = outcome, flushes.hasTouched {
            outcome = holdUntilDurable(known, token)
        }
        if case .pending? = outcome, let response = flushAlone(token) {
            resumeWoken(now: now)
            return response as? R.Response
        }
        parking.removeAll(of: .internalCaller)
        resumeWoken(now: now)
        guard case .reply(let response)? = outcome else {
            return nil
        }
        return response as? R.Response
    }
}

extension ConnectionID {
    /// Stands for callers inside the process. Transports count from 1.
    package static let internalCaller = ConnectionID(rawValue: 0)
}
