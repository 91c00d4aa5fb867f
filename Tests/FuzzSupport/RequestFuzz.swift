import ClusterCore
import KafkaProtocol

/// Requests with numbers at the edge, cut short, or with bytes changed, into a live cluster.
package struct RequestFuzz {
    private let apis: [ServedShape]

    package init(_ apis: [ServedShape]) { self.apis = apis }

    /// Every whole number of every API in every version, at every edge; and every request cut at every byte.
    /// - Returns: how many requests were sent.
    @discardableResult
    package func exhaust() throws -> Int {
        var count = 0
        for api in apis {
            for version in api.versions {
                let cluster = try FuzzedCluster(apis)
                count += edges(api, version, cluster)
                CurrentCase.note("\(api.definition.name) v\(version), after all edges, restarts")
                try cluster.outlive()
            }
        }
        CurrentCase.note("")
        return count
    }

    private func edges(_ api: ServedShape, _ version: Int16, _ cluster: FuzzedCluster) -> Int {
        var count = 0
        for (index, site) in cluster.shape(api, version: version).sites.enumerated() {
            for value in Edges.of(width: site.width) {
                CurrentCase.note("\(api.definition.name) v\(version), \(site.name) (number \(index)) = \(value)")
                let shape = cluster.shape(api, version: version)
                var frame = shape.frame
                frame.put(value, at: shape.sites[index].position, width: site.width)
                cluster.handle(frame)
                cluster.tick(at: cluster.now + 1)
                count += 1
            }
        }
        let whole = cluster.shape(api, version: version).frame
        for length in whole.indices {
            CurrentCase.note("\(api.definition.name) v\(version), cut after \(length) bytes")
            cluster.handle(Array(whole[..<length]))
            count += 1
        }
        return count
    }

    /// One cluster, some requests with several faults each, some time, a restart.
    package func round(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        CurrentCase.note("requests, seed \(seed), start")
        let cluster = try FuzzedCluster(apis, seed: seed)
        for number in 0..<60 {
            let api = dice.pick(apis)
            let version = Int16.random(in: api.versions, using: &dice)
            let shape = cluster.shape(api, version: version)
            var frame = shape.frame
            for _ in 0..<dice.roll(5) {
                if dice.roll(3) > 0, !shape.sites.isEmpty {
                    let site = dice.pick(shape.sites)
                    frame.put(dice.pick(Edges.of(width: site.width)), at: site.position, width: site.width)
                } else {
                    // The first eight bytes say which request it is.
                    frame[8 + dice.roll(frame.count - 8)] = dice.pick([0, 1, 0x7f, 0x80, 0xff, UInt8(dice.roll(256))])
                }
            }
            if dice.roll(20) == 0 { frame = Array(frame.prefix(dice.roll(frame.count))) }
            CurrentCase.note("requests, seed \(seed), request \(number): \(api.definition.name) v\(version)")
            cluster.handle(frame)
            cluster.tick(at: cluster.now + dice.pick([0, 1, 10, 5_000, 60_000]))
        }
        CurrentCase.note("requests, seed \(seed), restarts")
        try cluster.outlive()
        CurrentCase.note("")
    }
}
