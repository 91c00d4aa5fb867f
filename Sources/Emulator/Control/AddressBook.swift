import ClusterCore
import KafkaClient
import RESTAPI

/// Where the clusters of this process listen, and where they did in earlier runs: a link that dials an address of
/// before is told the one of today.
///
/// Tables of earlier runs are kept until every link has been told, so that a crash in between loses none.
struct AddressBook: Sendable, Equatable {
    struct Place: Sendable, Equatable {
        var cluster: String
        var listener: String
        /// From 1 on.
        var broker: Int
        var port: Int
    }

    /// Oldest first; the last is today's.
    private(set) var tables: [[Place]] = []

    /// Runs that are remembered when each ends before its links were told.
    static let maximumTables = 8

    /// Enters where the clusters listen from now on.
    /// - Returns: whether that is something new.
    mutating func record(_ places: [Place]) -> Bool {
        guard tables.last != places else {
            return false
        }
        tables.append(places)
        tables.removeFirst(max(0, tables.count - Self.maximumTables))
        return true
    }

    /// Enters a change within the run.
    mutating func replace(_ places: [Place]) {
        tables = tables.dropLast() + [places]
    }

    /// Forgets earlier runs. To be called once every link knows today's addresses.
    mutating func settle() {
        tables.removeFirst(max(0, tables.count - 1))
    }

    var isSettled: Bool { tables.count <= 1 }

    /// Where the cluster listens today that had `port` in an earlier run; nil when nothing has changed for it.
    ///
    /// - Parameter cluster: whom the caller expects there; nil for anybody.
    func move(from port: Int, of cluster: String?) -> Place? {
        guard let today = tables.last else {
            return nil
        }
        for table in tables.dropLast().reversed() {
            let known = table.first { $0.port == port && (cluster == nil || $0.cluster == cluster) }
            guard let known else {
                continue
            }
            let same = today.filter { $0.cluster == known.cluster && $0.listener == known.listener }
            // A broker that is no more leaves the others.
            let place = same.first { $0.broker == known.broker } ?? same.first
            return place?.port == port ? nil : place
        }
        return nil
    }

    /// `bootstrap.servers` with today's ports; nil when they are as they should be.
    ///
    /// - Parameters:
    ///   - hosts: where this process listens; addresses elsewhere are not its business.
    ///   - cluster: the cluster that the link expects there, as far as it knows.
    func rewritten(_ servers: [String], hosts: [String], of cluster: String?) -> [String]? {
        let moved = servers.map { server in
            guard let address = HostPort(server),
                ServeConfiguration.isLoopback(address.host) || hosts.contains(address.host),
                let place = move(from: Int(address.port), of: cluster)
            else {
                return server
            }
            let end = server.lastIndex(of: ":") ?? server.endIndex
            return "\(server[..<end]):\(place.port)"
        }
        return moved == servers ? nil : moved
    }
}

extension AddressBook {
    var json: JSON {
        .array(
            tables.map { table in
                .array(
                    table.map { place in
                        [
                            "cluster": .string(place.cluster), "listener": .string(place.listener),
                            "broker": JSON(Int64(place.broker)), "port": JSON(Int64(place.port)),
                        ]
                    })
            })
    }

    /// nil when the value is not one of ours.
    init?(_ json: JSON) {
        guard let list = json.array else {
            return nil
        }
        for item in list {
            var table: [Place] = []
            for place in item.array ?? [] {
                guard let cluster = place["cluster"]?.string, let listener = place["listener"]?.string,
                    let broker = place["broker"]?.int, let port = place["port"]?.int
                else {
                    return nil
                }
                table.append(
                    Place(
                        cluster: cluster, listener: listener, broker: Int(clamping: broker), port: Int(clamping: port)))
            }
            tables.append(table)
        }
    }
}
