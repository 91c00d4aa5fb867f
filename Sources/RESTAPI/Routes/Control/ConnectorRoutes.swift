/// `/connect/v1`: connectors that run in this process and write to a cluster.
enum ConnectorRoutes {
    static let cluster = "/connect/v1/environments/{environment_id}/clusters/{kafka_cluster_id}"
    static let connectors = cluster + "/connectors"
    static let connector = connectors + "/{connector_name}"
    static let plugins = cluster + "/connector-plugins"

    static let routes: [Route] = [
        Route(.get, PathTemplate(connectors), list),
        Route(.post, PathTemplate(connectors), create),
        Route(.get, PathTemplate(connector)) { request, fleet in
            let connector = try await find(request, fleet)
            return .json(describe(connector, try await cluster(request, fleet), fleet))
        },
        Route(.delete, PathTemplate(connector)) { request, fleet in
            let cluster = try await clusterID(request, fleet)
            try await fleet.control.deleteConnector(request.capture("connector_name"), cluster: cluster)
            return .json(["error": nil])
        },
        Route(.get, PathTemplate(connector + "/config")) { request, fleet in
            let connector = try await find(request, fleet)
            return .json(config(connector.config, try await cluster(request, fleet), fleet))
        },
        Route(.put, PathTemplate(connector + "/config")) { request, fleet in
            let place = try await cluster(request, fleet)
            let cluster = place.id
            let name = request.capture("connector_name")
            let config = try withName(name, try request.object().strings())
            let known = try await fleet.control.connectors(of: cluster).contains { $0.name == name }
            let connector =
                known
                ? try await fleet.control.configureConnector(name, config: config, cluster: cluster)
                : try await fleet.control.createConnector(name, config: config, cluster: cluster)
            return .json(describe(connector, place, fleet), status: known ? 200 : 201)
        },
        Route(.get, PathTemplate(connector + "/status")) { request, fleet in
            .json(status(try await find(request, fleet)))
        },
        Route(.get, PathTemplate(connector + "/tasks")) { request, fleet in
            let connector = try await find(request, fleet)
            let settings = config(connector.config, try await cluster(request, fleet), fleet)
            let tasks = connector.tasks.map { task -> JSON in
                ["id": ["connector": .string(connector.name), "task": JSON(task.id)], "config": settings]
            }
            return .json(.array(tasks))
        },
        command(.put, "pause", .pause),
        command(.put, "resume", .resume),
        command(.post, "restart", .restart),
        Route(.get, PathTemplate(plugins)) { request, fleet in
            _ = try await clusterID(request, fleet)
            let plugins = fleet.control.connectorPlugins.map { plugin -> JSON in
                [
                    "class": .string(plugin.className), "type": .string(plugin.type),
                    "version": .string(plugin.version),
                ]
            }
            return .json(.array(plugins))
        },
        Route(.put, PathTemplate(plugins + "/{plugin_name}/config/validate"), validate),
    ]

    private static func command(_ method: HTTPMethod, _ verb: String, _ command: ConnectorCommand) -> Route {
        Route(method, PathTemplate(connector + "/" + verb)) { request, fleet in
            let cluster = try await clusterID(request, fleet)
            try await fleet.control.commandConnector(request.capture("connector_name"), command, cluster: cluster)
            return RESTResponse(status: 202)
        }
    }

    // MARK: Finding

    private static func clusterID(_ request: RESTRequest, _ fleet: any FleetBackend) async throws -> String {
        try await cluster(request, fleet).id
    }

    private static func cluster(_ request: RESTRequest, _ fleet: any FleetBackend) async throws -> ManagedCluster {
        let environment = request.capture("environment_id")
        guard await fleet.control.environments().contains(where: { $0.id == environment }) else {
            throw RESTError.notFound("Environment '\(environment)' does not exist.")
        }
        let id = request.capture("kafka_cluster_id")
        let clusters = await fleet.control.managedClusters()
        guard let cluster = clusters.first(where: { $0.id == id && $0.environmentID == environment }) else {
            throw RESTError.notFound("Kafka cluster '\(id)' does not exist in environment '\(environment)'.")
        }
        return cluster
    }

    private static func find(_ request: RESTRequest, _ fleet: any FleetBackend) async throws -> ConnectorInfo {
        let cluster = try await clusterID(request, fleet)
        let name = request.capture("connector_name")
        guard let connector = try await fleet.control.connectors(of: cluster).first(where: { $0.name == name }) else {
            throw RESTError.notFound("Connector '\(name)' does not exist.")
        }
        return connector
    }

    // MARK: Listing

    private static let list: Route.Handler = { request, fleet in
        let place = try await cluster(request, fleet)
        let connectors = try await fleet.control.connectors(of: place.id)
        guard let wish = request.query["expand"], !wish.isEmpty else {
            return .json(.array(connectors.map { .string($0.name) }))
        }
        let parts = wish.split(separator: ",").map(String.init)
        if let unknown = parts.first(where: { !["info", "status", "id"].contains($0) }) {
            throw RESTError.badRequest("Query parameter 'expand' takes info, status and id, not '\(unknown)'.")
        }
        let members = connectors.map { connector in
            var fields: [JSON.Member] = []
            if parts.contains("id") {
                fields.append(JSON.Member("id", ["id": .string(connector.id), "id_type": "ID"]))
            }
            if parts.contains("info") {
                fields.append(JSON.Member("info", describe(connector, place, fleet)))
            }
            if parts.contains("status") {
                fields.append(JSON.Member("status", status(connector)))
            }
            return JSON.Member(connector.name, .object(fields))
        }
        return .json(.object(members))
    }

    // MARK: Creating

    private static let create: Route.Handler = { request, fleet in
        let place = try await cluster(request, fleet)
        let body = try request.object()
        let config = try body.requiredObject("config").strings()
        let given = try body.string("name") ?? config["name"] ?? ""
        guard !given.isEmpty else {
            throw RESTError.badRequest("Field 'name' is required.")
        }
        let connector = try await fleet.control.createConnector(
            given, config: withName(given, config), cluster: place.id)
        return .json(describe(connector, place, fleet), status: 201)
    }

    /// The name stands beside the configuration and in it; both have to agree.
    private static func withName(_ name: String, _ config: [String: String]) throws(RESTError) -> [String: String] {
        let hasControls = name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        guard !hasControls, name.utf8.count <= 255, !name.contains("/") else {
            throw .badRequest("A connector's name has 255 bytes at most, no slash and no control characters.")
        }
        guard (config["name"] ?? name) == name else {
            throw .badRequest(
                "The connector is called '\(name)', and its configuration says '\(config["name"] ?? "")'.")
        }
        var config = config
        config["name"] = name
        return config
    }

    private static let validate: Route.Handler = { request, fleet in
        _ = try await clusterID(request, fleet)
        let plugin = request.capture("plugin_name")
        guard let found = fleet.control.connectorPlugins.first(where: { $0.className == plugin }) else {
            let known = fleet.control.connectorPlugins.map(\.className).joined(separator: ", ")
            throw RESTError.notFound("There is no connector plugin '\(plugin)'; there is \(known).")
        }
        var config = try request.object().strings()
        config["connector.class"] = config["connector.class"] ?? found.className
        let problems = fleet.control.validateConnector(config)
        let shown = fleet.control.redacted(config)
        let fields = Set(shown.keys).union(problems.map(\.field)).sorted()
        let configs = fields.enumerated().map { order, field -> JSON in
            let errors = problems.filter { $0.field == field }.map { JSON.string($0.message) }
            let definition: JSON = [
                "name": .string(field), "type": shown[field] == mask ? "PASSWORD" : "STRING", "required": false,
                "default_value": "", "importance": "MEDIUM", "documentation": "", "group": "Configuration",
                "width": "MEDIUM", "display_name": .string(field), "dependents": [], "order": JSON(order), "alias": "",
            ]
            let value: JSON = [
                "name": .string(field), "value": .string(shown[field] ?? ""), "recommended_values": [],
                "errors": .array(errors), "visible": true,
            ]
            return ["definition": definition, "value": value, "metadata": [:]]
        }
        return .json([
            "name": .string(plugin), "groups": ["Configuration"], "error_count": JSON(problems.count),
            "configs": .array(configs),
        ])
    }

    /// What stands in the place of secrets.
    private static let mask = "****************"

    // MARK: Describing

    private static func describe(
        _ connector: ConnectorInfo, _ cluster: ManagedCluster, _ fleet: any FleetBackend
    ) -> JSON {
        let tasks = connector.tasks.map { task -> JSON in
            ["connector": .string(connector.name), "task": JSON(task.id)]
        }
        return [
            "name": .string(connector.name), "config": config(connector.config, cluster, fleet),
            "tasks": .array(tasks),
            "type": "source",
        ]
    }

    /// The configuration as it may be seen, with where the connector runs, which the original adds.
    private static func config(
        _ config: [String: String], _ cluster: ManagedCluster, _ fleet: any FleetBackend
    ) -> JSON {
        var shown = [
            "cloud.environment": "local", "cloud.provider": cluster.cloud.lowercased(),
            "kafka.region": cluster.region,
            "kafka.endpoint": cluster.bootstrap["SASL_SSL"].map { "SASL_SSL://\($0)" } ?? "",
            "kafka.api.key": "", "kafka.api.secret": "",
        ]
        shown.merge(fleet.control.redacted(config)) { _, own in own }
        return .object(shown.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) })
    }

    private static func status(_ connector: ConnectorInfo) -> JSON {
        let tasks = connector.tasks.map { task -> JSON in
            [
                "id": JSON(task.id), "state": .string(task.state.rawValue), "worker_id": "twinlog",
                "msg": .string(task.message ?? ""),
            ]
        }
        return [
            "name": .string(connector.name),
            "connector": [
                "state": .string(connector.state.rawValue), "worker_id": "twinlog",
                "trace": .string(connector.trace ?? ""),
            ],
            "tasks": .array(tasks), "type": "source",
        ]
    }
}
