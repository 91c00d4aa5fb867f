import ClusterCore
import KafkaProtocol

/// Requests with numbers at the edge, cut short, or with bytes changed, into a live cluster.
package struct RequestFuzz {
    private let apis: [ServedShape]

    package init(_ apis: [ServedShape]) { self.apis = apis }

    /// Every whole number, count and length of every API in every version, at every edge; and requests cut at every
    /// byte. A sample takes every number too, at some edges, and cuts at some bytes.
    package func run(_ extent: Extent) throws -> FuzzReport {
        var report = FuzzReport()
        var picker = CasePicker(extent)
        for api in apis {
            // In a sample all versions of an API share a cluster.
            var cluster = try FuzzedCluster(apis)
            for version in api.versions {
                if picker.isComplete { cluster = try FuzzedCluster(apis) }
                edges(api, version, cluster, &picker, &report)
                if picker.isComplete || version == api.versions.upperBound {
                    report.attempt("\(picker.label)\(api.definition.name) v\(version), after all edges, restarts") {
                        try cluster.outlive()
                    }
                }
            }
        }
        return report
    }

    private func edges(
        _ api: ServedShape, _ version: Int16, _ cluster: FuzzedCluster, _ picker: inout CasePicker,
        _ report: inout FuzzReport
    ) {
        let name = "\(picker.label)\(api.definition.name) v\(version)"
        for (index, site) in cluster.shape(api, version: version).sites.enumerated() {
            for value in picker.pick(4, of: Edges.of(width: site.width)) {
                let shape = cluster.shape(api, version: version)
                var frame = shape.frame
                frame.put(value, at: shape.sites[index].position, width: site.width)
                report.attempt("\(name), \(site.name) (number \(index)) = \(value)", frame) {
                    cluster.handle(frame)
                    cluster.tick(at: cluster.now + 1)
                }
            }
        }
        let whole = cluster.shape(api, version: version).frame
        for length in picker.pick(3, of: whole.indices) {
            let frame = Array(whole[..<length])
            report.attempt("\(name), cut after \(length) bytes", frame) { cluster.handle(frame) }
        }
    }

    /// One cluster, some requests with several faults each, some time, a restart.
    package func round(_ seed: UInt64) throws -> FuzzReport {
        var report = FuzzReport()
        var dice = Dice(seed: seed)
        let cluster = try FuzzedCluster(apis, seed: seed)
        for number in 0..<60 {
            let api = dice.pick(apis)
            let version = Int16.random(in: api.versions, using: &dice)
            let frame = Self.changed(cluster.shape(api, version: version), &dice)
            let later = cluster.now + dice.pick([0, 1, 10, 5_000, 60_000])
            report.attempt("requests, seed \(seed), request \(number): \(api.definition.name) v\(version)", frame) {
                cluster.handle(frame)
                cluster.tick(at: later)
            }
        }
        report.attempt("requests, seed \(seed), restarts") { try cluster.outlive() }
        return report
    }

    private static func changed(_ shape: RequestShape, _ dice: inout Dice) -> [UInt8] {
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
        return dice.roll(20) == 0 ? Array(frame.prefix(dice.roll(frame.count))) : frame
    }
}
