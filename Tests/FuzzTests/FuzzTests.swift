import ClusterCore
import Foundation
import FuzzSupport
import KafkaProtocol
import Testing

/// `make fuzz` changes these requests; if handlers did not read them as they are, it would try little.
@Suite("What the fuzzer sends")
struct FuzzTests {
    @Test("requests that the schema writes are those that handlers read")
    func validRequests() throws {
        let apis = try ServedShape.all(ProtocolFiles.read(Repository.root))
        for api in apis {
            for version in api.versions {
                let cluster = try FuzzedCluster(apis)
                let shape = cluster.shape(api, version: version)
                let answer = cluster.handle(shape.frame)
                let text = String(decoding: answer, as: UTF8.self)
                #expect(!text.hasPrefix("malformed"), "\(api.definition.name) v\(version): \(text)")
            }
        }
    }
}
