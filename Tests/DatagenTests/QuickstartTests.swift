import Datagen
import Testing

/// What the values of a field must be.
enum Expected: Sendable {
    case counting(from: Int64, by: Int64)
    /// Whole numbers within, all near the ends coming up when there are few.
    case within(ClosedRange<Int64>)
    case fraction(Range<Double>)
    /// Exactly these texts.
    case texts(Set<String>)
    case countingText(from: Int64, by: Int64)
    /// Exactly these numbers.
    case numbers(Set<Int64>)
    /// Something that this tells.
    case fulfilling(@Sendable (FieldValue) -> Bool)
}

private func texts(_ prefix: String, _ range: ClosedRange<Int>, andNone: Bool = false) -> Expected {
    .texts(Set(range.map { "\(prefix)\($0)" } + (andNone ? [prefix] : [])))
}

private let userIDs = texts("User_", 1...9, andNone: true)
private let goods: Set = [
    "boots", "shirt", "knife", "saucepan", "table", "chair", "clock", "frame", "guitar", "thermometer", "scarf",
    "doormat", "vase", "clippers", "game", "towels",
]

private func address(_ value: FieldValue) -> Bool {
    guard case .record(let members) = value, members.map({ $0.name }) == ["city", "state", "zipcode"],
        case .string(let city) = members[0].value, case .string(let state) = members[1].value,
        case .int(let code) = members[2].value
    else { return false }
    return city.wholeMatch(of: /City_[1-9]{0,2}/) != nil && state.wholeMatch(of: /State_[1-9]{0,2}/) != nil
        && (10_000..<99_999).contains(code)
}

private func price(_ value: FieldValue) -> Bool {
    guard case .decimal(let unscaled, 2) = value else { return false }
    return (1000..<5000).contains(unscaled)
}

private let contracts: [(name: String, key: String, fields: [(String, String, Expected)])] = [
    (
        "TRANSACTIONS", "transaction_id",
        [
            ("transaction_id", "long", .counting(from: 1, by: 1)), ("card_id", "long", .within(1...23)),
            ("user_id", "string", userIDs), ("purchase_id", "long", .counting(from: 0, by: 1)),
            ("store_id", "int", .within(1...6)),
        ]
    ),
    (
        "ORDERS", "orderid",
        [
            ("ordertime", "long", .within(1_487_715_775_521...1_519_273_364_599)),
            ("orderid", "int", .counting(from: 0, by: 1)),
            ("itemid", "string", .fulfilling { $0.plainText?.wholeMatch(of: /Item_[1-9][0-9]{0,2}/) != nil }),
            ("orderunits", "double", .fraction(0.1..<10)),
            ("address", "record", .fulfilling(address)),
        ]
    ),
    (
        "USERS", "userid",
        [
            ("registertime", "long", .within(1_487_715_775_521...1_519_273_364_599)),
            ("userid", "string", userIDs), ("regionid", "string", texts("Region_", 1...9, andNone: true)),
            ("gender", "string", .texts(["MALE", "FEMALE", "OTHER"])),
        ]
    ),
    (
        "PAGEVIEWS", "viewtime",
        [
            ("viewtime", "long", .counting(from: 1, by: 10)), ("userid", "string", userIDs),
            ("pageid", "string", texts("Page_", 1...99)),
        ]
    ),
    (
        "STOCK_TRADES", "symbol",
        [
            ("side", "string", .texts(["BUY", "SELL"])), ("quantity", "int", .within(1...4999)),
            ("symbol", "string", .texts(["ZBZX", "ZJZZT", "ZTEST", "ZVV", "ZVZZT", "ZWZZT", "ZXZZT"])),
            ("price", "int", .within(5...999)), ("account", "string", .texts(["ABC123", "LMN456", "XYZ789"])),
            ("userid", "string", userIDs),
        ]
    ),
    (
        "RATINGS", "rating_id",
        [
            ("rating_id", "long", .counting(from: 1, by: 1)), ("user_id", "int", .numbers(Set([-1] + Array(1...19)))),
            ("stars", "int", .within(1...4)), ("route_id", "int", .within(1...9999)),
            ("rating_time", "long", .counting(from: 1, by: 12)),
            ("channel", "string", .texts(["ios", "iOS", "iOS-test", "android", "web"])),
            ("message", "string", .fulfilling { $0.plainText?.isEmpty == false }),
        ]
    ),
    (
        "INVENTORY", "id",
        [
            ("id", "long", .counting(from: 0, by: 1)), ("quantity", "int", .within(-100...99)),
            ("productid", "long", .within(10_000_000_001...10_000_000_015)),
        ]
    ),
    (
        "PRODUCT", "id",
        [
            ("id", "long", .numbers(Set(10_000_000_001...10_000_000_016))), ("name", "string", .texts(goods)),
            ("description", "string", .fulfilling { $0.plainText?.isEmpty == false }),
            ("price", "double", .fraction(8.64..<134.26)),
        ]
    ),
    (
        "PURCHASES", "id",
        [
            ("id", "long", .counting(from: 0, by: 1)), ("item_type", "string", .texts(goods)),
            ("price_per_unit", "bytes", .fulfilling(price)),
        ]
    ),
    (
        "STORES", "store_id",
        [
            ("store_id", "int", .numbers(Set(1...7))),
            ("city", "string", .texts(["Raleigh", "Chicago", "Mexico City", "Toronto", "Paris", "London", "Milan"])),
            ("country", "string", .texts(["US", "Mexico", "Canada", "France", "UK", "Italy"])),
        ]
    ),
    (
        "CREDIT_CARDS", "card_id",
        [
            ("card_id", "int", .numbers(Set(1...25))),
            ("card_number", "long", .within(2_223_003_122_003_222...40_000_535_600_000_118)),
            ("cvv", "int", .within(190...833)),
            (
                "expiration_date", "string",
                .fulfilling { $0.plainText?.wholeMatch(of: /(0[1-9]|1[0-2])\/2[67]/) != nil }
            ),
        ]
    ),
    (
        "CLICKSTREAM", "ip",
        [
            ("ip", "string", .fulfilling { $0.plainText?.split(separator: ".").count == 4 }),
            ("userid", "int", .within(-1...39)), ("remote_user", "string", .texts(["-"])),
            ("time", "string", .countingText(from: 1, by: 10)), ("_time", "long", .counting(from: 1, by: 10)),
            ("request", "string", .fulfilling { $0.plainText?.hasSuffix(" HTTP/1.1") == true }),
            ("status", "string", .texts(["200", "302", "404", "405", "406", "407"])),
            ("bytes", "string", .texts(["278", "1289", "2048", "4096", "4006", "4196", "14096"])),
            ("referrer", "string", .texts(["-"])),
            ("agent", "string", .fulfilling { $0.plainText?.hasPrefix("Mozilla/5.0") == true }),
        ]
    ),
]

struct QuickstartTests {
    @Test("each quickstart has the fields, types, key and values of its original", arguments: contracts.indices)
    func contract(_ index: Int) throws {
        let contract = contracts[index]
        let schema = try Quickstart.find(contract.name)
        #expect(schema.keyField == contract.key)
        #expect(schema.fields.map { $0.name } == contract.fields.map { $0.0 })
        #expect(schema.fields.map { $0.type.avroName } == contract.fields.map { $0.1 })
        var generator = RecordGenerator(schema: schema, seed: 11)
        let records = (0..<8_000).map { _ in generator.next() }
        for (name, _, expected) in contract.fields {
            let values = records.map { $0[name] ?? .null }
            let fitting = Self.fits(values, expected)
            #expect(fitting, "\(contract.name).\(name)")
        }
        #expect(records.allSatisfy { $0.key == $0[contract.key] })
    }

    private static func fits(_ values: [FieldValue], _ expected: Expected) -> Bool {
        let numbers = values.compactMap { value in if case .int(let number) = value { number } else { nil } }
        let texts = values.compactMap { value in if case .string(let text) = value { text } else { nil } }
        switch expected {
        case .counting(let first, let step):
            return numbers == values.indices.map { first + step * Int64($0) }
        case .countingText(let first, let step):
            return texts == values.indices.map { String(first + step * Int64($0)) }
        case .within(let range):
            guard numbers.count == values.count, let low = numbers.min(), let high = numbers.max() else { return false }
            // Both ends must be approached: a range that is too narrow is as wrong as one too wide.
            let slack = max(0, (range.upperBound - range.lowerBound) / 100)
            return range.contains(low) && range.contains(high) && low - range.lowerBound <= slack
                && range.upperBound - high <= slack
        case .fraction(let range):
            return values.allSatisfy { value in
                if case .double(let number) = value { range.contains(number) } else { false }
            }
        case .texts(let allowed): return texts.count == values.count && Set(texts) == allowed
        case .numbers(let allowed): return numbers.count == values.count && Set(numbers) == allowed
        case .fulfilling(let test): return values.allSatisfy(test)
        }
    }

    @Test("rows of stores, products and cards stay together")
    func rows() throws {
        var generator = RecordGenerator(schema: try Quickstart.find("stores"), seed: 1)
        for _ in 0..<100 {
            let record = generator.next()
            if record["city"] == .string("Milan") {
                #expect(record["store_id"] == .int(7))
                #expect(record["country"] == .string("Italy"))
            }
        }
    }

    @Test("a record that nests is written in its fields' order")
    func nestedJSON() throws {
        let json = RecordGenerator(schema: try Quickstart.find("ORDERS"), seed: 1).record(at: 5).json
        let shape = #/
            \{"ordertime":\d{13},"orderid":5,"itemid":"Item_[1-9]\d{0,2}","orderunits":\d\.\d+,
            "address":\{"city":"City_[1-9]{0,2}","state":"State_[1-9]{0,2}","zipcode":\d{5}\}\}
            /#
        #expect(json.wholeMatch(of: shape) != nil, "\(json)")
    }

    @Test("users with collections have an array and a map")
    func collections() throws {
        let record = RecordGenerator(schema: try Quickstart.find("users_"), seed: 1).record(at: 0)
        guard case .array(let interests)? = record["interests"], case .map(let contact)? = record["contactinfo"] else {
            Issue.record("no array or no map")
            return
        }
        #expect(interests.count == 2)
        #expect(contact.map { $0.name } == ["phone", "city", "state", "zipcode"])
    }

    @Test("the same seed and task give the same records, others do not", arguments: Quickstart.all.indices)
    func determinism(_ index: Int) {
        let schema = Quickstart.all[index]
        func lines(seed: UInt64, task: Int) -> [String] {
            let generator = RecordGenerator(schema: schema, seed: seed, task: task)
            return (0..<50).map { generator.record(at: $0).json }
        }
        #expect(lines(seed: 1, task: 0) == lines(seed: 1, task: 0))
        #expect(lines(seed: 1, task: 0) != lines(seed: 2, task: 0))
        #expect(lines(seed: 1, task: 0) != lines(seed: 1, task: 1))
    }

    @Test("38 names are known, and what is generated is among them")
    func names() {
        #expect(Quickstart.knownNames.count == 38)
        #expect(Set(Quickstart.knownNames).count == 38)
        #expect(Set(Quickstart.all.map { $0.name }).isSubset(of: Quickstart.knownNames))
        #expect(Set(Quickstart.all.map { $0.name }).count == Quickstart.all.count)
    }

    @Test("quickstarts are found whatever the case of their name", arguments: ["TRANSACTIONS", "users_", "Orders"])
    func cases(_ name: String) {
        #expect(Quickstart.schema(named: name)?.name == name.lowercased())
    }

    @Test("a quickstart that is known but not generated says so and lists those that are")
    func notGenerated() {
        let error = #expect(throws: QuickstartError.self) { try Quickstart.find("gaming_GAMES") }
        #expect(error == .notGenerated(name: "gaming_games"))
        #expect(error?.description.contains("TRANSACTIONS") == true)
    }

    @Test("a name that nobody knows is answered with the one probably meant")
    func suggestion() {
        #expect(throws: QuickstartError.unknown(name: "TRANSACTION", suggestion: "transactions")) {
            try Quickstart.find("TRANSACTION")
        }
        #expect(throws: QuickstartError.unknown(name: "nonsense!", suggestion: nil)) {
            try Quickstart.find("nonsense!")
        }
    }
}
