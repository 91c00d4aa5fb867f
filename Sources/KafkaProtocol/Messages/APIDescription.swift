/// What `Protocol/apis` says about one API.
package struct APIDescription: Sendable {
    /// What an access rule is about.
    package enum Resource: String, Sendable { case topic, group, cluster, transactionalID }

    /// What an access rule allows.
    package enum Operation: String, Sendable {
        case read, write, create, delete, alter, describe, clusterAction, describeConfigs, alterConfigs, idempotentWrite
    }

    package var key: APIKey
    /// Versions that we decode.
    package var served: ClosedRange<Int16>
    /// Versions that Kafka 4.2 tells clients.
    package var advertised: ClosedRange<Int16>
    package var flexibleFrom: Int16?
    /// Rights that a caller may need; which ones depends on the request. Empty when none is needed.
    package var access: [(resource: Resource, operation: Operation)]
    /// Errors that an answer may carry.
    package var errors: [ErrorCode]

    /// Kafka's name of the API.
    package var name: String { key.description }

    init(
        key: APIKey, served: ClosedRange<Int16>, advertised: ClosedRange<Int16>, flexibleFrom: Int16?,
        access: [(Resource, Operation)], errors: [ErrorCode]
    ) {
        self.key = key
        self.served = served
        self.advertised = advertised
        self.flexibleFrom = flexibleFrom
        self.access = access.map { (resource: $0.0, operation: $0.1) }
        self.errors = errors
    }
}
