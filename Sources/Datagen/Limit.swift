/// What a schema may ask for. A schema comes from anyone who may create a connector.
enum Limit {
    /// Characters of `schema.string`.
    static let schemaText = 1 << 20
    /// How deep JSON and types may nest.
    static let depth = 64
    /// Bytes that one record's JSON may be estimated to reach: no record may be too large for a topic's default limit.
    static let recordBytes = 1 << 20
    /// `length` of strings, bytes, arrays and maps, and repetitions in a regular expression.
    static let length = 100_000
    /// How much further than its minimum an open-ended `length` goes.
    static let openLength = 16
    /// How many repetitions beyond the least number `*`, `+` and `{n,}` bring, unless a length asks for more.
    static let openRepetitions = 10
    /// Digits of a decimal: what 128 bits hold.
    static let precision = 38
    /// Decimals of a float or double counter.
    static let counterDecimals = 15
    static let tasks = 64

    /// 10 to the power of `digits`, which is at most `precision`.
    static func power(of digits: Int) -> Int128 {
        (0..<digits).reduce(1) { power, _ in power * 10 }
    }
}
