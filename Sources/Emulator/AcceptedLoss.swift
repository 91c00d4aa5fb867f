/// `--accept-data-loss [CLUSTER/]TOPIC-PARTITION`: missing records of that partition are given up.
package struct AcceptedLoss: Hashable, Sendable {
    /// Id of the cluster; nil means every cluster that has such a partition.
    package var cluster: String?
    /// `orders-0`, or `__cluster_metadata-0` for a cluster's metadata log.
    package var partition: String

    /// Nil when the text is not of that form.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[parts.count - 1])
        guard let dash = name.lastIndex(of: "-"), dash != name.startIndex,
            let index = Int32(name[name.index(after: dash)...]), index >= 0, !name.contains("/")
        else {
            return nil
        }
        if parts.count == 2 {
            guard !parts[0].isEmpty else {
                return nil
            }
            cluster = String(parts[0])
        }
        partition = name
    }

    static func list(_ setting: Setting?) throws(StartError) -> [AcceptedLoss] {
        guard let setting else {
            return []
        }
        var losses: [AcceptedLoss] = []
        for text in setting.text.split(separator: ",") {
            guard let loss = AcceptedLoss(text) else {
                throw setting.wrong("'\(text)' is not of the form TOPIC-PARTITION or CLUSTER/TOPIC-PARTITION")
            }
            losses.append(loss)
        }
        return losses
    }

    /// Refuses clusters that do not exist.
    static func check(_ losses: [AcceptedLoss], clusters: [String]) throws(StartError) {
        for case let cluster? in losses.map(\.cluster) where !clusters.contains(cluster) {
            let known = clusters.isEmpty ? "none" : clusters.joined(separator: ", ")
            throw StartError(
                .configuration,
                "--\(ServeOption.acceptDataLoss.rawValue): there is no cluster '\(cluster)'; there are: \(known)")
        }
    }
}
