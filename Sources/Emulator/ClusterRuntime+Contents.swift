import ClusterCore
import KafkaProtocol
import RESTAPI

extension ClusterRuntime {
    /// Topics that are looked at in one go.
    private static let topicsPerPiece = 500

    func contents(since known: ClusterContents?) async throws -> ClusterContents {
        let (version, names, links) = try await loop.submit { cluster, _ in
            // Also while nothing changed, since how mirrors fare is not stored.
            let mirrors = cluster.links.count == 0 ? [] : cluster.topics.all.filter { $0.mirror != nil }.map(\.name)
            return (cluster.metadataVersion, mirrors, cluster.links.count)
        }
        var contents = ClusterContents(version: version, topics: [:], others: [:])
        if let known, known.version == version {
            contents.topics = known.topics
        } else {
            contents.topics = try await topicMarks()
        }
        if links > 0 {
            for (name, health) in try await linkService.run({ $0.healths() }) {
                contents.others[Thing(.link, name, in: spec.id)] = ThingMark(state: health.rawValue)
            }
            for (name, mirror) in try await mirrorStatuses(of: names) {
                let mark = ThingMark(state: mirror.state.restName, digest: mirror.errorMessage.hashValue)
                contents.others[Thing(.mirror, name, in: spec.id)] = mark
            }
        }
        for group in try await call(ListGroupsRequest(), at: nil).groups {
            contents.others[Thing(.group, group.groupID, in: spec.id)] = ThingMark(state: group.groupState)
        }
        return contents
    }

    private func topicMarks() async throws -> [String: ThingMark] {
        let names = try await loop.submit { cluster, _ in cluster.topics.all.map(\.name) }
        var marks: [String: ThingMark] = [:]
        var next = 0
        while next < names.count {
            let piece = names[next..<min(next + Self.topicsPerPiece, names.count)]
            let found = try await loop.submit { cluster, _ in
                piece.compactMap { name -> (String, ThingMark)? in
                    guard let topic = cluster.topics[name] else {
                        return nil
                    }
                    var hasher = Hasher()
                    hasher.combine(topic.id)
                    hasher.combine(topic.partitions.count)
                    hasher.combine(cluster.configs.overrides(.topic(name)))
                    return (name, ThingMark(digest: hasher.finalize()))
                }
            }
            for (name, mark) in found {
                marks[name] = mark
            }
            next = piece.endIndex
        }
        return marks
    }
}
