import KafkaProtocol
import Synchronization

/// Something that may change: its place and its name.
package struct Thing: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case cluster, topic, link, mirror, connector, group, environment
        case apiKey = "api-key"
    }

    package var kind: Kind
    /// nil for what stands above clusters.
    package var clusterID: String?
    package var name: String

    package init(_ kind: Kind, _ name: String, in clusterID: String? = nil) {
        self.kind = kind
        self.name = name
        self.clusterID = clusterID
    }
}

/// What is compared of a thing.
package struct ThingMark: Equatable, Sendable {
    /// `ACTIVE`, `RUNNING`, …; nil for what has none.
    package var state: String?
    /// Of everything else that pages show and that does not change all the time.
    package var digest: Int

    package init(state: String? = nil, digest: Int = 0) {
        self.state = state
        self.digest = digest
    }
}

/// What a cluster consists of, at one moment.
package struct ClusterContents: Sendable {
    /// Grows with each change of topics and configs.
    package var version: Int64
    package var topics: [String: ThingMark]
    /// Links, mirrors and groups.
    package var others: [Thing: ThingMark]

    package init(version: Int64, topics: [String: ThingMark], others: [Thing: ThingMark]) {
        self.version = version
        self.topics = topics
        self.others = others
    }
}

/// That something has come, gone or changed.
package struct ChangeEvent: Sendable, Equatable {
    package enum Change: String, Sendable {
        case created, deleted, changed
    }

    package var thing: Thing
    package var change: Change
    package var state: String?

    /// What has changed between two looks, in an order that does not depend on chance.
    static func between(_ old: [Thing: ThingMark], _ new: [Thing: ThingMark]) -> [ChangeEvent] {
        var events: [ChangeEvent] = []
        for (thing, mark) in new where old[thing] != mark {
            events.append(
                ChangeEvent(thing: thing, change: old[thing] == nil ? .created : .changed, state: mark.state))
        }
        for thing in old.keys where new[thing] == nil {
            events.append(ChangeEvent(thing: thing, change: .deleted))
        }
        return events.sorted { left, right in
            let (a, b) = (left.thing, right.thing)
            return (a.clusterID ?? "", a.kind.rawValue, a.name) < (b.clusterID ?? "", b.kind.rawValue, b.name)
        }
    }
}

/// Tells whoever listens what changes. While nobody does, nothing is looked at.
package final class ChangeFeed: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<[ChangeEvent]>.Continuation] = [:]
        var lastID = 0
        var work: Task<Void, Never>?
        /// Counts the works, so that one that was ended cannot speak for the next.
        var generation = 0
        /// Whether there is something to compare with.
        var hasLooked = false
    }

    /// Looks that a listener may be behind; the oldest are left out for one that reads too slowly.
    private static let looksKept = 60

    private let state = Mutex(State())
    private let everyMs: Int64

    /// - Parameter everyMs: milliseconds between two looks.
    package init(everyMs: Int64 = 1_000) {
        self.everyMs = everyMs
    }

    /// What changes, look by look. The first element is empty, and comes once every later change will be told. Ends
    /// with the task that listens.
    func events(of fleet: any FleetBackend) -> AsyncStream<[ChangeEvent]> {
        let (stream, listener) = AsyncStream.makeStream(
            of: [ChangeEvent].self, bufferingPolicy: .bufferingNewest(Self.looksKept))
        let id = state.withLock { state in
            state.lastID += 1
            state.listeners[state.lastID] = listener
            if state.hasLooked {
                listener.yield([])
            }
            if state.work == nil {
                state.generation += 1
                state.work = Task { [self, generation = state.generation] in await watch(fleet, generation) }
            }
            return state.lastID
        }
        listener.onTermination = { [self] _ in leave(id) }
        return stream
    }

    private func leave(_ id: Int) {
        state.withLock { state in
            state.listeners[id] = nil
            if state.listeners.isEmpty {
                state.work?.cancel()
                state.work = nil
                state.hasLooked = false
            }
        }
    }

    private func watch(_ fleet: any FleetBackend, _ generation: Int) async {
        var contents: [String: ClusterContents] = [:]
        var old = await Self.look(fleet, &contents)
        state.withLock { state in
            guard state.generation == generation, !state.listeners.isEmpty else {
                return
            }
            state.hasLooked = true
            for listener in state.listeners.values {
                listener.yield([])
            }
        }
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(everyMs))
            guard !Task.isCancelled else {
                return
            }
            let new = await Self.look(fleet, &contents)
            let events = ChangeEvent.between(old, new)
            old = new
            guard !events.isEmpty else {
                continue
            }
            for listener in state.withLock({ Array($0.listeners.values) }) {
                listener.yield(events)
            }
        }
    }

    /// - Parameter contents: what clusters consisted of at the last look.
    private static func look(
        _ fleet: any FleetBackend, _ contents: inout [String: ClusterContents]
    ) async -> [Thing: ThingMark] {
        var found: [Thing: ThingMark] = [:]
        for environment in await fleet.control.environments() {
            found[Thing(.environment, environment.id)] = ThingMark(digest: environment.displayName.hashValue)
        }
        for key in (try? await fleet.control.apiKeys()) ?? [] {
            found[Thing(.apiKey, key.id)] = ThingMark(digest: digest([key.displayName, key.description]))
        }
        for cluster in await fleet.clusters {
            let (id, info) = (cluster.clusterID, await cluster.info)
            found[Thing(.cluster, id, in: id)] = ThingMark(digest: digest([info.name, info.type.rawValue]))
            // One that is being deleted, or does not answer, is looked at again the next time.
            guard let new = try? await cluster.contents(since: contents[id]) else {
                contents[id].map { note($0, id, &found) }
                continue
            }
            contents[id] = new
            note(new, id, &found)
            for connector in (try? await fleet.control.connectors(of: id)) ?? [] {
                let mark = ThingMark(state: connector.state.rawValue, digest: connector.config.hashValue)
                found[Thing(.connector, connector.name, in: id)] = mark
            }
        }
        return found
    }

    private static func note(_ contents: ClusterContents, _ id: String, _ found: inout [Thing: ThingMark]) {
        for (name, mark) in contents.topics {
            found[Thing(.topic, name, in: id)] = mark
        }
        found.merge(contents.others) { $1 }
    }

    private static func digest(_ texts: [String]) -> Int { texts.hashValue }
}
