import KafkaProtocol
import Testing

@testable import ClusterCore

@Suite("DescribeCluster")
struct DescribeClusterTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness(brokers: 2)
    }

    @Test("id, controller and brokers", arguments: versions(DescribeClusterRequest.self, 1))
    func described(version: Int16) throws {
        let response = try harness.call(DescribeClusterRequest(), version: version)
        #expect(response.errorCode == 0)
        #expect(response.endpointType == 1)
        #expect(response.clusterID == "lkc-test")
        #expect([1, 2].contains(response.controllerID))
        #expect(response.brokers.map(\.brokerID) == [1, 2])
        #expect(response.brokers.map(\.port) == [9092, 9102])
        #expect(response.brokers.allSatisfy { !$0.isFenced })
        #expect(response.clusterAuthorizedOperations == .min)
    }

    @Test("authorized operations when asked for")
    func operations() throws {
        var request = DescribeClusterRequest()
        request.includeClusterAuthorizedOperations = true
        // What an unsecured broker of Kafka answers.
        #expect(try harness.call(request).clusterAuthorizedOperations == 8096)
    }

    @Test("controllers are not here, and other endpoint types do not exist")
    func endpointTypes() throws {
        var request = DescribeClusterRequest()
        request.endpointType = 2
        let controllers = try harness.call(request)
        #expect(controllers.errorCode.code == .mismatchedEndpointType)
        #expect(controllers.errorMessage != nil)
        #expect(controllers.brokers.isEmpty)
        for type in [Int8(0), 3, -1] {
            request.endpointType = type
            #expect(try harness.call(request).errorCode.code == .unsupportedEndpointType)
        }
    }
}
