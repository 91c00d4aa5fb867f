import Testing

@testable import ClusterCore

@Suite("Group states")
struct GroupStateTests {
    /// Everything that is allowed, written down once more and independently of the code.
    private static let allowed: [GroupState: Set<GroupState>] = [
        .empty: [.preparingRebalance, .dead],
        .preparingRebalance: [.completingRebalance, .empty, .dead],
        .completingRebalance: [.stable, .preparingRebalance, .dead],
        .stable: [.preparingRebalance, .dead],
        .dead: [.dead],
    ]

    @Test("every pair of states is allowed or refused as the drawing says", arguments: GroupState.allCases)
    func allPairs(state: GroupState) throws {
        let allowed = try #require(Self.allowed[state])
        for next in GroupState.allCases {
            #expect(state.canMove(to: next) == allowed.contains(next), "\(state) to \(next)")
        }
    }

    @Test("states are named as Kafka's tools print them")
    func names() {
        let names = GroupState.allCases.map(\.rawValue)
        #expect(names == ["Empty", "PreparingRebalance", "CompletingRebalance", "Stable", "Dead"])
    }

    @Test("only a group that is not rebalancing already can be told to rebalance")
    func rebalance() {
        #expect(GroupState.allCases.filter(\.canRebalance) == [.empty, .completingRebalance, .stable])
    }
}

@Suite("Spreading groups over partitions")
struct GroupHashTests {
    @Test(
        "texts hash as in Java",
        arguments: [("", 0), ("a", 97), ("abc", 96_354), ("polygenelubricants", Int32.min), ("é", 233)])
    func hash(text: String, expected: Int32) {
        #expect(JavaHash.hash(text) == expected)
    }

    @Test("buckets are never negative")
    func buckets() {
        #expect(JavaHash.bucket("polygenelubricants", of: 50) == 0)
        #expect(JavaHash.bucket("abc", of: 50) == 4)
        // "consumer-group-1".hashCode() is negative in Java.
        for index in 0..<1_000 {
            #expect((0..<50).contains(JavaHash.bucket("consumer-group-\(index)", of: 50)))
        }
    }

    @Test("a member id is its prefix and a UUID in Kafka's text form")
    func memberID() {
        let id = MemberID.make(prefix: "c", random: .init(high: 0x0123_4567_89ab_cdef, low: 0x8000_0000_0000_0001))
        #expect(id == "c-01234567-89ab-cdef-8000-000000000001")
    }
}
