/// Points in time as answers write them (RFC 3339), to the millisecond, without a library.
package enum Timestamp {
    /// `2026-01-31T12:00:00.000Z`.
    ///
    /// - Parameter ms: milliseconds since the epoch; from the year 1970 to 9999.
    package static func text(_ ms: Int64) -> String {
        let days = ms / 86_400_000
        let rest = ms % 86_400_000
        let (year, month, day) = date(days)
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T\(digits(rest / 3_600_000, 2)):"
            + "\(digits(rest / 60_000 % 60, 2)):\(digits(rest / 1000 % 60, 2)).\(digits(rest % 1000, 3))Z"
    }

    /// `Sat, 31 Jan 2026 12:00:00 GMT`, as HTTP has it (RFC 9110).
    ///
    /// - Parameter ms: milliseconds since the epoch; from the year 1970 to 9999.
    static func httpDate(_ ms: Int64) -> String {
        let days = ms / 86_400_000
        let (year, month, day) = date(days)
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(days % 7)]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let seconds = ms / 1000
        return "\(weekday), \(digits(day, 2)) \(months[Int(month) - 1]) \(digits(year, 4)) "
            + "\(digits(seconds / 3600 % 24, 2)):\(digits(seconds / 60 % 60, 2)):\(digits(seconds % 60, 2)) GMT"
    }

    /// Reads RFC 3339 with any number of digits of the second, and milliseconds since the epoch; nil for anything else.
    package static func ms(_ text: String) -> Int64? {
        if let number = Int64(text) {
            return number >= 0 ? number : nil
        }
        var rest = Substring(text)
        guard let year = take(&rest, 4), skip(&rest, "-"), let month = take(&rest, 2), skip(&rest, "-"),
            let day = take(&rest, 2), skip(&rest, "Tt "), let hour = take(&rest, 2), skip(&rest, ":"),
            let minute = take(&rest, 2), skip(&rest, ":"), let second = take(&rest, 2),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else {
            return nil
        }
        var millis: Int64 = 0
        if skip(&rest, ".") {
            let fraction = rest.prefix { $0.isASCII && $0.isNumber }
            guard !fraction.isEmpty, let value = Int64((fraction + "00").prefix(3)) else {
                return nil
            }
            millis = value
            rest = rest.dropFirst(fraction.count)
        }
        guard let zone = zoneMinutes(rest) else {
            return nil
        }
        let seconds = dayNumber(year, month, day) * 86_400 + hour * 3_600 + (minute - zone) * 60 + second
        return seconds >= 0 ? seconds * 1000 + millis : nil
    }

    private static func zoneMinutes(_ text: Substring) -> Int64? {
        if text == "Z" || text == "z" {
            return 0
        }
        var rest = text
        let isWest = rest.first == "-"
        guard skip(&rest, "+-"), let hours = take(&rest, 2), skip(&rest, ":"), let minutes = take(&rest, 2),
            rest.isEmpty, hours < 24, minutes < 60
        else {
            return nil
        }
        return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }

    private static func take(_ text: inout Substring, _ count: Int) -> Int64? {
        let part = text.prefix(count)
        guard part.count == count, part.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return nil
        }
        text = text.dropFirst(count)
        return Int64(part)
    }

    private static func skip(_ text: inout Substring, _ characters: String) -> Bool {
        guard let first = text.first, characters.contains(first) else {
            return false
        }
        text = text.dropFirst()
        return true
    }

    private static func digits(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// Days since 1970-01-01, by the proleptic Gregorian calendar in eras of 400 years that begin in March.
    private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}
