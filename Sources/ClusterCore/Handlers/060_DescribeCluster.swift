import KafkaProtocol

/// DescribeCluster: id, controller and brokers.
///
/// Serves v0…2. Differs from Kafka: controllers have no endpoints of their own, so asking for them (endpoint type 2) is
/// refused as a broker does.
enum DescribeClusterHandler: RequestHandler {
    static func handle(
        _ request: DescribeClusterRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<DescribeClusterResponse> {
        var response = DescribeClusterResponse()
        response.endpointType = request.endpointType
        guard request.endpointType == 1 else {
            let isKnown = request.endpointType == 2
            response.errorCode = (isKnown ? ErrorCode.mismatchedEndpointType : .unsupportedEndpointType).rawValue
            response.errorMessage =
                isKnown
                ? "The request was sent to an endpoint of the wrong type."
                : "Unsupported endpoint type \(request.endpointType)"
            return .reply(response)
        }
        response.clusterID = cluster.configuration.clusterID
        response.controllerID = cluster.configuration.brokers.first?.nodeID ?? -1
        response.brokers = cluster.liveBrokers(context.connection.listener).map { broker, endpoint in
            var entry = DescribeClusterResponse.DescribeClusterBroker()
            entry.brokerID = broker.nodeID
            entry.host = endpoint.host
            entry.port = endpoint.port
            entry.rack = broker.rack
            return entry
        }
        if request.includeClusterAuthorizedOperations {
            response.clusterAuthorizedOperations = AuthorizedOperations.cluster
        }
        return .reply(response)
    }
}
