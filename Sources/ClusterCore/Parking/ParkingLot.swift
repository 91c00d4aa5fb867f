import KafkaProtocol

/// What a parked request waits for.
package enum ParkingKey: Hashable, Sendable {
    /// New records or a changed state of a partition, by ``Partition/handle``.
    case partition(Int)
    /// The end of a ``PartitionMaking`` job, by its id.
    case making(UInt64)
}

/// A request whose answer is not known yet.
struct ParkedRequest {
    let token: RequestToken
    let keys: [ParkingKey]
    /// Bytes of memory that it takes, where that is worth counting.
    var heldBytes = 0
    /// Looks again; nil means "not yet". With `expired` it must answer.
    let resume: (inout Cluster, _ now: Int64, _ expired: Bool) -> (any KafkaResponse)?
}

/// Long polls as values. Adding, waking and removing cost O(1) for each key that a request waits on.
struct ParkingLot {
    private var parked: [UInt64: ParkedRequest] = [:]
    private var byKey: [ParkingKey: Set<UInt64>] = [:]
    private var byConnection: [ConnectionID: Set<UInt64>] = [:]
    private var woken: Set<UInt64> = []
    /// How often something happened that a request could have waited for.
    private(set) var wakeCount: UInt64 = 0
    /// Which keys woke those that wait on many.
    private var wokenKeys: [UInt64: Set<ParkingKey>] = [:]
    /// Keys beyond which a request wants to know which of them woke it.
    static let manyKeys = 16
    /// Bytes of memory that all of them take, as far as it is counted.
    private(set) var heldBytes = 0

    var count: Int { parked.count }
    var hasWoken: Bool { !woken.isEmpty }

    mutating func park(_ request: ParkedRequest) {
        let sequence = request.token.sequence
        parked[sequence] = request
        heldBytes = heldBytes +| request.heldBytes
        byConnection[request.token.connection, default: []].insert(sequence)
        for key in request.keys {
            byKey[key, default: []].insert(sequence)
        }
    }

    mutating func wake(_ key: ParkingKey) {
        wakeCount &+= 1
        guard let waiting = byKey[key] else {
            return
        }
        woken.formUnion(waiting)
        for sequence in waiting where (parked[sequence]?.keys.count ?? 0) > Self.manyKeys {
            wokenKeys[sequence, default: []].insert(key)
        }
    }

    /// The keys that woke a request since the last call; nil when all of its keys have to be looked at.
    mutating func takeWokenKeys(_ sequence: UInt64) -> Set<ParkingKey>? {
        wokenKeys.removeValue(forKey: sequence)
    }

    /// The woken requests in order of arrival. They stay parked until ``remove(_:)``.
    mutating func takeWoken() -> [ParkedRequest] {
        let sequences = woken.sorted()
        woken.removeAll(keepingCapacity: true)
        return sequences.compactMap { parked[$0] }
    }

    func request(_ sequence: UInt64) -> ParkedRequest? {
        parked[sequence]
    }

    mutating func remove(_ sequence: UInt64) {
        guard let request = parked.removeValue(forKey: sequence) else {
            return
        }
        heldBytes = heldBytes -| request.heldBytes
        woken.remove(sequence)
        wokenKeys[sequence] = nil
        let connection = request.token.connection
        byConnection[connection]?.remove(sequence)
        if byConnection[connection]?.isEmpty == true {
            byConnection[connection] = nil
        }
        for key in request.keys {
            byKey[key]?.remove(sequence)
            if byKey[key]?.isEmpty == true {
                byKey[key] = nil
            }
        }
    }

    /// Whether a request waits for partitions that are being made.
    func isAwaitingTopics(_ connection: ConnectionID) -> Bool {
        (byConnection[connection] ?? []).contains { sequence in
            parked[sequence]?.keys.contains { if case .making = $0 { true } else { false } } == true
        }
    }

    mutating func removeAll(of connection: ConnectionID) {
        for sequence in byConnection[connection] ?? [] {
            remove(sequence)
        }
    }
}
