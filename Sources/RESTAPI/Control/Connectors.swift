/// A connector as it stands.
package struct ConnectorInfo: Sendable {
    /// `lcc-` and six characters.
    package var id: String
    package var name: String
    /// With its secrets; never to be shown as it is.
    package var config: [String: String]
    package var state: ConnectorState
    /// Why it failed.
    package var trace: String?
    package var tasks: [ConnectorTaskInfo]

    package init(
        id: String, name: String, config: [String: String], state: ConnectorState, trace: String? = nil,
        tasks: [ConnectorTaskInfo] = []
    ) {
        self.id = id
        self.name = name
        self.config = config
        self.state = state
        self.trace = trace
        self.tasks = tasks
    }
}

package struct ConnectorTaskInfo: Sendable, Equatable {
    package var id: Int
    package var state: ConnectorState
    /// Why it ended; nil while it runs.
    package var message: String?

    package init(id: Int, state: ConnectorState, message: String? = nil) {
        self.id = id
        self.state = state
        self.message = message
    }
}

/// `status.connector.state`.
package enum ConnectorState: String, Sendable, CaseIterable {
    case provisioning = "PROVISIONING"
    case running = "RUNNING"
    /// Some tasks have failed.
    case degraded = "DEGRADED"
    case failed = "FAILED"
    case paused = "PAUSED"
}

package enum ConnectorCommand: Sendable {
    case pause, resume, restart
}

/// A kind of connector that can be run here.
package struct ConnectorPlugin: Sendable, Equatable {
    package var className: String
    package var version: String
    package var type = "source"

    package init(className: String, version: String) {
        self.className = className
        self.version = version
    }
}
