import ClusterCore
import KafkaClient
import KafkaProtocol
import LogStorage

/// Something that waits for a source's answer.
protocol PendingWork: AnyObject {
    /// Ends the waiting: whoever asked gets a failure, at once.
    func cancel()
}

/// All links whose destination is one cluster. Confined to the thread that steps the cluster.
///
/// Everything that is to survive is committed to the cluster first; the engine then brings its runners in line.
package final class LinkEngine {
    unowned let host: any LinkHost
    let random: RandomBits
    var runners: [KafkaUUID: LinkRunner] = [:]
    /// Work that waits for a source's answer, kept alive until then.
    private var pending: [ObjectIdentifier: any PendingWork] = [:]

    /// - Parameter random: spreads retries; injected, so that a run can be replayed.
    package init(host: any LinkHost, random: @escaping RandomBits) {
        self.host = host
        self.random = random
    }

    /// Takes up the links that the cluster knows.
    package func start() {
        reconcile()
    }

    /// Closes every connection. Mirrors stay where they are and resume with the next ``start()``.
    package func stop() {
        for runner in runners.values {
            runner.close()
        }
        runners = [:]
        // Whoever waits for an answer is told that there will be none.
        for work in pending.values {
            work.cancel()
        }
        pending = [:]
    }

    /// Brings runners in line with the cluster. To be called after links or mirrors were changed behind the engine's
    /// back.
    package func reconcile() {
        let links = host.withCluster { cluster, _ in cluster.links.sorted }
        let known = Set(links.map(\.id))
        for (id, runner) in runners where !known.contains(id) {
            runner.close()
            runners[id] = nil
        }
        for link in links {
            if let runner = runners[link.id] {
                runner.apply(link)
            } else {
                let runner = LinkRunner(link, host: host, random: random)
                runners[link.id] = runner
                runner.start()
            }
        }
    }

    func keep(_ work: any PendingWork) {
        pending[ObjectIdentifier(work)] = work
    }

    func release(_ work: any PendingWork) {
        pending[ObjectIdentifier(work)] = nil
    }

    // MARK: Links

    /// Creates a link.
    ///
    /// - Parameters:
    ///   - validateOnly: only says whether it could be.
    ///   - validateLink: the source must answer, and be the cluster that `link` names.
    package func createLink(
        _ link: NewLink, validateOnly: Bool, validateLink: Bool,
        completion: @escaping (Result<Void, LinkFailure>) -> Void
    ) {
        do throws(LinkFailure) {
            try host.tryCluster { (cluster, _) throws(LinkFailure) in try cluster.validateLink(link) }
            try LinkSecurityCheck.check(link.configs)
        } catch {
            return completion(.failure(error))
        }
        guard validateLink else {
            return completion(finishLink(link, validateOnly: validateOnly))
        }
        let own = host.withCluster { cluster, _ in cluster.configuration.clusterID }
        let probe = SourceProbe(LinkSettings(link.configs), transport: host.transport)
        keep(probe)
        probe.identify(expected: link.remoteClusterID, own: own) { [weak self, weak probe] result in
            guard let self, let probe else {
                return
            }
            self.release(probe)
            completion(
                result.flatMap { clusterID in
                    var known = link
                    known.remoteClusterID = link.remoteClusterID ?? clusterID
                    return self.finishLink(known, validateOnly: validateOnly)
                })
        }
    }

    private func finishLink(_ link: NewLink, validateOnly: Bool) -> Result<Void, LinkFailure> {
        guard !validateOnly else {
            return .success(())
        }
        do throws(LinkFailure) {
            _ = try host.tryCluster { (cluster, now) throws(LinkFailure) in try cluster.createLink(link, now: now) }
        } catch {
            return .failure(error)
        }
        reconcile()
        return .success(())
    }

    /// See ``Cluster/deleteLink(_:force:validateOnly:now:)``.
    package func deleteLink(_ name: String, force: Bool, validateOnly: Bool) throws(LinkFailure) {
        try host.tryCluster { (cluster, now) throws(LinkFailure) in
            try cluster.deleteLink(name, force: force, validateOnly: validateOnly, now: now)
        }
        reconcile()
    }

    /// See ``Cluster/alterLinkConfigs(_:_:validateOnly:now:)``. A new address is dialled at once.
    package func alterLinkConfigs(
        _ name: String, _ changes: [LinkConfigChange], validateOnly: Bool
    ) throws(LinkFailure) {
        try host.tryCluster { (cluster, now) throws(LinkFailure) in
            let link = try cluster.link(name)
            try LinkSecurityCheck.check(link, changes)
            var ends: [KafkaUUID: [Int64]] = [:]
            if let runner = runners[link.id] {
                for topic in cluster.mirrorTopics(of: link.id) {
                    ends[topic.id] = runner.sourceEnds(of: topic)
                }
            }
            try cluster.alterLinkConfigs(name, changes, validateOnly: validateOnly, sourceEnds: ends, now: now)
        }
        reconcile()
    }

    /// Every config of a link, ordered by name.
    package func linkConfigs(_ name: String) throws(LinkFailure) -> [LinkConfigEntry] {
        try host.tryCluster { (cluster, _) throws(LinkFailure) in try cluster.link(name).describedConfigs }
    }

    /// A link's runner, or the documented refusal.
    func runner(_ name: String) throws(LinkFailure) -> LinkRunner {
        let link = try host.tryCluster { (cluster, _) throws(LinkFailure) in try cluster.link(name) }
        guard let runner = runners[link.id] else {
            throw .linkNotFound(name)
        }
        return runner
    }
}
