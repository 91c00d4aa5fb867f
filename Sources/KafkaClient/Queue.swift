/// First in, first out, O(1) either way; what was taken is released at once.
struct Queue<Element> {
    private var items: [Element?] = []
    private var head = 0

    var count: Int { items.count - head }
    var isEmpty: Bool { head == items.count }

    mutating func append(_ element: Element) {
        items.append(element)
    }

    mutating func popFirst() -> Element? {
        guard head < items.count else {
            return nil
        }
        defer {
            items[head] = nil
            head += 1
            if head == items.count {
                items.removeAll(keepingCapacity: items.count <= 64)
                head = 0
            } else if head >= 1_024, head * 2 > items.count {
                items.removeFirst(head)
                head = 0
            }
        }
        return items[head]
    }

    /// All elements in order, leaving the queue empty.
    mutating func takeAll() -> [Element] {
        defer {
            items = []
            head = 0
        }
        return items[head...].compactMap(\.self)
    }

    /// The elements in order.
    var elements: some Sequence<Element> {
        items[head...].lazy.compactMap(\.self)
    }
}
