import ClusterCore
import Credentials
import Datagen
import KafkaClient
import RESTAPI

// Connectors, which live in ``ConnectorService``.

extension Fleet {
    func openConnectors() async throws(StartError) {
        let file = StateFile(
            path: path("connectors.json"), format: 1, wayOut: { "move it away and make its connectors again" })
        let service = ConnectorService(file: file, logger: logger) {
            [weak self] cluster, key in
            await self?.connectorTarget(cluster, key) ?? .failure(ConnectorFailure(message: "the server is stopping"))
        }
        connectors = service
        try await service.start()
        for id in deletedClusters {
            await service.removeAll(of: id)
            logger.info("the deletion of \(id), which an earlier run had begun, is finished")
        }
    }

    /// Where a connector writes: through SASL with its key, like a client elsewhere would. Only connectors that were
    /// configured without a key go through the open listener.
    private func connectorTarget(
        _ cluster: String, _ key: DatagenConnector.Credentials?
    ) -> Result<ConnectorWorker.Target, ConnectorFailure> {
        guard let runtime = runtimes.first(where: { $0.spec.id == cluster }) else {
            return .failure(ConnectorFailure(message: "Kafka cluster '\(cluster)' does not exist"))
        }
        if let key, keys?.verify(clusterID: cluster, id: key.key, secret: key.secret) != true {
            return .failure(
                ConnectorFailure(message: "kafka.api.key and kafka.api.secret do not open Kafka cluster '\(cluster)'"))
        }
        return runtime.connectorTarget(key)
    }

    private func service() throws(RESTError) -> ConnectorService {
        guard let connectors, isReady else {
            throw RESTError(status: 503, code: 50003, message: "The server is starting or stopping.")
        }
        return connectors
    }

    package func connectors(of cluster: String) async throws -> [ConnectorInfo] {
        await (try service()).list(of: cluster)
    }

    package func createConnector(
        _ name: String, config: [String: String], cluster: String
    ) async throws -> ConnectorInfo {
        try await service().create(name, config: config, cluster: cluster)
    }

    package func configureConnector(
        _ name: String, config: [String: String], cluster: String
    ) async throws -> ConnectorInfo {
        try await service().configure(name, config: config, cluster: cluster)
    }

    package func commandConnector(_ name: String, _ command: ConnectorCommand, cluster: String) async throws {
        try await service().command(name, command, cluster: cluster)
    }

    package func deleteConnector(_ name: String, cluster: String) async throws {
        try await service().remove(name, cluster: cluster)
    }

    package nonisolated var connectorPlugins: [ConnectorPlugin] {
        [ConnectorPlugin(className: "DatagenSource", version: Product.version)]
    }

    package nonisolated func validateConnector(_ config: [String: String]) -> [(field: String, message: String)] {
        DatagenConnector.validate(config).map { ($0.field, $0.message) }
    }

    package nonisolated func redacted(_ config: [String: String]) -> [String: String] {
        DatagenConnector.redacted(config)
    }
}

extension ClusterRuntime {
    func connectorTarget(
        _ key: DatagenConnector.Credentials?
    ) -> Result<ConnectorWorker.Target, ConnectorFailure> {
        let wanted: ListenerName = key == nil ? .plaintext : .saslSSL
        guard let address = bootstrap.first(where: { $0.listener == wanted.rawValue })?.address,
            let servers = HostPort.list(address)
        else {
            return .failure(ConnectorFailure(message: "Kafka cluster '\(spec.id)' has no \(wanted.rawValue) listener"))
        }
        let security = key.map { key in
            ClientSecurity(
                tls: TLSOptions(), sasl: PlainCredentials(username: key.key, password: key.secret))
        }
        return .success(
            ConnectorWorker.Target(servers: servers, security: security ?? .plaintext, tls: linkService.tls))
    }
}
