import Testing

@testable import Emulator

@Suite("Accepted losses")
struct AcceptedLossTests {
    @Test("a partition is named with or without its cluster, and topics may have dashes")
    func names() throws {
        let losses = try AcceptedLoss.list(
            Setting(text: "lkc-a/my-topic-3,orders-0,__cluster_metadata-0", origin: .flag("accept-data-loss")))
        #expect(losses.map(\.cluster) == ["lkc-a", nil, nil])
        #expect(losses.map(\.partition) == ["my-topic-3", "orders-0", "__cluster_metadata-0"])
    }

    @Test(
        "anything else is refused",
        arguments: ["orders", "-1", "orders-x", "orders--1-", "/orders-0", "a/b/orders-0"]
    )
    func wrong(text: String) {
        #expect(throws: StartError.self) {
            try AcceptedLoss.list(Setting(text: text, origin: .flag("accept-data-loss")))
        }
    }

    @Test("the option may be repeated")
    func repeated() {
        var settings = ServeSettings()
        settings.set(.acceptDataLoss, "a-0", .flag("accept-data-loss"))
        settings.set(.acceptDataLoss, "b-1", .flag("accept-data-loss"))
        #expect(settings[.acceptDataLoss]?.text == "a-0,b-1")
    }

    @Test("a cluster that does not exist is refused")
    func unknownCluster() throws {
        let loss = try #require(AcceptedLoss("lkc-x/orders-0"))
        #expect(throws: StartError.self) { try AcceptedLoss.check([loss], clusters: ["lkc-a"]) }
    }
}
