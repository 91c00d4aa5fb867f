import KafkaProtocol
import Testing

@testable import ClusterCore

/// Members that join, work, fall silent, leave, come back and lose the coordinator in an order that a seed decides.
/// After every step the group's books must balance; when the noise ends, everybody who is left must get work.
@Suite("Groups under random events")
struct GroupSimulationTests {
    @Test("the books balance after every step, and the members that stay all get work", arguments: 1...40)
    func randomEvents(seed: Int) throws {
        var world = try World(seed: UInt64(seed))
        for _ in 0..<200 {
            try world.step()
            try world.checkBooks()
        }
        try world.settle()
    }

    /// A client that follows the protocol as libraries do.
    private final class Player {
        let client: GroupClient
        var join: SentRequest<JoinGroupRequest>?
        var sync: SentRequest<SyncGroupRequest>?
        /// The generation whose assignment it works on; nil while it has none.
        var working: Int32?

        init(_ client: GroupClient) {
            self.client = client
        }

        /// Does whatever comes next: sends a request if none is under way, or reads its answer.
        func act(_ harness: ClusterHarness) throws {
            if let join {
                try readJoin(join, harness)
            } else if let sync {
                try readSync(sync, harness)
            } else if working == nil {
                join = client.sendJoin()
            } else {
                try heed(try client.heartbeat())
            }
        }

        private func readJoin(_ sent: SentRequest<JoinGroupRequest>, _ harness: ClusterHarness) throws {
            guard let answer = try harness.answer(to: sent) else {
                return
            }
            join = nil
            let code = ErrorCode(rawValue: answer.errorCode)
            if code == .memberIDRequired {
                client.memberID = answer.memberID
            } else if code == .none {
                client.memberID = answer.memberID
                client.generation = answer.generationID
                // The leader gives every member its own id as work.
                let work = Dictionary(uniqueKeysWithValues: answer.members.map { ($0.memberID, $0.memberID) })
                sync = client.sendSync(answer.skipAssignment ? [:] : work, protocolName: answer.protocolName)
            } else {
                try heed(code)
            }
        }

        private func readSync(_ sent: SentRequest<SyncGroupRequest>, _ harness: ClusterHarness) throws {
            guard let answer = try harness.answer(to: sent) else {
                return
            }
            sync = nil
            let code = ErrorCode(rawValue: answer.errorCode)
            try heed(code)
            if code == .none {
                #expect(answer.assignment == Array(client.memberID.utf8) || client.instanceID != nil)
                working = client.generation
            }
        }

        private func heed(_ code: ErrorCode) throws {
            switch code {
            case .none: break
            case .rebalanceInProgress: working = nil
            case .unknownMemberID, .illegalGeneration, .fencedInstanceID:
                working = nil
                client.memberID = ""
            default: Issue.record("unexpected code \(code)")
            }
        }
    }

    private struct World {
        let harness: ClusterHarness
        var random: SplitMix64
        var players: [Player] = []
        var born = 0
        /// After a restart only the chosen protocol of the stored members is known, so newcomers that lack it are
        /// refused (in Kafka too). Worlds where members differ do without restarts.
        let protocolsDiffer: Bool

        init(seed: UInt64) throws {
            harness = try .forGroups(delay: seed % 2 == 0 ? 0 : 500, configs: ["group.max.size": "20"])
            random = SplitMix64(state: seed)
            protocolsDiffer = seed % 3 == 0
        }

        mutating func step() throws {
            switch random.next() % 20 {
            case 0 where players.count < 6: spawn()
            case 1: vanish()
            case 2: try depart()
            case 3: harness.advance(by: Int64(random.next() % 12_000))
            case 4 where !protocolsDiffer && random.next() % 4 == 0: try restartServer()
            case 5...7: harness.advance(by: Int64(random.next() % 1_000))
            default:
                if let player = players.randomElement(using: &random) {
                    try player.act(harness)
                }
            }
        }

        private mutating func spawn() {
            born += 1
            let isStatic = random.next() % 3 == 0
            let client = GroupClient(
                harness, clientID: "c\(born)", instanceID: isStatic ? "node-\(random.next() % 3)" : nil,
                protocols: !protocolsDiffer || random.next() % 2 == 0 ? ["range"] : ["sticky", "range"])
            client.rebalanceTimeoutMs = 15_000
            // Two players with one instance id would fence each other for ever.
            if let old = players.firstIndex(where: { isStatic && $0.client.instanceID == client.instanceID }) {
                harness.disconnect(players[old].client.connection)
                players.remove(at: old)
            }
            players.append(Player(client))
        }

        private mutating func vanish() {
            if let index = players.indices.randomElement(using: &random) {
                harness.disconnect(players.remove(at: index).client.connection)
            }
        }

        /// Leaves, unless a request is under way: connections answer one at a time.
        private mutating func depart() throws {
            guard let index = players.indices.randomElement(using: &random) else {
                return
            }
            let player = players[index]
            if player.join == nil, player.sync == nil {
                try player.client.leave()
                players.remove(at: index)
            }
        }

        private mutating func restartServer() throws {
            try harness.restart(cleanly: random.next() % 2 == 0)
            players = players.map { old in
                let client = GroupClient(
                    harness, clientID: old.client.clientID, instanceID: old.client.instanceID,
                    protocols: old.client.protocols.map(\.name))
                client.rebalanceTimeoutMs = old.client.rebalanceTimeoutMs
                client.memberID = old.client.memberID
                client.generation = old.client.generation
                let player = Player(client)
                player.working = old.working
                return player
            }
        }

        func checkBooks() throws {
            guard let group = harness.cluster.groups["g"] else {
                return
            }
            let members = group.members
            #expect(group.awaitingJoinCount == members.values.count { $0.awaitingJoin != nil })
            #expect(members.allSatisfy { $0.key == $0.value.id })
            var statics: [String: String] = [:]
            var supported: [String: Int] = [:]
            for member in members.values {
                if let instance = member.groupInstanceID {
                    statics[instance] = member.id
                }
                for item in member.protocols {
                    supported[item.name, default: 0] += 1
                }
            }
            #expect(group.staticMembers == statics)
            #expect(group.supportedProtocols == supported)
            #expect(group.pendingSync.isSubset(of: members.keys))
            #expect(members.isEmpty || group.leader.map { members[$0] != nil } == true)
            #expect(Set(group.pendingMembers.keys).isDisjoint(with: members.keys))
            switch group.state {
            case .empty: #expect(members.isEmpty)
            case .stable, .completingRebalance:
                #expect(!members.isEmpty)
                #expect(group.awaitingJoinCount == 0)
                #expect(group.protocolName != nil)
            case .preparingRebalance: #expect(group.joinDeadline != nil)
            case .dead: Issue.record("a dead group is still there")
            }
            #expect(group.state != .stable || members.values.allSatisfy { $0.awaitingSync == nil })
            let forgotten = members.values.filter { member in
                member.sessionDeadline == nil && member.awaitingJoin == nil && member.awaitingSync == nil
            }
            #expect(forgotten.isEmpty)
        }

        /// Everybody who is left plays by the rules: within two minutes all of them work in one generation.
        mutating func settle() throws {
            if players.isEmpty {
                spawn()
            }
            for _ in 0..<240 {
                harness.advance(by: 500)
                for player in players {
                    try player.act(harness)
                }
                try checkBooks()
            }
            let group = try #require(harness.cluster.groups["g"])
            #expect(group.state == .stable)
            #expect(group.members.count == players.count)
            for player in players {
                #expect(player.working == group.generation)
                #expect(group.members[player.client.memberID] != nil)
            }
        }
    }
}
