import ClusterCore
import KafkaTransport
import LogStorage
import Logging
import Testing

@testable import Emulator

@Suite("Addresses of links")
struct LinkAddressTests {
    private func book() -> AddressBook {
        var book = AddressBook()
        for port in [1, 2] {
            _ = book.record([AddressBook.Place(cluster: "lkc-source", listener: "PLAINTEXT", broker: 1, port: port)])
        }
        return book
    }

    @Test("a link that cannot be told a new address since the disk is full is told when there is room")
    func toldLater() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let loop = ClusterLoop(limits: TransportLimits(), logger: logger)
        let disk = Disk()
        try await loop.open { now in
            let broker = Broker(nodeID: 1, endpoints: [.plaintext: Endpoint(host: "127.0.0.1", port: 9092)])
            let configuration = ClusterConfiguration(
                clusterID: "lkc-test", name: "test", brokers: [broker], dataDirectory: "/data")
            var cluster = try Cluster(
                configuration: configuration, fileSystem: disk.files, seed: 1, now: now)
            _ = try cluster.createLink(
                NewLink(name: "link", configs: ["bootstrap.servers": "127.0.0.1:1"]), now: now.wallMs)
            disk.files.fault = { operation, path in
                operation == .write && path.contains("__cluster_metadata") ? .fail(.noSpace) : nil
            }
            return cluster
        }
        let service = LinkService(loop, tls: ClientTLS())
        let servers = { @Sendable () async throws -> [String] in
            try await loop.submit { cluster, _ in try cluster.link("link").settings.bootstrapServers }
        }
        #expect(try await !service.start(book(), hosts: []))
        #expect(try await !service.tellAgain(book(), hosts: []))
        #expect(try await servers() == ["127.0.0.1:1"])
        try await loop.submit { _, _ in disk.files.fault = nil }
        #expect(try await service.tellAgain(book(), hosts: []))
        #expect(try await servers() == ["127.0.0.1:2"])
        await service.stop()
        _ = try? await loop.shutDown()
    }

    /// Only touched on the loop's thread. Unchecked for that reason.
    private final class Disk: @unchecked Sendable {
        let files = FaultyFileSystem()
    }
}
