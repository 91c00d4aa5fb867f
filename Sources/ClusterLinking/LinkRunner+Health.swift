import ClusterCore
import KafkaClient
import KafkaProtocol

/// How the source as a whole fares, and what of it mirrors show.
extension LinkRunner {
    /// Whether the source has been silent for so long that mirrors show it.
    var sourceIsUnavailable: Bool {
        outage.map { now.monotonicMs -| $0.since.monotonicMs >= patienceMs } ?? false
    }

    /// The moment from which mirrors show it, in milliseconds since the epoch.
    var unavailableSinceMs: Int64? { outage.map { $0.since.wallMs +| patienceMs } }

    /// How long a source may be silent before mirrors show it.
    private var patienceMs: Int64 {
        settings.number("availability.check.ms")
            *| settings.number("availability.check.consecutive.failure.threshold")
    }

    /// What users see of a mirror, since when, and why.
    func shown(
        _ mirror: MirrorTopic, of link: ClusterLink
    ) -> (state: MirrorState, error: MirrorError, sinceMs: Int64) {
        let missing = missingSince[mirror.sourceTopicName]
        let isSilent = sourceIsUnavailable
        let state = mirror.state.shown(
            linkIsPaused: link.settings.isPaused, linkHasFailed: refusal != nil,
            sourceIsUnavailable: isSilent || missing != nil)
        var error = mirror.error
        let since: Int64
        switch state {
        case .linkPaused: since = link.pauseTimeMs
        case .linkFailed: since = refusalTimeMs
        case .sourceUnavailable where isSilent: since = unavailableSinceMs ?? -1
        case .sourceUnavailable:
            since = missing?.wallMs ?? -1
            error = .sourceTopicMayBeDeleted
        case .active:
            let again = max(availableAgainMs, foundAgain[mirror.sourceTopicName] ?? -1)
            since = max(link.pauseTimeMs, refusalTimeMs, again)
        default: since = -1
        }
        return (state, error, max(since, mirror.stateTimeMs))
    }

    func health() -> (LinkHealth, LinkError, String?) {
        if settings.isPaused {
            return (.paused, .noError, nil)
        }
        if let refusal {
            return (.failed, .unknown, refusal)
        }
        if let outage {
            return (.unavailable, LinkError(outage.error), "\(outage.error)")
        }
        return (hasAnswered ? .active : .unknown, .noError, nil)
    }

    /// Takes note of what a round of metadata told about the source as a whole.
    func noteSource(_ result: Result<ClusterMetadata, ClientError>) {
        switch result {
        case .failure(let error):
            if nextOutageLine.isDue(error, now: now.monotonicMs) {
                let since = outage.map { ", for \((now.monotonicMs -| $0.since.monotonicMs) / 1_000) s" } ?? ""
                host.log(.warning, "link \(name) cannot reach its source\(since): \(error)")
            }
            outage = Outage(error: error, since: outage?.since ?? now)
        case .success(let metadata):
            if outage != nil {
                host.log(.info, "link \(name) reaches its source again")
                if sourceIsUnavailable {
                    availableAgainMs = now.wallMs
                }
            }
            outage = nil
            nextOutageLine = RareLines()
            hasAnswered = true
            checkIdentity(metadata)
        }
    }

    /// Records of another cluster must never be mixed into a mirror, so a source with another id halts the link.
    private func checkIdentity(_ metadata: ClusterMetadata) {
        guard let found = metadata.clusterID else {
            return
        }
        let expected = host.withCluster { cluster, _ in cluster.links[linkID]?.remoteClusterID }
        var problem: String?
        if let expected, expected != found {
            problem =
                "The cluster at \(settings.bootstrapServers.joined(separator: ",")) is '\(found)', not '\(expected)'."
        } else if expected == nil {
            do throws(LinkFailure) {
                try host.tryCluster { (cluster, now) throws(LinkFailure) in
                    try cluster.noteRemoteCluster(found, of: linkID, now: now)
                }
            } catch {
                host.log(.error, "link \(name): \(error)")
            }
        }
        if problem != refusal {
            refusal = problem
            refusalTimeMs = now.wallMs
            if let problem {
                host.log(.error, "link \(name) has stopped: \(problem)")
            }
            reconcile()
        }
    }
}
