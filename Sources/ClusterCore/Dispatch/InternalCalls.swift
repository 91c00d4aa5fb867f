import KafkaProtocol

extension Cluster {
    /// Runs a request inside the process, with the code that clients reach.
    ///
    /// - Parameter node: the broker that it comes to; nil for the first.
    /// - Returns: nil when the API is not served, there is no such broker, or the answer would have to wait for more
    ///   than the disk.
    package mutating func call<R: KafkaRequest>(_ request: R, at node: Int32? = nil, now: Int64) -> R.Response? {
        guard let (token, outcome) = run(request, at: node, now: now) else {
            return nil
        }
        defer { resumeWoken(now: now) }
        switch outcome {
        case .reply(let response): return response as? R.Response
        case .pending:
            if let response = flushAlone(token) {
                return response as? R.Response
            }
            parking.remove(token.sequence)
            return nil
        case .noReply, .close: return nil
        }
    }

    /// As ``call(_:at:now:)``, and waits for answers that take their time. What has to be on disk first shares the
    /// rounds of flushes with what clients send.
    ///
    /// - Parameter completion: called once, before this returns or in a later step of the cluster; with nil when it is
    ///   closed, or when the disk did not take what was to be acknowledged. It must not touch the cluster.
    package mutating func submit<R: KafkaRequest>(
        _ request: R, at node: Int32? = nil, now: Int64, completion: @escaping (R.Response?) -> Void
    ) {
        guard let (token, outcome) = run(request, at: node, now: now, waiter: { completion($0 as? R.Response) }) else {
            return completion(nil)
        }
        defer { resumeWoken(now: now) }
        switch outcome {
        case .reply(let response): internalWaiters.removeValue(forKey: token.sequence)?(response)
        case .pending: break
        case .noReply, .close: internalWaiters.removeValue(forKey: token.sequence)?(nil)
        }
    }

    /// - Parameter waiter: told the answer, also one that comes before this returns.
    private mutating func run<R: KafkaRequest>(
        _ request: R, at node: Int32?, now: Int64, waiter: (((any KafkaResponse)?) -> Void)? = nil
    ) -> (RequestToken, AnyOutcome)? {
        let brokers = configuration.brokers
        guard let api = HandlerList.served(R.apiKey.rawValue),
            let broker = node.map({ id in brokers.first { $0.nodeID == id } }) ?? brokers.first
        else {
            return nil
        }
        requestSequence += 1  // bounded: counted here, one by one
        let token = RequestToken(
            connection: .internalCaller, sequence: requestSequence, correlationID: 0, apiKey: api.key,
            apiVersion: api.served.upperBound)
        var info = ConnectionInfo(
            listener: broker.endpoints.keys.contains(.plaintext)
                ? .plaintext : broker.endpoints.keys.first ?? .plaintext,
            nodeID: broker.nodeID, clientHost: "127.0.0.1")
        info.principal = .process
        let context = RequestContext(token: token, clientID: "twinlog", connection: info, now: now)
        internalWaiters[token.sequence] = waiter
        _ = flushes.takeTouched()
        var outcome = api.runDecoded(request, context, &self)
        if let known = outcome, flushes.hasTouched {
            outcome = holdUntilDurable(known, token)
        }
        guard let outcome else {
            internalWaiters[token.sequence] = nil
            return nil
        }
        return (token, outcome)
    }
}

extension ConnectionID {
    /// Stands for callers inside the process. Transports count from 1.
    package static let internalCaller = ConnectionID(rawValue: 0)
}
