import HeapModule

/// Very many names that are put in order some at a time: runs of them first, which are merged as the names are taken.
struct SortedNames {
    private struct Head: Comparable {
        let name: String
        let run: Int

        static func < (left: Head, right: Head) -> Bool { (left.name, left.run) < (right.name, right.run) }
    }

    /// In any order; the last ones are put into a run next.
    private var left: [String]
    /// Each in descending order, so that its first name is taken from its end.
    private var runs: [[String]] = []
    private var heads = Heap<Head>()
    private var last: String?

    init(_ names: [String]) {
        left = names
    }

    /// Sorts some more. To be called until all are sorted, and before ``next()``.
    /// - Returns: whether all are.
    mutating func sort(limit: Int) -> Bool {
        guard !left.isEmpty else {
            return true
        }
        var run = left.suffix(limit).sorted(by: >)
        left.removeLast(min(limit, left.count))
        if let first = run.popLast() {
            heads.insert(Head(name: first, run: runs.count))
        }
        runs.append(run)
        return left.isEmpty
    }

    /// Each name once.
    mutating func next() -> String? {
        while let head = heads.popMin() {
            if let following = runs[head.run].popLast() {
                heads.insert(Head(name: following, run: head.run))
            }
            if head.name != last {
                last = head.name
                return head.name
            }
        }
        return nil
    }
}
