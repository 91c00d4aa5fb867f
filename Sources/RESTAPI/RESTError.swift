import KafkaProtocol

/// A refusal as clients of Kafka REST v3 see it: an HTTP status and `{"error_code", "message"}`.
///
/// Codes that stand for one Kafka error are the status followed by Kafka's two digits (40403 = 404 and error 3); 40002
/// is any other bad request, 50002 any other failure of the cluster, 50003 one that goes away by itself.
package struct RESTError: Error, Sendable, Equatable, CustomStringConvertible {
    package var status: Int
    package var code: Int
    package var message: String
    /// Which part of the request is wrong; only the control plane's answers name it.
    package var source: Source?

    package enum Source: Sendable, Equatable {
        /// JSON pointer into the body.
        case pointer(String)
        /// A query parameter's name.
        case parameter(String)
    }

    package init(status: Int, code: Int, message: String, source: Source? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.source = source
    }

    package var description: String { message }

    // MARK: By HTTP

    /// The request itself is broken: JSON that is none, a field of the wrong type, an illegal name.
    package static func badRequest(_ message: String) -> RESTError {
        RESTError(status: 400, code: 400, message: message)
    }

    package static func notFound(_ message: String) -> RESTError {
        RESTError(status: 404, code: 404, message: message)
    }

    /// Nothing is wrong with the request, but with what it would lead to: a name that is taken, a protected cluster.
    package static func conflict(_ message: String) -> RESTError {
        RESTError(status: 409, code: 409, message: message)
    }

    /// A value that is well formed and not allowed.
    package static func unprocessable(_ message: String, at pointer: String? = nil) -> RESTError {
        RESTError(status: 422, code: 422, message: message, source: pointer.map { .pointer($0) })
    }

    package static func unauthorized(_ message: String = "Authentication failed") -> RESTError {
        RESTError(status: 401, code: 40101, message: message)
    }

    package static func forbidden(_ message: String) -> RESTError {
        RESTError(status: 403, code: 40301, message: message)
    }

    package static func clusterNotFound(_ id: String) -> RESTError {
        notFound("Cluster \(id) cannot be found.")
    }

    package static func linkNotFound(_ name: String) -> RESTError {
        notFound("The cluster link doesn't exist.: Cluster link '\(name)' does not exist.")
    }

    /// 409 with Kafka's pattern: clients look for "already exists" in the text and accept any 4xx.
    package static func linkExists(_ name: String) -> RESTError {
        RESTError(status: 409, code: 40902, message: "Cluster link '\(name)' already exists.")
    }

    package static func mirrorNotFound(_ topic: String, link: String) -> RESTError {
        notFound("Unable to resolve mirror topic '\(topic)' of cluster link '\(link)'.")
    }

    // MARK: By Kafka error

    /// Kafka refused the request (40002), for example because a topic exists already.
    package static func invalid(_ message: String) -> RESTError {
        RESTError(status: 400, code: 40002, message: message)
    }

    /// A Kafka error with the text that came with it; without one, Kafka's own words for the error.
    package init(_ error: ErrorCode, message: String? = nil) {
        let text = message ?? error.message
        switch error {
        case .unknownTopicOrPartition, .unknownTopicID:
            self.init(status: 404, code: 40403, message: text)
        case .unsupportedVersion:
            self.init(status: 400, code: 40035, message: text)
        case .topicAuthorizationFailed, .groupAuthorizationFailed, .clusterAuthorizationFailed:
            self.init(status: 403, code: 40301, message: text)
        case .saslAuthenticationFailed:
            self.init(status: 401, code: 40101, message: text)
        case .unknownServerError, .kafkaStorageError:
            self.init(status: 500, code: 50002, message: text)
        default:
            self.init(
                status: error.isRetriable ? 500 : 400, code: error.isRetriable ? 50003 : 40002, message: text)
        }
    }

    /// Throws when a per-item Kafka error is set.
    static func check(_ code: Int16, _ message: String?) throws(RESTError) {
        guard code != ErrorCode.none.rawValue else {
            return
        }
        throw RESTError(ErrorCode(rawValue: code), message: message)
    }
}
