import KafkaClient
import KafkaProtocol
import Testing

@Suite("Addresses and delays")
struct ValueTests {
    @Test(
        "addresses are read as Kafka reads them",
        arguments: [
            ("localhost:9092", "localhost", 9_092), ("[::1]:9092", "::1", 9_092),
            ("SASL_SSL://pkc-1.example:443", "pkc-1.example", 443),
        ])
    func readsAddresses(text: String, host: String, port: Int32) {
        #expect(HostPort(text) == HostPort(host: host, port: port))
    }

    @Test(
        "what is no address is refused",
        arguments: ["", "localhost", "localhost:", ":9092", "localhost:0", "localhost:65536", "a b:1", "localhost:x"])
    func refusesAddresses(text: String) {
        #expect(HostPort(text) == nil)
    }

    @Test("a list of servers may have spaces, and no element may be wrong")
    func readsLists() {
        #expect(HostPort.list("a:1, b:2 ,c:3")?.map(\.host) == ["a", "b", "c"])
        #expect(HostPort.list("a:1,b") == nil)
        #expect(HostPort.list("") == nil)
    }

    @Test("delays double up to their limit, stay within a fifth of it, and start over after a success")
    func backsOff() {
        var backoff = Backoff(initialMs: 100, maximumMs: 1_000)
        var state: UInt64 = 7
        let random: RandomBits = {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return state >> 16
        }
        for plain in [100, 200, 400, 800, 1_000, 1_000] as [Int64] {
            let delay = backoff.next(random)
            #expect((plain - plain / 5...plain + plain / 5).contains(delay))
        }
        backoff.reset()
        #expect(backoff.next(random) <= 120)
    }

    @Test("a first delay above the longest one is not waited for (KIP-580)")
    func backsOffNoLonger() {
        var backoff = Backoff(initialMs: 1 << 31, maximumMs: 1_000)
        for _ in 0..<3 {
            #expect((800...1_200).contains(backoff.next({ 7 })))
        }
    }

    @Test("a back-off of many failures does not overflow")
    func backsOffForEver() {
        var backoff = Backoff(initialMs: 1 << 40, maximumMs: .max / 4)
        for _ in 0..<100 {
            #expect(backoff.next({ .max }) > 0)
        }
    }

    @Test("a listener that speaks another protocol is told by its first bytes")
    func foreignProtocols() {
        // The alert of a TLS server, and the beginning of "HTTP/1.1", read as lengths.
        #expect("\(TransportFailure.frameTooLarge(0x1503_0100))".contains("SASL_SSL"))
        #expect("\(TransportFailure.frameTooLarge(0x4854_5450))".contains("HTTP"))
        #expect("\(TransportFailure.frameTooLarge(0x7FFF_FFFF))" == "frame of 2147483647 bytes is too large")
    }
}
