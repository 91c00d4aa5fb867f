import ClientTestSupport
import ClusterLinking
import KafkaClient
import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// A source whose disk changes what was acknowledged.
@Suite("A source with damaged files")
struct DamagedSourceTests {
    @Test("a base offset with a flipped bit costs the mirror no record in silence", arguments: [5, 7], [3, 0])
    func baseOffset(batch: Int, bit: UInt8) throws {
        let network = ManualTransport()
        let source = try ClusterNode("source", on: network)
        let destination = try ClusterNode("destination", on: network)
        try source.createTopic("t", partitions: 1)
        var positions: [Int] = []
        for offset in 0..<80 {
            positions.append(Int(try source.log("t", 0).size))
            try source.produce(sourceBatch(text: "value \(offset)"), to: "t", 0)
        }
        let sound = try source.bytes("t", 0)
        try source.stop()
        let path = "/data/t-0/00000000000000000000.log"
        var bytes = try #require(try source.fileSystem.contents(of: path))
        bytes[positions[batch] + 7] ^= 1 << bit
        try source.fileSystem.replace(path, with: bytes, durable: false)
        try source.start()
        guard try #require(source.cluster.topics["t"]?.partition(0)).log != nil else {
            let notices = source.withCluster { cluster, _ in cluster.drainNotices() }
            #expect(notices.contains { $0.text.contains("is offline") && $0.text.contains("--accept-data-loss") })
            return
        }
        try destination.createLink(to: source)
        try destination.createMirror("t")
        network.advance(60_000)
        let copy = try destination.bytes("t", 0)
        #expect(sound.starts(with: copy) && copy.count <= positions[batch])
        #expect(destination.lines.contains { $0.contains("cannot be mirrored for now") })
        #expect(try !destination.verify("t").isComplete)
        #expect(try destination.mirror("t").partitions[0].lag != 0)
        let notices = source.withCluster { cluster, _ in cluster.drainNotices() }
        #expect(notices.contains { $0.level == .error && $0.text.contains("partition t-0 is damaged") })
    }
}
