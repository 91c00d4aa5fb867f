import KafkaProtocol

/// A link that somebody wants.
package struct NewLink: Sendable {
    package var name: String
    /// nil lets the cluster choose.
    package var id: KafkaUUID?
    /// The source cluster's id as the creator named it.
    package var remoteClusterID: String?
    package var configs: [String: String]
    /// What stands in a Java client's file beside what a link needs. It is not kept.
    package let leftOut: [String: String]

    package init(name: String, id: KafkaUUID? = nil, remoteClusterID: String? = nil, configs: [String: String]) {
        self.name = name
        self.id = id
        self.remoteClusterID = remoteClusterID
        self.configs = configs.filter { !LinkConfigTable.isForOtherClients($0.key) }
        leftOut = configs.filter { LinkConfigTable.isForOtherClients($0.key) }
    }
}

/// One change of a link's configs.
package enum LinkConfigChange: Sendable, Equatable {
    case set(String, String)
    /// Back to the default.
    case delete(String)

    package var name: String {
        switch self {
        case .set(let name, _), .delete(let name): name
        }
    }
}

/// A link config as it is shown.
package struct LinkConfigEntry: Sendable, Equatable {
    package var name: String
    /// nil when there is none, and for secrets.
    package var value: String?
    package var isDefault: Bool
    package var isReadOnly: Bool
    package var isSensitive: Bool

    package init(name: String, value: String?, isDefault: Bool, isReadOnly: Bool = false, isSensitive: Bool = false) {
        self.name = name
        self.value = value
        self.isDefault = isDefault
        self.isReadOnly = isReadOnly
        self.isSensitive = isSensitive
    }

    /// Where the value comes from, in Cluster Linking's words.
    package var source: String { isDefault ? "DEFAULT_CONFIG" : "DYNAMIC_CLUSTER_LINK_CONFIG" }
}

extension ClusterLink {
    package var settings: LinkSettings { LinkSettings(configs) }

    /// Every config, ordered by name, with secrets left out.
    package var describedConfigs: [LinkConfigEntry] {
        LinkConfigTable.all.map { definition in
            let value = configs[definition.name] ?? definition.defaultValue
            return LinkConfigEntry(
                name: definition.name, value: definition.isSensitive ? nil : value,
                isDefault: configs[definition.name] == nil, isReadOnly: definition.isReadOnly,
                isSensitive: definition.isSensitive)
        }
    }
}

extension Cluster {
    /// The link of that name, or the documented refusal.
    package func link(_ name: String) throws(LinkFailure) -> ClusterLink {
        guard let link = links[name] else {
            throw .linkNotFound(name)
        }
        return link
    }

    /// Mirror topics of a link, ordered by name; with those whose mirroring has stopped.
    package func mirrorTopics(of link: KafkaUUID) -> [Topic] {
        topics.all.filter { $0.mirror?.linkID == link }.sorted { $0.name < $1.name }
    }

    /// Checks a wish without creating anything.
    package func validateLink(_ link: NewLink) throws(LinkFailure) {
        guard LinkConfigChecks.nameIsLegal(link.name) else {
            throw LinkFailure(.invalidRequest, "Invalid Cluster Link Name.")
        }
        guard links[link.name] == nil else {
            throw LinkFailure(.linkExists, "Cluster link '\(link.name)' already exists.")
        }
        if let id = link.id, id == .zero || links[id] != nil {
            throw LinkFailure(.linkExists, "Cluster link id \(id.base64) is already in use.")
        }
        if let remote = link.remoteClusterID, remote == configuration.clusterID {
            throw LinkFailure(.invalidRequest, "A cluster link cannot have its own cluster '\(remote)' as source.")
        }
        guard links.count < configuration.limits.links else {
            throw LinkFailure(.refused, "This cluster has its limit of \(configuration.limits.links) cluster links.")
        }
        try checkLeftOut(link.leftOut)
        try checkServed(link.configs)
        try check(link.configs)
    }

    private func checkLeftOut(_ configs: [String: String]) throws(LinkFailure) {
        for (name, value) in configs.sorted(by: { $0.key < $1.key }) {
            if let problem = LinkConfigChecks.problemOfLeftOut(name, value) {
                throw LinkFailure(.invalidRequest, problem, code: .invalidConfig)
            }
        }
    }

    /// Refuses what would have no effect. Links that were made before that was checked keep what they have.
    private func checkServed(_ configs: [String: String]) throws(LinkFailure) {
        for (name, value) in configs.sorted(by: { $0.key < $1.key }) {
            if LinkConfigChecks.problem(name, value) == nil, let problem = LinkConfigServing.problem(name, value) {
                throw LinkFailure(.invalidRequest, problem, code: .invalidConfig)
            }
        }
    }

    private func check(_ configs: [String: String]) throws(LinkFailure) {
        for (name, value) in configs.sorted(by: { $0.key < $1.key }) {
            if let problem = LinkConfigChecks.problem(name, value) {
                throw LinkFailure(.invalidRequest, problem, code: .invalidConfig)
            }
        }
        if let problem = LinkConfigChecks.problem(together: configs) {
            throw LinkFailure(.invalidRequest, problem, code: .invalidConfig)
        }
    }

    /// Stores a link that ``validateLink(_:)`` accepts.
    @discardableResult
    package mutating func createLink(_ link: NewLink, now: Int64) throws(LinkFailure) -> ClusterLink {
        try validateLink(link)
        let id = link.id ?? random.nextUUID()
        let created = ClusterLink(
            id: id, name: link.name, remoteClusterID: link.remoteClusterID, configs: link.configs, createdMs: now)
        try store([.clusterLink(created.record)], now: now)
        return created
    }

    /// Removes a link.
    ///
    /// - Parameters:
    ///   - force: also while topics mirror through it; they stop being mirrors as they are and take records again;
    ///     those that are being made are not made.
    package mutating func deleteLink(
        _ name: String, force: Bool, validateOnly: Bool, now: Int64
    ) throws(LinkFailure) {
        let link = try link(name)
        let live = mirrorTopics(of: link.id).filter { $0.mirror?.state != .stopped }
        let mirrors = live.map(\.name) + making.mirrorTopics(of: link.id)
        if !mirrors.isEmpty, !force {
            let names = mirrors.map { "'\($0)'" }.joined(separator: ", ")
            throw LinkFailure(
                .forbidden, "Cluster link '\(name)' cannot be deleted while it has mirror topics: \(names).")
        }
        guard !validateOnly else {
            return
        }
        var record = RemoveClusterLinkRecord()
        record.linkID = link.id
        let stops = live.flatMap { stopping($0, now: now) }
        try store(stops + [.removeClusterLink(record)], now: now)
        for topic in live {
            endSourceProducers(of: topic)
        }
        resumeWoken(now: now)
    }

    /// Checks and applies changes of a link's configs: all of them or none.
    ///
    /// - Parameter sourceEnds: the source's high watermarks by mirror topic and partition, to be shown while the link
    ///   is paused.
    package mutating func alterLinkConfigs(
        _ name: String, _ changes: [LinkConfigChange], validateOnly: Bool, sourceEnds: [KafkaUUID: [Int64]] = [:],
        now: Int64
    ) throws(LinkFailure) {
        var link = try link(name)
        for case .set(let name, let value) in changes {
            try checkLeftOut([name: value])
        }
        let changes = changes.filter { !LinkConfigTable.isForOtherClients($0.name) }
        guard Set(changes.map(\.name)).count == changes.count else {
            throw LinkFailure(.invalidRequest, "A config name appears more than once.", code: .invalidConfig)
        }
        for change in changes {
            guard let definition = LinkConfigTable[change.name] else {
                throw LinkFailure(.invalidRequest, "Invalid Config Name.", code: .invalidConfig)
            }
            switch change {
            case .set(let name, let value):
                if definition.isImmutable, link.settings.string(name)?.uppercased() != value.uppercased() {
                    throw unchangeable(name)
                }
                link.configs[name] = value
            case .delete(let name):
                if definition.isImmutable, link.configs[name] != nil {
                    throw unchangeable(name)
                }
                link.configs[name] = nil
            }
        }
        for case .set(let name, let value) in changes {
            try checkServed([name: value])
        }
        dropFiltersOfDisabledSyncs(&link.configs, changes)
        try check(link.configs)
        guard !validateOnly else {
            return
        }
        if link.settings.isPaused != links[link.id]?.settings.isPaused {
            link.pauseTimeMs = now
        }
        var records = [MetadataChange.clusterLink(link.record)]
        if link.settings.isPaused, links[link.id]?.settings.isPaused == false {
            records += mirrorTopics(of: link.id).compactMap { topic in
                guard var mirror = topic.mirror, mirror.state.isMirroring, let ends = sourceEnds[topic.id] else {
                    return nil
                }
                mirror.sourceEnds = ends
                return .mirrorTopic(mirror.record(topicID: topic.id))
            }
        }
        try store(records, now: now)
    }

    private func unchangeable(_ name: String) -> LinkFailure {
        LinkFailure(.invalidRequest, "Config '\(name)' cannot be changed once the link exists.", code: .invalidConfig)
    }

    /// Switching a sync off clears its filters.
    private func dropFiltersOfDisabledSyncs(_ configs: inout [String: String], _ changes: [LinkConfigChange]) {
        let filters = [
            "consumer.offset.sync.enable": "consumer.offset.group.filters", "acl.sync.enable": "acl.filters",
            "auto.create.mirror.topics.enable": "auto.create.mirror.topics.filters",
        ]
        for case .set(let name, let value) in changes where value.lowercased() == "false" {
            if let filter = filters[name] {
                configs[filter] = nil
            }
        }
    }

    /// Remembers the source's id once it has told it.
    package mutating func noteRemoteCluster(_ clusterID: String, of link: KafkaUUID, now: Int64) throws(LinkFailure) {
        guard var known = links[link], known.remoteClusterID == nil else {
            return
        }
        known.remoteClusterID = clusterID
        try store([.clusterLink(known.record)], now: now)
    }

    mutating func store(_ changes: [MetadataChange], now: Int64) throws(LinkFailure) {
        do throws(ErrorCode) {
            try commit(changes, now: now)
        } catch {
            throw LinkFailure(.storage, "The change could not be stored.", code: error)
        }
    }
}
