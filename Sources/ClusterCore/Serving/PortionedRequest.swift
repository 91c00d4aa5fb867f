import KafkaProtocol

/// A request whose elements have nothing to do with each other. A long one is handled some of them at a time, as if it
/// had come in parts; others are served in between.
protocol PortionedRequest: KafkaRequest {
    /// Elements that are handled in one go.
    static var portion: Int { get }
    /// Requests with some of the elements each, in order; one when there are few.
    var portions: [Self] { get }
    /// Puts the answer to the next portion behind those to the ones before.
    static func join(_ part: Response, to whole: inout Response)
    /// The same, where the answer does not tell whether the portion goes on with what the one before began.
    static func join(_ part: Response, to whole: inout Response, of portion: Self)
    /// Whether an answer refuses the request as a whole: nothing more of it is done then.
    static func isRefusal(_ response: Response) -> Bool
}

extension PortionedRequest {
    static var portion: Int { 2_000 }

    static func join(_ part: Response, to whole: inout Response, of portion: Self) {
        join(part, to: &whole)
    }

    static func isRefusal(_ response: Response) -> Bool { false }

    /// - Parameter array: the one that is long.
    fileprivate func cut<Element>(_ array: WritableKeyPath<Self, [Element]>) -> [Self] {
        with(self[keyPath: array].cut(Self.portion), array)
    }

    /// - Parameters:
    ///   - array: topics, or what else has elements of its own.
    ///   - inner: those.
    fileprivate func cut<Element, Inner>(
        _ array: WritableKeyPath<Self, [Element]>, _ inner: WritableKeyPath<Element, [Inner]>
    ) -> [Self] {
        with(self[keyPath: array].cut(Self.portion, inner), array)
    }

    /// - Parameters:
    ///   - array: elements that stay whole.
    ///   - inner: how many elements of their own they have.
    fileprivate func cut<Element>(
        _ array: WritableKeyPath<Self, [Element]>, whole inner: (Element) -> Int
    ) -> [Self] {
        with(self[keyPath: array].cut(Self.portion, whole: inner), array)
    }

    private func with<Element>(_ parts: [[Element]], _ array: WritableKeyPath<Self, [Element]>) -> [Self] {
        guard parts.count > 1 else {
            return [self]
        }
        return parts.map { part in
            var request = self
            request[keyPath: array] = part
            return request
        }
    }
}

extension Array {
    fileprivate func cut(_ size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }

    /// Cuts by elements of elements; one with too many is in several parts.
    fileprivate func cut<Inner>(_ size: Int, _ inner: WritableKeyPath<Element, [Inner]>) -> [[Element]] {
        var parts: [[Element]] = []
        var part: [Element] = []
        var room = size
        for element in self {
            let all = element[keyPath: inner]
            var done = 0
            repeat {
                if room <= 0 {
                    parts.append(part)
                    part = []
                    room = size
                }
                let end = Swift.min(all.count, done + room)
                var piece = element
                piece[keyPath: inner] = Array<Inner>(all[done..<end])
                part.append(piece)
                room -= end - done + 1  // bounded: by the array
                done = end
            } while done < all.count
        }
        parts.append(part)
        return parts
    }

    /// Cuts between elements; one with too many of its own is a part by itself.
    fileprivate func cut(_ size: Int, whole inner: (Element) -> Int) -> [[Element]] {
        var parts: [[Element]] = []
        var part: [Element] = []
        var room = size
        for element in self {
            let weight = inner(element) + 1  // bounded: by the request
            if weight > room, !part.isEmpty {
                parts.append(part)
                part = []
                room = size
            }
            part.append(element)
            room -= weight
        }
        parts.append(part)
        return parts
    }

    /// Appends; what was cut in two becomes one again.
    fileprivate mutating func join<Inner>(
        _ part: [Element], _ inner: WritableKeyPath<Element, [Inner]>, isSame: (Element, Element) -> Bool
    ) {
        var rest = part[...]
        if let last = indices.last, let next = rest.first, isSame(self[last], next) {
            self[last][keyPath: inner] += next[keyPath: inner]
            rest.removeFirst()
        }
        append(contentsOf: rest)
    }
}

/// A request that is handled in portions.
private final class Portions<Request: PortionedRequest>: SlicedRequest {
    /// The last one is next.
    private var left: [Request]
    private let handle: (Request, RequestContext, inout Cluster) -> Request.Response
    private var whole: Request.Response?
    private(set) var targets: [FlushTarget] = []

    init(
        _ portions: [Request], _ handle: @escaping (Request, RequestContext, inout Cluster) -> Request.Response
    ) {
        left = portions.reversed()
        self.handle = handle
    }

    func goOn(_ context: RequestContext, _ cluster: inout Cluster) -> (any KafkaResponse)? {
        guard let portion = left.popLast() else {
            return whole
        }
        // By something between two portions, for whose durability nobody waits.
        _ = cluster.flushes.takeTouched()
        let part = handle(portion, context, &cluster)
        targets += cluster.flushes.takeTouched()
        if var sum = whole {
            whole = nil
            Request.join(part, to: &sum, of: portion)
            whole = sum
        } else {
            whole = part
        }
        if whole.map(Request.isRefusal) == true {
            left = []
        }
        return left.isEmpty ? whole : nil
    }
}

extension Cluster {
    /// Answers at once, or portion by portion when the request is long.
    mutating func answerInPortions<Request: PortionedRequest>(
        _ request: Request, _ context: RequestContext,
        _ handle: @escaping (Request, RequestContext, inout Cluster) -> Request.Response
    ) -> Outcome<Request.Response> {
        let portions = request.portions
        guard portions.count > 1 else {
            return .reply(handle(portions.first ?? request, context, &self))
        }
        return answerInSlices(Portions(portions, handle), context)
    }
}

// MARK: Which they are

extension OffsetForLeaderEpochRequest: PortionedRequest {
    var portions: [Self] { cut(\.topics, \.partitions) }

    static func join(_ part: Response, to whole: inout Response) {
        whole.topics.join(part.topics, \.partitions) { $0.topic == $1.topic }
    }
}

extension OffsetCommitRequest: PortionedRequest {
    var portions: [Self] { cut(\.topics, \.partitions) }

    static func join(_ part: Response, to whole: inout Response) {
        whole.topics.join(part.topics, \.partitions) { $0.name == $1.name && $0.topicID == $1.topicID }
    }
}

extension OffsetDeleteRequest: PortionedRequest {
    var portions: [Self] { cut(\.topics, \.partitions) }

    static func isRefusal(_ response: Response) -> Bool { response.errorCode != 0 }

    /// A group that cannot be asked is told once, in place of everything.
    static func join(_ part: Response, to whole: inout Response) {
        guard whole.errorCode == 0, part.errorCode == 0 else {
            whole = whole.errorCode == 0 ? part : whole
            return
        }
        whole.topics.join(part.topics, \.partitions) { $0.name == $1.name }
    }
}

extension DeleteRecordsRequest: PortionedRequest {
    /// Each of them changes a log, and writes a file of its own.
    static var portion: Int { 50 }
    var portions: [Self] { cut(\.topics, \.partitions) }

    static func join(_ part: Response, to whole: inout Response) {
        whole.topics.join(part.topics, \.partitions) { $0.name == $1.name }
    }
}

extension OffsetFetchRequest: PortionedRequest {
    /// The member epoch, which nobody looks at here, of a group that goes on with topics of the one before.
    static let continuation = Int32.min
    private static let wholeGroup = 200

    /// Of the groups that versions from 8 on name; the handler makes one of what earlier ones do.
    var portions: [Self] {
        let pieces = groups.flatMap { group in
            guard let topics = group.topics, !topics.isEmpty else {
                return [group]
            }
            return topics.cut(Self.portion, \.partitionIndexes).enumerated().map { index, part in
                var piece = group
                piece.topics = part
                piece.memberEpoch = index == 0 ? 0 : Self.continuation
                return piece
            }
        }
        var request = self
        request.groups = pieces
        let portions = request.cut(\.groups) { group in
            // A whole group may have thousands, and seldom has more than some hundred.
            guard let topics = group.topics else {
                return Self.wholeGroup
            }
            return topics.reduce(0) { $0 + 1 + $1.partitionIndexes.count }  // bounded: by the request
        }
        return portions.count > 1 ? portions : [self]
    }

    static func join(_ part: Response, to whole: inout Response) {
        whole.errorCode = whole.errorCode == 0 ? part.errorCode : whole.errorCode
        whole.topics.join(part.topics, \.partitions) { $0.name == $1.name }
        whole.groups += part.groups
    }

    static func join(_ part: Response, to whole: inout Response, of portion: Self) {
        var part = part
        if portion.groups.first?.memberEpoch == continuation, let next = part.groups.first {
            if let last = whole.groups.indices.last, whole.groups[last].groupID == next.groupID {
                if whole.groups[last].errorCode == 0 {
                    whole.groups[last].errorCode = next.errorCode
                }
                whole.groups[last].topics.join(next.topics, \.partitions) {
                    $0.name == $1.name && $0.topicID == $1.topicID
                }
                part.groups.removeFirst()
            } else if next.topics.isEmpty {
                // Everything in it was asked before.
                part.groups.removeFirst()
            }
        }
        join(part, to: &whole)
    }
}

extension FindCoordinatorRequest: PortionedRequest {
    var portions: [Self] { cut(\.coordinatorKeys) }

    static func join(_ part: Response, to whole: inout Response) {
        whole.coordinators += part.coordinators
    }
}

extension DeleteGroupsRequest: PortionedRequest {
    static var portion: Int { 500 }
    var portions: [Self] { cut(\.groupsNames) }

    static func join(_ part: Response, to whole: inout Response) {
        whole.results += part.results
    }
}

extension DescribeGroupsRequest: PortionedRequest {
    var portions: [Self] {
        guard groups.count > Self.portion else {
            return [self]
        }
        // A group that is named twice is answered once.
        var seen: Set<String> = []
        var request = self
        request.groups = groups.filter { seen.insert($0).inserted }
        return request.cut(\.groups)
    }

    static func join(_ part: Response, to whole: inout Response) {
        whole.groups += part.groups
    }
}

extension AlterationRequest {
    /// Each portion is a commit.
    static var portion: Int { 500 }
    var portions: [Self] { cut(\.resources) { $0.configs.count } }

    static func join(_ part: Response, to whole: inout Response) {
        whole.responses += part.responses
    }
}
