/// A link's configs with their defaults, as values. Texts were checked when they were set; what is unreadable all the
/// same counts as not set.
package struct LinkSettings: Sendable, Equatable {
    private let configs: [String: String]

    package init(_ configs: [String: String]) {
        self.configs = configs
    }

    package func string(_ name: String) -> String? {
        configs[name] ?? LinkConfigTable[name]?.defaultValue
    }

    package func boolean(_ name: String) -> Bool {
        string(name)?.lowercased() == "true"
    }

    /// The number, brought into its range: an earlier version may have stored one that would be refused now.
    package func number(_ name: String) -> Int64 {
        let definition = LinkConfigTable[name]
        let number = configs[name].flatMap { Int64($0) } ?? definition?.defaultValue.flatMap { Int64($0) } ?? 0
        return definition?.type.bounds.map { min(max(number, $0.lowerBound), $0.upperBound) } ?? number
    }

    package func list(_ name: String) -> [String] {
        (string(name) ?? "").split(separator: ",").map { String(LinkSettings.trim($0)) }.filter { !$0.isEmpty }
    }

    static func trim(_ text: Substring) -> Substring {
        let rest = text.drop(while: \.isWhitespace)
        guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else {
            return ""
        }
        return rest[...last]
    }

    package var bootstrapServers: [String] { list("bootstrap.servers") }
    package var mode: String { (string("link.mode") ?? "").uppercased() }
    package var connectionMode: String { (string("connection.mode") ?? "").uppercased() }
    package var securityProtocol: String { (string("security.protocol") ?? "").uppercased() }
    package var isPaused: Bool { boolean("cluster.link.paused") }
    package var startOffset: MirrorStart { string("mirror.start.offset.spec").flatMap { MirrorStart($0) } ?? .earliest }

    /// What mirror names begin with; nil when they equal their sources'.
    package var prefix: String? {
        guard let prefix = string("cluster.link.prefix"), !prefix.isEmpty else {
            return nil
        }
        return prefix
    }
}

/// Where a new mirror begins (`mirror.start.offset.spec`).
package enum MirrorStart: Hashable, Sendable {
    case earliest
    case latest
    /// Milliseconds since the epoch.
    case timestamp(Int64)

    /// Reads `earliest`, `latest`, or a time such as `2026-03-01T12:00:00Z`, `2026-03-01T12:00:00.250+02:00`.
    package init?(_ text: String) {
        switch text.lowercased() {
        case "earliest": self = .earliest
        case "latest": self = .latest
        default:
            guard let time = ISO8601.milliseconds(text) else {
                return nil
            }
            self = .timestamp(time)
        }
    }
}

/// The one form of time that link configs need, without Foundation.
enum ISO8601 {
    /// Milliseconds since the epoch; nil when `text` is not a date and time. Without a zone it is UTC.
    static func milliseconds(_ text: String) -> Int64? {
        var rest = Substring(text)
        guard let year = digits(4, &rest), skip("-", &rest), let month = digits(2, &rest), skip("-", &rest),
            let day = digits(2, &rest), skip("T", &rest), let hour = digits(2, &rest), skip(":", &rest),
            let minute = digits(2, &rest), skip(":", &rest), let second = digits(2, &rest)
        else {
            return nil
        }
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60 else {
            return nil
        }
        guard let fraction = fraction(&rest), let zone = zoneMinutes(&rest), rest.isEmpty else {
            return nil
        }
        let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute - zone) * 60 + second
        return seconds * 1_000 + fraction
    }

    private static func skip(_ character: Character, _ rest: inout Substring) -> Bool {
        guard rest.first == character else {
            return false
        }
        rest.removeFirst()
        return true
    }

    private static func digits(_ count: Int, _ rest: inout Substring) -> Int64? {
        let part = rest.prefix(count)
        guard part.count == count, part.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return nil
        }
        rest.removeFirst(count)
        return Int64(part)
    }

    private static func fraction(_ rest: inout Substring) -> Int64? {
        guard skip(".", &rest) else {
            return 0
        }
        let part = rest.prefix { $0.isASCII && $0.isNumber }
        guard !part.isEmpty, part.count <= 9 else {
            return nil
        }
        rest.removeFirst(part.count)
        return Int64((part + "00").prefix(3))
    }

    private static func zoneMinutes(_ rest: inout Substring) -> Int64? {
        if rest.isEmpty || skip("Z", &rest) {
            return 0
        }
        guard let sign = rest.first, sign == "+" || sign == "-" else {
            return nil
        }
        rest.removeFirst()
        guard let hours = digits(2, &rest) else {
            return nil
        }
        _ = skip(":", &rest)
        guard let minutes = digits(2, &rest) else {
            return nil
        }
        return (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
    }

    /// Days from 1970-01-01, by the rule of the Gregorian calendar with the year starting in March.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let monthFromMarch = (month + 9) % 12
        let leapDays = shifted / 4 - shifted / 100 + shifted / 400
        return 365 * shifted + leapDays + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
    }
}
