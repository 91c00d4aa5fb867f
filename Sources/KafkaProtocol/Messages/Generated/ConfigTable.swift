// Generated from Protocol/configs.table by `make generate`. Do not edit.

/// The configuration keys that we know.
package enum ConfigDefinitions {
    /// Keys of a topic, ordered as in the table.
    package static let topic: [ConfigDefinition] = [
    ]

    /// Keys of a broker, ordered as in the table.
    package static let broker: [ConfigDefinition] = [
    ]
}
