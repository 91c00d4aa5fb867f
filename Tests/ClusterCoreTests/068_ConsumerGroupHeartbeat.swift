import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("ConsumerGroupHeartbeat")
struct ConsumerGroupHeartbeatTests {
    @Test("the protocol is refused as by a Kafka that has it switched off", arguments: [Int16(0), 1])
    func refused(version: Int16) throws {
        let harness = try ClusterHarness()
        var request = ConsumerGroupHeartbeatRequest()
        request.groupID = "g"
        request.memberID = "m"
        request.rebalanceTimeoutMs = 1_000
        request.subscribedTopicNames = ["orders"]
        request.topicPartitions = []
        let response = try harness.call(request, version: version)
        #expect(response.errorCode.code == .unsupportedVersion)
        #expect(response.errorMessage?.contains("group.protocol=classic") == true)
        #expect(response.memberID == nil)
        #expect(harness.cluster.groups.count == 0)
    }
}
