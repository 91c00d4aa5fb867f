import KafkaProtocol

/// Which assignment protocol a generation uses, and what its members subscribe to.
extension Group {
    /// The protocol type whose metadata we understand.
    static let consumerProtocolType = "consumer"

    var usesConsumerProtocol: Bool { protocolType == Self.consumerProtocolType }

    mutating func countProtocols(of member: GroupMember, by step: Int) {
        // A member may name a protocol twice; it still is one supporter.
        for name in Set(member.protocols.map(\.name)) {
            let count = supportedProtocols[name, default: 0] + step
            supportedProtocols[name] = count == 0 ? nil : count
        }
    }

    /// Whether a member of that kind could be assigned together with those that are here.
    func supports(_ type: String, _ protocols: [MemberProtocol]) -> Bool {
        if state == .empty {
            return !type.isEmpty && !protocols.isEmpty
        }
        return protocolType == type
            && protocols.contains { supportedProtocols[$0.name, default: 0] == members.count }
    }

    /// What all members support and most of them like best. Where Kafka leaves a tie to chance, the choice of the
    /// member that joined first wins.
    func selectProtocol() -> String? {
        let candidates = Set(supportedProtocols.filter { $0.value == members.count }.keys)
        var votes: [String: Int] = [:]
        var order: [String] = []
        for member in members.values {
            guard let name = member.vote(candidates) else {
                continue
            }
            if votes[name] == nil {
                order.append(name)
            }
            votes[name, default: 0] += 1
        }
        let most = votes.values.max()
        return order.first { votes[$0] == most }
    }

    /// nil when members speak something other than Kafka's consumer protocol, or speak it wrongly.
    func computeSubscribedTopics() -> Set<String>? {
        guard usesConsumerProtocol else {
            return nil
        }
        guard !members.isEmpty else {
            return []
        }
        guard let protocolName else {
            return nil
        }
        var topics: Set<String> = []
        for member in members.values {
            guard let subscribed = Self.subscription(in: member.metadata(protocolName)) else {
                return nil
            }
            topics.formUnion(subscribed)
        }
        return topics
    }

    /// The topics of a consumer's subscription: every version of it starts as version 0 does.
    static func subscription(in metadata: [UInt8]) -> [String]? {
        metadata.withUnsafeBytes { bytes in
            do throws(WireError) {
                var reader = WireReader(bytes)
                _ = try reader.readInt16()
                let count = try reader.readInt32()
                // Each name takes at least its length field.
                guard count >= 0, Int(count) <= reader.remaining / 2 else {
                    return nil
                }
                var topics: [String] = []
                for _ in 0..<count {
                    topics.append(try reader.readString(compact: false))
                }
                return topics
            } catch {
                return nil
            }
        }
    }

    /// Whether the offsets of `topic` are in use. Not knowing counts as yes for consumers.
    package func isSubscribed(to topic: String) -> Bool {
        subscribedTopics.map { $0.contains(topic) } ?? usesConsumerProtocol
    }
}
