/// `/twinlog/v1/events`: pages learn what changes without asking again and again.
enum EventRoutes {
    static let routes: [Route] = [
        Route(.get, "/twinlog/v1/events") { _, fleet in
            .events { events in
                var isFirst = true
                for await look in fleet.changeFeed.events(of: fleet) {
                    // What pages read from now on is never older than the first change that they are told.
                    if isFirst {
                        isFirst = false
                        let facts: JSON = [
                            "server_started_ms": JSON(fleet.startedMs), "version": .string(Product.version),
                        ]
                        try await events.send("hello", facts)
                    }
                    for event in look {
                        try await events.send("change", describe(event))
                    }
                }
                try Task.checkCancellation()
            }
        }
    ]

    private static func describe(_ event: ChangeEvent) -> JSON {
        [
            "kind": .string(event.thing.kind.rawValue), "cluster_id": JSON(event.thing.clusterID),
            "name": .string(event.thing.name), "change": .string(event.change.rawValue), "state": JSON(event.state),
        ]
    }
}
