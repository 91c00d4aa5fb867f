extension Shape {
    /// The most bytes that a value's JSON may take, roughly.
    static func estimatedSize(_ type: FieldType, _ rule: FieldRule) -> Int {
        switch rule {
        case .options(let values): return values.map { $0.json.utf8.count }.max() ?? 0
        case .text(let rule): return rule.estimatedSize
        case .length(let length):
            switch type {
            case .array(let element): return product(length.max, element.estimatedSize + 1)
            case .map(let keys, let values):
                return product(length.max, keys.estimatedSize + values.estimatedSize + 2)
            default: return product(length.max, 2)
            }
        default: break
        }
        switch type {
        case .string: return 6 * LengthBounds.standard.max
        case .bytes: return 2 * LengthBounds.standard.max
        case .fixed(_, let size): return 2 * size
        case .array, .map: return estimatedSize(type, .length(.standard))
        case .enumeration(_, let symbols): return symbols.map { $0.utf8.count }.max() ?? 0
        case .record(_, let fields):
            return sum(fields.map { sum([$0.name.utf8.count + 4, $0.shape.estimatedSize]) })
        case .union(let branches): return branches.map { $0.estimatedSize }.max() ?? 0
        default: return 24
        }
    }

    private static func product(_ count: Int, _ size: Int) -> Int {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        return overflow ? Int.max / 4 : min(product, Int.max / 4)
    }

    private static func sum(_ sizes: [Int]) -> Int {
        sizes.reduce(0) { min($0 + $1, Int.max / 4) }
    }
}

extension TextRule {
    fileprivate var estimatedSize: Int {
        let fixed = prefix.utf8.count + suffix.utf8.count
        switch source {
        case .characters(let length): return fixed + 6 * length.max
        case .pattern(let pattern, let length):
            let lengths = pattern.lengths
            let open = lengths.lowerBound + 1000
            return fixed + 6 * min(length?.max ?? Int.max, lengths.upperBound == .max ? open : lengths.upperBound)
        default: return fixed + 48
        }
    }
}
