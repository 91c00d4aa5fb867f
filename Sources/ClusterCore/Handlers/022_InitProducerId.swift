import KafkaProtocol

/// InitProducerId: an id and epoch for an idempotent producer.
///
/// Serves v0…5. Differs from Kafka: transactional ids are refused with TRANSACTIONAL_ID_AUTHORIZATION_FAILED until
/// transactions are served.
enum InitProducerIDHandler: RequestHandler {
    static func handle(
        _ request: InitProducerIdRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<InitProducerIdResponse> {
        var response = InitProducerIdResponse()
        do throws(ErrorCode) {
            if let transactionalID = request.transactionalID {
                throw transactionalID.isEmpty ? .invalidRequest : .transactionalIDAuthorizationFailed
            }
            // A producer either names both, its id and epoch, or neither.
            guard (request.producerID == -1) == (request.producerEpoch == -1) else {
                throw .invalidRequest
            }
            response.producerID = try cluster.nextProducerID(context.connection.nodeID, now: context.now)
            response.producerEpoch = 0
        } catch {
            response.errorCode = error.rawValue
            response.producerID = -1
            response.producerEpoch = -1
        }
        return .reply(response)
    }
}
