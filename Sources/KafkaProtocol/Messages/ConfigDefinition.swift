/// One configuration key of topics or brokers.
package struct ConfigDefinition: Sendable {
    package enum Scope: Sendable { case topic, broker }

    /// Types as DescribeConfigs reports them (KIP-569).
    package enum ValueType: Int8, Sendable {
        case boolean = 1, string, int, short, long, double, list, `class`, password
    }

    package enum Constraint: Sendable {
        case none
        /// Both ends included; nil is open.
        case range(lower: Double?, upper: Double?)
        /// One of these; each element of a list must be.
        case oneOf([String])
    }

    /// How a value may be changed while the broker runs. Topic configs are always `dynamic`.
    package enum Update: Sendable { case readOnly, perBroker, clusterWide, dynamic }

    package var name: String
    package var scope: Scope
    package var type: ValueType
    /// Nil when there is none.
    package var defaultValue: String?
    package var constraint: Constraint
    package var update: Update
    /// Broker configs that give a topic config its default, strongest first.
    package var synonyms: [String]
    /// Kafka describes it only when it is set.
    package var isInternal = false
    /// Whether a broker config changes what we do; topic configs do not say.
    package var acts = false
    /// The one value that is accepted of a config that does not act and whose other values would promise safety.
    package var onlyValue: String?
    package var documentation: String

    /// Passwords are never shown.
    package var isSensitive: Bool { type == .password }
}
