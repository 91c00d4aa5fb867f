import ClusterCore
import RESTAPI

extension ClusterRuntime {
    func startLinks() async throws(StartError) {}

    func stopLinks() async {}

    private var unavailable: RESTError { RESTError(status: 501, code: 501, message: "Links are not available.") }

    func links() async throws -> [LinkStatus] { [] }
    func createLink(_ creation: LinkCreation) async throws { throw unavailable }
    func deleteLink(_ name: String, force: Bool, validateOnly: Bool) async throws { throw unavailable }
    func linkConfigs(_ link: String) async throws -> [RESTAPI.LinkConfigEntry] { [] }
    func alterLinkConfigs(_ link: String, _ changes: [RESTAPI.LinkConfigChange], validateOnly: Bool) async throws {
        throw unavailable
    }
    func mirrors(link: String?) async throws -> [MirrorStatus] { [] }
    func createMirror(_ creation: MirrorCreation) async throws { throw unavailable }
    func verify(topic: String, link: String) async throws -> VerifyReport { throw unavailable }
    func statistics() async throws -> ClusterStatistics {
        let loop = loop
        return try await loop.submit { cluster, _ in
            let topics = Array(cluster.topics.all)
            return ClusterStatistics(
                topics: topics.count, partitions: topics.reduce(0) { $0 + $1.partitions.count },
                connections: loop.connectionCount,
                logBytes: topics.reduce(0) { $0 + $1.partitions.reduce(0) { $0 + ($1.log?.size ?? 0) } },
                groups: 0)
        }
    }
}
