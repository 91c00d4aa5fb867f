import ClusterCore
import Foundation
import FuzzSupport
import KafkaProtocol
import Testing

@Suite("Requests with long arrays")
struct HeavyRequestTests {
    private let apis: [ServedShape]

    init() throws {
        apis = try ServedShape.all(ProtocolFiles.read(Repository.root))
    }

    /// Elements beside those of the array that is made long, at most.
    private static let others = 20

    @Test("an array with more elements than a request may have ends the connection, in every API and version")
    func tooMany() throws {
        for api in apis {
            let cluster = try FuzzedCluster(apis)
            for version in api.versions {
                let shape = cluster.shape(api, version: version)
                for row in shape.rows {
                    let frame = shape.frame(
                        repeating: row, count: RequestElements.limit(of: api.key) + 1, differing: false)
                    let said = String(decoding: cluster.handle(frame), as: UTF8.self)
                    #expect(
                        said.contains("more elements"), "\(api.definition.name) v\(version), \(row.name): \(said)")
                }
            }
        }
    }

    @Test("as many as it may have are handled in steps of bounded length", arguments: [nil, "aaaaa"] as [String?])
    func slices(name: String?) throws {
        // Elements of a step, and steps of a request that is all new to them.
        let sliced: [APIKey: Int] = [
            .listOffsets: 5_000, .offsetCommit: 2_000, .offsetForLeaderEpoch: 2_000, .findCoordinator: 2_000,
            .describeGroups: 2_000, .alterConfigs: 500, .incrementalAlterConfigs: 500, .offsetDelete: 2_000,
            .offsetFetch: 2_000,
            .describeTopicPartitions: 2_000,
        ]
        for api in apis {
            guard let portion = sliced[api.key] else { continue }
            let cluster = try FuzzedCluster(apis)
            let shape = cluster.shape(api, version: api.versions.upperBound, name: name)
            let row = try #require(shape.rows.first)
            let elements = 20_000
            let frame = shape.frame(repeating: row, count: elements / (1 + row.nested), differing: name != nil)
            let (answer, steps) = cluster.handleInSteps(frame)
            #expect(!answer.isEmpty)
            // What is named twice is answered once.
            if name != nil || api.key != .describeGroups {
                #expect(steps >= elements / (1 + row.nested) / portion - 1, "\(api.definition.name): \(steps)")
            }
        }
    }
}
