import KafkaProtocol

/// One member of a classic group.
package struct GroupMember: Sendable {
    package internal(set) var id: String
    /// `group.instance.id` of a static member (KIP-345).
    package let groupInstanceID: String?
    package let clientID: String
    /// With the leading slash that Kafka prints.
    package let clientHost: String
    /// How long a rebalance may wait for this member, in milliseconds.
    package internal(set) var rebalanceTimeoutMs: Int32
    /// How long the member may be silent, in milliseconds.
    package internal(set) var sessionTimeoutMs: Int32
    /// What the member can be assigned by, in its order of preference.
    package internal(set) var protocols: [MemberProtocol]
    /// The leader's assignment for the current generation; empty until it is stored.
    package internal(set) var assignment: [UInt8] = []

    /// The JoinGroup that waits for the rebalance.
    var awaitingJoin: RequestToken?
    /// The SyncGroup that waits for the leader's assignment.
    var awaitingSync: RequestToken?
    /// Not yet answered for the first time: cannot send heartbeats, so it fails even while it waits.
    var isNew = false
    /// When the session ends unless something is heard; nil while nothing is expected of the member.
    var sessionDeadline: Int64?
    /// The earliest timer that is set for the session; it may be earlier than `sessionDeadline`.
    var sessionTimer: Int64?

    var isStatic: Bool { groupInstanceID != nil }

    /// The member's metadata under `name`; empty when it does not know that protocol.
    func metadata(_ name: String?) -> [UInt8] {
        protocols.first { $0.name == name }?.metadata ?? []
    }

    /// The protocol that this member likes best among `candidates`.
    func vote(_ candidates: Set<String>) -> String? {
        protocols.first { candidates.contains($0.name) }?.name
    }
}

/// A way to assign partitions (`range`, `cooperative-sticky`, …) and what the member says to it.
package struct MemberProtocol: Sendable, Equatable {
    package let name: String
    package let metadata: [UInt8]
}

/// What a JoinGroup says, and who says it.
struct JoinCall {
    let token: RequestToken
    let groupInstanceID: String?
    let memberID: String
    let clientID: String
    let clientHost: String
    let sessionTimeoutMs: Int32
    let rebalanceTimeoutMs: Int32
    let protocolType: String
    let protocols: [MemberProtocol]
    /// The member id to give away if one is needed.
    let freshMemberID: String

    /// From version 4 on a new member first asks for its id and joins with it (KIP-394).
    var requiresKnownMemberID: Bool { token.apiVersion >= 4 && groupInstanceID == nil }
    /// From version 9 on the leader can be told not to assign (KIP-814).
    var supportsSkippingAssignment: Bool { token.apiVersion >= 9 }

    var member: GroupMember {
        GroupMember(
            id: memberID.isEmpty ? freshMemberID : memberID, groupInstanceID: groupInstanceID, clientID: clientID,
            clientHost: clientHost, rebalanceTimeoutMs: rebalanceTimeoutMs, sessionTimeoutMs: sessionTimeoutMs,
            protocols: protocols)
    }
}

enum MemberID {
    /// Kafka's form of a new member's id: what names the client, and a random UUID.
    static func make(prefix: String, random id: KafkaUUID) -> String {
        "\(prefix)-\(hexadecimal(id))"
    }

    /// 8-4-4-4-12 hexadecimal digits.
    private static func hexadecimal(_ id: KafkaUUID) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 {
                text.append(UInt8(ascii: "-"))
            }
            let half = index < 16 ? id.high : id.low
            text.append(digits[Int(truncatingIfNeeded: half >> UInt64(60 - 4 * (index % 16))) & 15])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
