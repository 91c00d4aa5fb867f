import ClusterCore
import ClusterLinking
import KafkaProtocol
import RESTAPI

// What the HTTP surface asks of a cluster's links, in the link engine's terms.

extension ClusterRuntime {
    /// - Parameter addresses: links that dial a cluster of this process where it listened in an earlier run are told
    ///   where it is now.
    /// - Returns: whether all of them could be told; otherwise ``tellLinksAgain(_:hosts:)`` is to be called.
    func startLinks(_ addresses: AddressBook, hosts: [String]) async throws(StartError) -> Bool {
        do {
            return try await linkService.start(addresses, hosts: hosts)
        } catch {
            throw StartError(.ioError, "\(spec.name): links cannot be started: \(error)")
        }
    }

    /// - Returns: whether every link knows where its source is now.
    func tellLinksAgain(_ addresses: AddressBook, hosts: [String]) async -> Bool {
        // A cluster that is being closed has no links to be told.
        (try? await linkService.tellAgain(addresses, hosts: hosts)) ?? true
    }

    func stopLinks() async {
        await linkService.stop()
    }

    /// Names the refusals of links as REST does.
    private func translating<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let failure as LinkFailure {
            throw RESTError(failure)
        }
    }

    // MARK: Links

    func links() async throws -> [LinkStatus] {
        try await translating { try await linkService.run { $0.links().map(LinkStatus.init) } }
    }

    func createLink(_ creation: LinkCreation) async throws {
        var link = NewLink(name: creation.name, configs: creation.configs)
        if let text = creation.clusterLinkID {
            guard let id = KafkaUUID(base64: text) else {
                throw RESTError.invalid("'\(text)' is not a cluster link id.")
            }
            link.id = id
        }
        link.remoteClusterID = try remoteCluster(creation)
        let wish = link
        try await translating {
            try await linkService.wait { engine, completion in
                engine.createLink(
                    wish, validateOnly: creation.validateOnly, validateLink: creation.validateLink,
                    completion: completion)
            }
        }
    }

    /// A link is created at its destination, which therefore can only name itself as such.
    private func remoteCluster(_ creation: LinkCreation) throws(RESTError) -> String? {
        if let destination = creation.destinationClusterID, destination != spec.id {
            guard creation.sourceClusterID == nil, creation.remoteClusterID == nil else {
                throw .invalid("A link names one remote cluster, not several.")
            }
            throw .invalid(
                "Links are created at their destination: create this one at '\(destination)', or name its source."
            )
        }
        return creation.sourceClusterID ?? creation.remoteClusterID
    }

    func deleteLink(_ name: String, force: Bool, validateOnly: Bool) async throws {
        try await translating {
            try await linkService.run { try $0.deleteLink(name, force: force, validateOnly: validateOnly) }
        }
    }

    func linkConfigs(_ link: String) async throws -> [LinkConfigEntry] {
        try await translating { try await linkService.run { try $0.linkConfigs(link) } }
    }

    func alterLinkConfigs(_ link: String, _ changes: [LinkConfigChange], validateOnly: Bool) async throws {
        try await translating {
            try await linkService.run { try $0.alterLinkConfigs(link, changes, validateOnly: validateOnly) }
        }
    }

    // MARK: Mirrors

    func mirrors(link: String?) async throws -> [MirrorStatus] {
        try await translating { try await linkService.run { try $0.mirrors(link: link).map(MirrorStatus.init) } }
    }

    func createMirror(_ creation: MirrorCreation) async throws {
        let wish = NewMirror(
            linkName: creation.link, sourceTopicName: creation.sourceTopicName,
            mirrorTopicName: creation.mirrorTopicName, replicationFactor: creation.replicationFactor.map(Int.init),
            configs: creation.configs)
        try await translating {
            try await linkService.wait { engine, completion in engine.createMirror(wish, completion: completion) }
        }
    }

    func verify(
        topic: String, link: String, progress: (@Sendable (VerifyProgress) -> Bool)?
    ) async throws -> VerifyReport {
        try await translating {
            let report: VerificationReport = try await linkService.wait { engine, completion in
                let tell = progress.map { progress in
                    { (news: VerificationProgress) in
                        progress(
                            VerifyProgress(
                                partition: news.partition, comparedBytes: news.comparedBytes,
                                comparedRecords: news.comparedRecords, totalBytes: news.totalBytes))
                    }
                }
                engine.verify(topic: topic, link: link, progress: tell, completion: completion)
            }
            return VerifyReport(report)
        }
    }
}

extension RESTError {
    init(_ failure: LinkFailure) {
        switch failure.kind {
        case .linkNotFound, .mirrorNotFound: self = .notFound(failure.message)
        case .linkExists: self.init(status: 409, code: 40902, message: failure.message)
        case .unsupported: self.init(.unsupportedVersion, message: failure.message)
        case .sourceTopicNotFound: self.init(.unknownTopicOrPartition, message: failure.message)
        case .forbidden: self = .forbidden(failure.message)
        case .storage: self.init(.kafkaStorageError, message: failure.message)
        case .invalidRequest: self = .badRequest(failure.message)
        case .refused, .sourceUnavailable: self = .invalid(failure.message)
        }
    }
}

extension LinkStatus {
    init(_ snapshot: LinkSnapshot) {
        var counts: [PartitionCategory: Int] = [:]
        for (category, count) in snapshot.partitionCounts {
            counts[PartitionCategory(category)] = count
        }
        self.init(
            id: snapshot.link.id, name: snapshot.link.name, sourceClusterID: snapshot.link.remoteClusterID,
            topicNames: snapshot.topicNames, state: LinkState(snapshot.health),
            error: LinkProblem(snapshot.error), errorMessage: snapshot.errorMessage, partitionCounts: counts)
    }
}

extension LinkState {
    init(_ health: LinkHealth) {
        switch health {
        case .active: self = .active
        case .failed: self = .failed
        case .unavailable: self = .unavailable
        case .paused: self = .paused
        case .unknown: self = .unknown
        }
    }
}

extension LinkProblem {
    init(_ error: LinkError) {
        switch error {
        case .unknown: self = .unknown
        case .noError: self = .noError
        case .authentication: self = .authentication
        case .unresolvableBootstrap: self = .unresolvableBootstrap
        case .invalidBootstrapInternalEndpoint: self = .invalidBootstrapInternalEndpoint
        case .bootstrapConnectionFailed: self = .bootstrapConnectionFailed
        case .timeout: self = .timeout
        }
    }
}

extension PartitionCategory {
    init(_ category: MirrorPartitionCategory) {
        switch category {
        case .active: self = .active
        case .paused: self = .paused
        case .inError: self = .inError
        case .pending: self = .pending
        case .notApplicable: self = .notApplicable
        }
    }
}

extension MirrorStatus {
    init(_ snapshot: MirrorSnapshot) {
        self.init(
            linkName: snapshot.linkName, mirrorTopicName: snapshot.mirrorTopicName,
            sourceTopicName: snapshot.sourceTopicName, state: snapshot.state, error: snapshot.error,
            errorMessage: snapshot.errorMessage, stateTimeMs: snapshot.stateTimeMs,
            lags: snapshot.partitions.map {
                MirrorLag(partition: $0.partition, lag: $0.lag, lastSourceFetchOffset: $0.sourceHighWatermark)
            })
    }
}

extension VerifyReport {
    init(_ report: VerificationReport) {
        self.init(
            linkName: report.linkName, mirrorTopicName: report.mirrorTopicName,
            sourceTopicName: report.sourceTopicName, sourcePartitionCount: report.sourcePartitionCount,
            mirrorPartitionCount: report.mirrorPartitionCount,
            partitions: report.partitions.map { partition in
                PartitionComparison(
                    partition: partition.partition, source: PartitionDigest(partition.source),
                    mirror: PartitionDigest(partition.mirror), comparedStart: partition.compared.start,
                    comparedEnd: partition.compared.end, matches: partition.difference == nil,
                    difference: partition.difference)
            }, difference: report.difference)
    }
}

extension PartitionDigest {
    init(_ side: SideDigest) {
        self.init(
            startOffset: side.range.start, endOffset: side.range.end, batches: side.batches, records: side.records,
            bytes: side.bytes, hash: side.hash)
    }
}
