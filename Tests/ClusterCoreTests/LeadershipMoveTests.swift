import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Another number of brokers")
struct LeadershipMoveTests {
    private func offsets(_ harness: ClusterHarness, _ group: String, commit: Int64? = nil) throws -> Int64? {
        let topic = try #require(harness.cluster.topics["orders"])
        let found = try harness.findCoordinator(group)
        let connection = harness.connect(node: found)
        if let commit {
            var partition = OffsetCommitRequest.OffsetCommitRequestPartition()
            partition.partitionIndex = 0
            partition.committedOffset = commit
            var item = OffsetCommitRequest.OffsetCommitRequestTopic()
            item.name = topic.name
            item.partitions = [partition]
            var request = OffsetCommitRequest()
            request.groupID = group
            request.topics = [item]
            let answer = try harness.call(request, version: 8, on: connection)
            #expect(answer.topics.first?.partitions.first?.errorCode == 0)
        }
        var group8 = OffsetFetchRequest.OffsetFetchRequestGroup()
        group8.groupID = group
        group8.topics = nil
        var request = OffsetFetchRequest()
        request.groups = [group8]
        let answer = try harness.call(request, version: 8, on: connection)
        return answer.groups.first?.topics.first?.partitions.first?.committedOffset
    }

    @Test("fewer brokers: leadership moves to those that exist, durably, with one line", arguments: [true, false])
    func fewer(cleanly: Bool) throws {
        let harness = try ClusterHarness(brokers: 3)
        try harness.createTopic("orders", partitions: 6)
        try harness.createTopic("copied", partitions: 3, replicationFactor: 3)
        for group in 0..<10 {
            #expect(try offsets(harness, "g\(group)", commit: Int64(group)) == Int64(group))
        }
        for index in 0..<6 {
            let leader = harness.connect(node: try harness.partition("orders", Int32(index)).leader)
            let request = try harness.produceRequest("orders", partition: Int32(index), values: ["old"])
            #expect(try harness.call(request, on: leader).responses.first?.partitionResponses.first?.errorCode == 0)
        }
        let epochs = harness.cluster.topics["orders"]?.partitions.map { ($0.leader, $0.leaderEpoch) } ?? []
        try harness.restart(cleanly: cleanly, brokers: 1)
        let notices = harness.step { $0.drainNotices() }.filter { $0.text.contains("moved to brokers that exist") }
        #expect(notices.count == 1)
        #expect(notices.first?.text.contains("broker(s) 2, 3 are gone") == true)
        let moved = try #require(harness.cluster.topics["orders"]).partitions
        for (partition, before) in zip(moved, epochs) {
            #expect(partition.leader == 1)
            #expect(before.0 == 1 || partition.leaderEpoch > before.1)
            #expect(try harness.produce("orders", partition: partition.index, "new") == 1)
        }
        // A topic with a replica that is left keeps its replicas; those that are gone are not in sync.
        for partition in try #require(harness.cluster.topics["copied"]).partitions {
            #expect(partition.replicas.sorted() == [1, 2, 3])
            #expect(partition.isr == [1])
        }
        for group in 0..<10 {
            #expect(try offsets(harness, "g\(group)") == Int64(group))
        }
        let after = harness.cluster.topics.sorted.flatMap(\.partitions).map { ($0.leader, $0.leaderEpoch) }
        let end = harness.cluster.metadataLog.log.logEndOffset
        try harness.restart(cleanly: true)
        #expect(harness.cluster.topics.sorted.flatMap(\.partitions).map(\.leader) == after.map(\.0))
        #expect(harness.cluster.metadataLog.log.logEndOffset == end)
    }

    @Test("the brokers come back: replicas are in sync again, and everything is served where it is led")
    func more() throws {
        let harness = try ClusterHarness(brokers: 3)
        try harness.createTopic("orders", partitions: 6)
        try harness.createTopic("copied", partitions: 3, replicationFactor: 3)
        #expect(try offsets(harness, "g", commit: 7) == 7)
        try harness.restart(brokers: 2)
        try harness.restart(cleanly: false, brokers: 3)
        for partition in try #require(harness.cluster.topics["copied"]).partitions {
            #expect(partition.isr.sorted() == [1, 2, 3])
        }
        for topic in harness.cluster.topics.sorted {
            for partition in topic.partitions {
                #expect((1...3).contains(partition.leader))
                #expect(partition.replicas.contains(partition.leader))
            }
        }
        for index in 0..<6 {
            let leader = harness.connect(node: try harness.partition("orders", Int32(index)).leader)
            let request = try harness.produceRequest("orders", partition: Int32(index), values: ["new"])
            #expect(try harness.call(request, on: leader).responses.first?.partitionResponses.first?.errorCode == 0)
        }
        #expect(try offsets(harness, "g") == 7)
    }

    @Test("replicas on brokers that are gone are offline in Metadata's words")
    func offline() throws {
        let harness = try ClusterHarness(brokers: 3)
        try harness.createTopic("copied", replicationFactor: 3)
        try harness.restart(brokers: 2)
        var item = MetadataRequest.MetadataRequestTopic()
        item.name = "copied"
        var request = MetadataRequest()
        request.topics = [item]
        let partition = try #require(try harness.call(request).topics.first?.partitions.first)
        #expect(partition.isrNodes.sorted() == [1, 2])
        #expect(partition.offlineReplicas == [3])
        #expect(partition.errorCode == 0)
    }

    @Test("a disk that cannot store the move keeps the cluster from starting, and says why")
    func fullDisk() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(brokers: 2, fileSystem: disk)
        try harness.createTopic("orders", partitions: 2)
        disk.fault = { operation, path in
            operation == .write && path.contains("__cluster_metadata") && path.hasSuffix(".log") ? .fail(.noSpace) : nil
        }
        let error = #expect(throws: StorageError.self) { try harness.restart(cleanly: false, brokers: 1) }
        #expect(error?.detail.contains("leaders") == true)
        disk.fault = nil
        try harness.restart(cleanly: false, brokers: 1)
        #expect(try harness.produce("orders", partition: 1, "a") == 0)
    }
}

extension ClusterHarness {
    /// The broker that coordinates a group.
    func findCoordinator(_ group: String) throws -> Int32 {
        var request = FindCoordinatorRequest()
        request.keyType = 0
        request.coordinatorKeys = [group]
        let (sent, _) = send(request, version: 4, on: connect())
        let found = try #require(try settled(sent).coordinators.first)
        #expect(found.errorCode == 0)
        return found.nodeID
    }
}
