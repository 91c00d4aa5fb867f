/// How much of what can be tried is tried.
package enum Extent {
    /// Every case: minutes.
    case everything
    /// Of each place (field, config, file) what a seed picks: seconds.
    case sample(seed: UInt64)
}

/// Picks cases as an ``Extent`` says, the same ones for the same seed in every process.
struct CasePicker {
    private var dice: Dice?
    let label: String

    init(_ extent: Extent) {
        switch extent {
        case .everything: (dice, label) = (nil, "")
        case .sample(let seed): (dice, label) = (Dice(seed: seed), "seed \(seed), ")
        }
    }

    var isComplete: Bool { dice == nil }

    /// All items, or `count` of them.
    mutating func pick<T>(_ count: Int, of items: some Collection<T>) -> [T] {
        guard dice != nil, items.count > count else { return Array(items) }
        var left = Array(items.indices)
        var picked: [Int] = []
        for _ in 0..<count { picked.append(roll(left.count)) }
        return picked.map { items[left.remove(at: $0 % left.count)] }
    }

    private mutating func roll(_ count: Int) -> Int { dice?.roll(count) ?? 0 }
}

/// What was tried, and what of it went wrong without ending the process.
package struct FuzzReport {
    /// More failures than these are only counted.
    private static let kept = 20

    package private(set) var cases = 0
    package private(set) var failures: [String] = []
    package private(set) var failureCount = 0

    package init() {}

    /// Tries one case. Nothing that it throws is expected: a case that may be refused catches that itself.
    /// - Parameter bytes: what it consists of.
    package mutating func attempt(_ name: String, _ bytes: [UInt8] = [], _ body: () throws -> Void) {
        CurrentCase.begin(name, bytes)
        defer { CurrentCase.end() }
        cases += 1
        do {
            try body()
        } catch {
            failureCount += 1
            if failures.count < Self.kept { failures.append("\(CurrentCase.description): \(error)") }
        }
    }

    package mutating func add(_ other: FuzzReport) {
        cases += other.cases
        failureCount += other.failureCount
        failures += other.failures.prefix(Self.kept - failures.count)
    }
}
