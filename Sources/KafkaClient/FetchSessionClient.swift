import KafkaProtocol

/// The client's half of a fetch session (KIP-227): the broker remembers what it is asked for, and a request says only
/// what has changed.
///
/// A broker without room for sessions answers with session 0; then every request names everything.
struct FetchSessionClient {
    /// 0 while there is no session. Named in the request that replaces a session, so that the broker can drop it.
    private var id: Int32 = 0
    /// What the next request carries; 0 asks for a new session.
    private var epoch: Int32 = 0
    private var usesTopicIDs = false
    /// What the broker was told last.
    private var known: [TopicPartition: FetchTarget] = [:]
    /// Refusals of a session in a row.
    private(set) var refusals = 0

    init(id: Int32 = 0, epoch: Int32 = 0) {
        self.id = id
        self.epoch = epoch
    }

    /// The request that makes the broker fetch exactly `targets`.
    mutating func request(_ targets: [FetchTarget], _ settings: FetchSettings, version: Int16) -> FetchRequest {
        guard version >= FetchRequest.firstVersionWithSessions else {
            return FetchRequest(targets, settings)
        }
        let namesIDs = version > FetchRequest.lastVersionWithNames
        defer {
            usesTopicIDs = namesIDs
            known = Dictionary(targets.map { ($0.partition, $0) }, uniquingKeysWith: { _, last in last })
        }
        guard epoch != 0, namesIDs == usesTopicIDs else {
            epoch = 0
            var request = FetchRequest(targets, settings)
            request.sessionID = id
            request.sessionEpoch = 0
            return request
        }
        var request = FetchRequest(targets.filter { known[$0.partition] != $0 }, settings)
        request.sessionID = id
        request.sessionEpoch = epoch
        request.forgottenTopicsData = forgotten(targets, byID: namesIDs)
        return request
    }

    /// What the broker is to fetch no more, in order. A topic that was made anew counts as another one.
    private func forgotten(_ targets: [FetchTarget], byID: Bool) -> [FetchRequest.ForgottenTopic] {
        let wanted = Dictionary(targets.map { ($0.partition, $0.topicID) }, uniquingKeysWith: { _, last in last })
        var topics: [FetchRequest.ForgottenTopic] = []
        for partition in known.keys.sorted() {
            let topicID = known[partition]?.topicID ?? .zero
            if let now = wanted[partition], now == topicID || !byID {
                continue
            }
            if topics.last?.topic != partition.topic || topics.last?.topicID != topicID {
                var topic = FetchRequest.ForgottenTopic()
                topic.topic = partition.topic
                topic.topicID = topicID
                topics.append(topic)
            }
            topics[topics.count - 1].partitions.append(partition.partition)
        }
        return topics
    }

    /// Takes note of an answer without an error.
    mutating func accepted(_ response: FetchResponse) {
        refusals = 0
        guard response.sessionID != 0 else {
            id = 0
            epoch = 0
            return
        }
        let continues = epoch != 0 && id == response.sessionID
        id = response.sessionID
        // Epochs count 1…Int32.max and start over at 1.
        epoch = continues && epoch < .max ? epoch + 1 : 1  // bounded: below .max, as this line asks
    }

    /// Takes note of an answer that refuses the session. The next request asks for a new one.
    ///
    /// - Returns: false when `code` is about something else.
    mutating func refused(_ code: ErrorCode) -> Bool {
        switch code {
        case .fetchSessionIDNotFound: id = 0
        case .invalidFetchSessionEpoch, .fetchSessionTopicIDError: break
        default: return false
        }
        epoch = 0
        refusals += 1
        return true
    }

    /// Makes the next request name everything: something that the broker told was not taken.
    mutating func restart() {
        epoch = 0
    }
}

extension FetchRequest {
    static let firstVersionWithSessions: Int16 = 7
}
