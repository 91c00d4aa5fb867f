import ClientTestSupport
import ClusterCore
import ClusterLinking
import KafkaClient
import KafkaProtocol
import LogStorage
import Testing

@Suite("Numbers at the edge of link configs")
struct ExtremeLinkConfigTests {
    /// Every link config that is a number and does something, with what it may be.
    private static let numbers: [(name: String, range: ClosedRange<Int64>)] = LinkConfigTable.all.compactMap { config in
        guard LinkConfigServing.acts(config.name) else { return nil }
        return switch config.type {
        case .int(let range): (config.name, Int64(range.lowerBound)...Int64(range.upperBound))
        case .long(let range): (config.name, range)
        default: nil
        }
    }

    private func refusal(_ cluster: Cluster, _ name: String, _ value: String) -> String? {
        do throws(LinkFailure) {
            try cluster.validateLink(NewLink(name: "l", configs: ["bootstrap.servers": "a:1", name: value]))
            return nil
        } catch {
            return error.message
        }
    }

    @Test("every number has bounds, which are told in Kafka's words")
    func bounds() throws {
        let node = try ClusterNode("own", on: ManualTransport())
        #expect(Self.numbers.count > 10)
        for (name, range) in Self.numbers {
            #expect(refusal(node.cluster, name, "\(range.lowerBound)") == nil)
            #expect(refusal(node.cluster, name, "\(range.upperBound)") == nil)
            let low = range.lowerBound - 1
            #expect(
                refusal(node.cluster, name, "\(low)")
                    == "Invalid value \(low) for configuration \(name): Value must be at least \(range.lowerBound)")
            let type = range.upperBound == .max ? "LONG" : "INT"
            let high = range.upperBound == .max ? "9223372036854775808" : "2147483648"
            #expect(
                refusal(node.cluster, name, high)
                    == "Invalid value \(high) for configuration \(name): Not a number of type \(type)")
        }
    }

    @Test("a link lives with every number at its least and at its greatest, and so does the next start")
    func extremes() throws {
        for (name, range) in Self.numbers {
            for value in [range.lowerBound, range.upperBound] {
                try live(with: [name: "\(value)"])
            }
        }
    }

    private func live(with configs: [String: String]) throws {
        let network = ManualTransport()
        let source = try ClusterNode("source", on: network)
        let destination = try ClusterNode("destination", on: network)
        try destination.createLink(to: source, configs: configs)
        let engine = try #require(destination.engine)
        _ = engine.links()
        try source.stop()
        network.advance(5_000)
        _ = try engine.link("link")
        try destination.stop()
        try destination.start()
        network.advance(1_000)
        _ = try #require(destination.engine).link("link")
        try destination.stop()
    }

    @Test("numbers that an earlier version stored are brought into their range")
    func stored() {
        for (name, range) in Self.numbers {
            let settings = LinkSettings([name: "\(Int64.max)"])
            #expect(settings.number(name) == range.upperBound)
            #expect(LinkSettings([name: "\(Int64.min)"]).number(name) == range.lowerBound)
        }
    }
}
