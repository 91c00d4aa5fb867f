import Testing

@testable import Datagen

/// A record schema with one field `f` of that type.
private func record(_ type: String, field: String = "") -> String {
    #"{"type":"record","name":"r","namespace":"n","fields":[{"name":"f","type":\#(type)\#(field)}]}"#
}

private func values(_ type: String, field: String = "", count: Int = 500) throws -> [FieldValue] {
    let schema = try RecordSchema.parse(avro: record(type, field: field), keyField: "")
    let generator = RecordGenerator(schema: schema, seed: 9)
    return (0..<count).map { generator.record(at: Int64($0))["f"] ?? .null }
}

private func properties(_ type: String, _ properties: String) -> String {
    #"{"type":"\#(type)","arg.properties":{\#(properties)}}"#
}

struct CustomSchemaTests {
    @Test("a schema with nested records, comments and a key field is read")
    func whole() throws {
        let schema = try RecordSchema.parse(
            avro: """
                { // a comment
                  "namespace": "shop", "name": "order", "type": "record", "doc": "\\u00fc",
                  "fields": [
                    {"name": "id", "type": {"type": "long", "arg.properties": {"iteration": {"start": 7}}}},
                    {"name": "to", "type": {"type": "record", "name": "address", "fields": [
                      {"name": "street", "type": {"type": "string", "arg.properties": {"regex": "[A-Z][a-z]{3}"}}}]}},
                    {"name": "from", "type": "address" /* as above */},
                    {"name": "again", "type": "shop.address"}
                  ]
                }
                """, keyField: "id")
        #expect(schema.name == "order")
        #expect(schema.recordName == "shop.order")
        let made = RecordGenerator(schema: schema, seed: 1).record(at: 2)
        #expect(made.keyText == "9")
        let address = #"\{"street":"[A-Z][a-z]{3}"\}"#
        let expected = try Regex(#"\{"id":9,"to":\#(address),"from":\#(address),"again":\#(address)\}"#)
        #expect(made.json.wholeMatch(of: expected) != nil, "\(made.json)")
    }

    @Test("without a key field the key is empty, as in the original")
    func noKey() throws {
        let schema = try RecordSchema.parse(avro: record("\"int\""), keyField: "")
        #expect(RecordGenerator(schema: schema, seed: 1).record(at: 0).key == .string(""))
    }

    @Test("plain types take their defaults")
    func defaults() throws {
        #expect(Set(try values("\"boolean\"")) == [.bool(true), .bool(false)])
        #expect(try values("\"null\"", count: 3) == [.null, .null, .null])
        for value in try values("\"string\"") {
            let text = try #require(value.plainText)
            #expect((8..<16).contains(text.count))
        }
        for case .double(let value) in try values("\"double\"") { #expect((0..<1).contains(value)) }
        for case .int(let value) in try values("\"int\"") { #expect(Int32(exactly: value) != nil) }
        for case .array(let elements) in try values(#"{"type":"array","items":"int"}"#) {
            #expect((8..<16).contains(elements.count))
        }
        let symbols = try values(#"{"type":"enum","name":"e","symbols":["A","B"]}"#)
        #expect(Set(symbols) == [.string("A"), .string("B")])
        for value in try values(#"{"type":"fixed","name":"x","size":3}"#) {
            guard case .bytes(let bytes) = value else { Issue.record("no bytes"); break }
            #expect(bytes.count == 3)
        }
    }

    @Test("options of each type", arguments: [
        (properties("string", #""options":["a","b"]"#), [.string("a"), .string("b")]),
        (properties("int", #""options":[1,-2]"#), [.int(1), .int(-2)]),
        (properties("double", #""options":[1,2.5]"#), [.double(1), .double(2.5)]),
        (properties("bytes", #""options":["NDI="]"#), [.bytes(Array("NDI=".utf8))]),
        (#"{"type":"array","items":"long","arg.properties":{"options":[[1],[]]}}"#, [.array([.int(1)]), .array([])]),
        (
            #"{"type":"map","values":"int","arg.properties":{"options":[{"one":1,"two":2}]}}"#,
            [.map([.init("one", .int(1)), .init("two", .int(2))])]
        ),
        (
            #"{"type":"record","name":"m","fields":[{"name":"a","type":["null","int"]}],"#
                + #""arg.properties":{"options":[{"a":3},{"a":null}]}}"#,
            [.record([.init("a", .int(3))]), .record([.init("a", .null)])]
        ),
        (
            #"{"type":"bytes","logicalType":"decimal","precision":4,"scale":2,"arg.properties":{"options":[1.5,2]}}"#,
            [.decimal(unscaled: 150, scale: 2), .decimal(unscaled: 200, scale: 2)]
        ),
    ] as [(String, [FieldValue])])
    func options(_ type: String, _ expected: [FieldValue]) throws {
        #expect(Set(try values(type)) == Set(expected))
    }

    @Test("a record of options takes whole rows")
    func rows() throws {
        let schema = try RecordSchema.parse(
            avro: #"""
                {"type":"record","name":"r","fields":[{"name":"a","type":"int"},{"name":"b","type":"string"}],
                 "arg.properties":{"options":[{"b":"one","a":1},{"a":2,"b":"two"}]}}
                """#, keyField: "a")
        let generator = RecordGenerator(schema: schema, seed: 1)
        let lines = Set((0..<100).map { generator.record(at: $0).json })
        #expect(lines == [#"{"a":1,"b":"one"}"#, #"{"a":2,"b":"two"}"#])
    }

    @Test("ranges leave their maximum out")
    func ranges() throws {
        #expect(Set(try values(properties("int", #""range":{"min":3,"max":6}"#))) == [.int(3), .int(4), .int(5)])
        let top = try values(properties("long", #""range":{"min":9223372036854775805}"#))
        #expect(Set(top) == [.int(.max - 2), .int(.max - 1)])
        for case .double(let value) in try values(properties("double", #""range":{"min":-1,"max":1}"#)) {
            #expect((-1..<1).contains(value))
        }
        for case .double(let value) in try values(properties("double", #""range":{"min":-1e308}"#)) {
            #expect(value.isFinite)
        }
        let prices = try values(
            #"{"type":"bytes","logicalType":"decimal","precision":3,"scale":1,"#
                + #""arg.properties":{"range":{"min":9.9,"max":10.1}}}"#)
        #expect(Set(prices) == [.decimal(unscaled: 99, scale: 1), .decimal(unscaled: 100, scale: 1)])
    }

    @Test("iterations", arguments: [
        ("int", #""start":5"#, [5, 6, 7, 8]),
        ("long", #""start":1,"step":10"#, [1, 11, 21, 31]),
        ("int", #""start":0,"restart":3"#, [0, 1, 2, 0, 1]),
        ("int", #""start":3,"restart":0"#, [3, 2, 1, 3, 2]),
        ("int", #""start":0,"restart":10,"step":4"#, [0, 4, 8, 2, 6]),
        ("int", #""start":0,"restart":5,"initial":3"#, [3, 4, 0, 1]),
        ("int", #""start":0,"step":-2"#, [0, -2, -4]),
    ] as [(String, String, [Int64])])
    func iterations(_ type: String, _ iteration: String, _ expected: [Int64]) throws {
        let made = try values(properties(type, #""iteration":{\#(iteration)}"#), count: expected.count)
        #expect(made == expected.map { .int($0) })
    }

    @Test("iterations of fractions, booleans and strings")
    func otherIterations() throws {
        #expect(
            try values(properties("double", #""iteration":{"start":0,"step":0.1}"#), count: 4)
                == [.double(0), .double(0.1), .double(0.2), .double(0.3)])
        #expect(
            try values(properties("float", #""iteration":{"start":1.5,"restart":0}"#), count: 3)
                == [.float(1.5), .float(0.5), .float(1)])
        #expect(
            try values(properties("boolean", #""iteration":{"start":true}"#), count: 3)
                == [.bool(true), .bool(false), .bool(true)])
        #expect(
            try values(properties("string", #""iteration":{"start":1},"prefix":"a","suffix":"z""#), count: 2)
                == [.string("a1z"), .string("a2z")])
    }

    @Test("odds decide how often true comes")
    func odds() throws {
        #expect(Set(try values(properties("boolean", #""odds":1"#))) == [.bool(true)])
        #expect(Set(try values(properties("boolean", #""odds":0.0"#))) == [.bool(false)])
        let often = try values(properties("boolean", #""odds":0.9"#), count: 2_000).count { $0 == .bool(true) }
        #expect((1_700...1_900).contains(often))
    }

    @Test("lengths of strings, arrays and maps, and keys of maps")
    func lengths() throws {
        #expect(try values(properties("string", #""length":4"#)).allSatisfy { $0.plainText?.count == 4 })
        let arrays = try values(#"{"type":"array","items":"int","arg.properties":{"length":{"min":1,"max":3}}}"#)
        let counts = Set(arrays.map { value in if case .array(let elements) = value { elements.count } else { -1 } })
        #expect(counts == [1, 2])
        let maps = try values(
            #"{"type":"map","values":"int","arg.properties":{"length":10,"keys":{"options":["a","b"]}}}"#)
        #expect(maps.allSatisfy { value in
            if case .map(let members) = value { Set(members.map { $0.name }).isSubset(of: ["a", "b"]) } else { false }
        })
        let both = try values(properties("string", #""regex":"[ab]*","length":{"min":5,"max":7}"#))
        #expect(both.allSatisfy { $0.plainText?.wholeMatch(of: /[ab]{5,6}/) != nil })
    }

    @Test("kinds of strings")
    func kinds() throws {
        let uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        let uuids = try values(properties("string", #""kind":"uuid""#))
        #expect(uuids.allSatisfy { $0.plainText?.wholeMatch(of: uuid) != nil })
        let addresses = try values(properties("string", #""kind":"email""#))
        #expect(addresses.allSatisfy { $0.plainText?.contains("@") == true })
    }

    @Test("a nullable type is its value or null; wider unions are records of their branches")
    func unions() throws {
        let nullable = #"["null",{"type":"int","arg.properties":{"options":[4]}}]"#
        #expect(Set(try values(nullable)) == [.null, .int(4)])
        let text = properties("string", #""options":["x"]"#)
        let wide = #"["null",{"type":"int","arg.properties":{"options":[4]}},\#(text)]"#
        let json = Set(try values(wide).map { $0.json })
        #expect(json == ["null", #"{"int":4,"string":null}"#, #"{"int":null,"string":"x"}"#])
    }

    @Test("position and distribution choose a union's branch")
    func weights() throws {
        let union = #"["null",{"type":"int","arg.properties":{"options":[4]}}]"#
        #expect(Set(try values(union, field: #","arg.properties":{"position":1}"#)) == [.int(4)])
        let weighted = try values(union, field: #","arg.properties":{"distribution":{"0":0.1,"1":0.9}}"#, count: 2_000)
        #expect((100...300).contains(weighted.count { $0 == .null }))
    }

    @Test("what cannot be generated from is refused, and where it stands is told", arguments: [
        ("", "not JSON"), ("{", "not JSON"), (#"{"type":"record""#, "not JSON"), ("[1,]", "not JSON"),
        (#"{"a":1,"a":2}"#, "twice"), ("01", "not JSON"), (#""\ud800""#, "not JSON"), ("\"int\"", "must be a record"),
        (#"{"type":"record","name":"r","fields":[]}"#, "at least one field"),
        (#"{"type":"record","fields":[{"name":"f","type":"int"}]}"#, "has no name"),
        (#"{"type":"record","name":"1r","fields":[{"name":"f","type":"int"}]}"#, "is no name"),
        (record("\"strnig\""), "f: there is no type \"strnig\""),
        (record("\"n.r\""), "contains itself"), (record(#"["null","r"]"#), "contains itself"),
        (record("[]"), "must have a branch"), (record(#"["int","int"]"#), "two branches"),
        (record(#"["int",["null"]]"#), "cannot be the branch"), (record("7"), "a type is a name"),
        (record(#"{"type":"array"}"#), "needs items"), (record(#"{"type":"enum","name":"e","symbols":[]}"#), "symbols"),
        (record(properties("int", #""options":["a"]"#)), "f.option 0: a string does not fit the type int"),
        (record(properties("int", #""options":[3000000000]"#)), "does not fit"),
        (record(properties("int", #""options":[]"#)), "must not be empty"),
        (record(properties("string", #""options":{"file":"x.json","encoding":"json"}"#)), "cannot come from a file"),
        (record(properties("int", #""options":[1],"range":{"min":1}"#)), "exclude each other"),
        (record(properties("int", #""range":{"min":2,"max":2}"#)), "must be below max"),
        (record(properties("int", #""range":{"min":1.5}"#)), "must be a whole number"),
        (record(properties("int", #""range":{}"#)), "needs min or max"),
        (record(properties("int", #""iteration":{"step":1}"#)), "needs start"),
        (record(properties("int", #""iteration":{"start":1,"step":0}"#)), "must not be 0"),
        (record(properties("int", #""iteration":{"start":1,"restart":1}"#)), "must differ"),
        (record(properties("int", #""iteration":{"start":1,"restart":5,"step":-1}"#)), "must lead from"),
        (record(properties("boolean", #""odds":1.5"#)), "from 0 to 1"),
        (record(properties("string", #""regex":"(""#)), "is not closed"),
        (record(properties("string", #""regex":"a{3}","length":5"#)), "matches nothing of the length"),
        (record(properties("string", #""length":-1"#)), "not be negative"),
        (record(properties("string", #""length":{"min":5,"max":5}"#)), "above min"),
        (record(properties("string", #""length":1000000000"#)), "must not exceed"),
        (record("\"int\"", field: #"},{"name":"f","type":"int""#), "twice"),
        (record(#"["null","int"]"#, field: #","arg.properties":{"position":2}"#), "from 0 to 1"),
        (record(#"["null","int"]"#, field: #","arg.properties":{"distribution":{"0":1}}"#), "each of the 2 branches"),
        (record(#"["null","int"]"#, field: #","arg.properties":{"distribution":{"0":1,"1":1}}"#), "add up to 1"),
        (record(#"{"type":"bytes","logicalType":"decimal","precision":40}"#), "precision"),
        (record(properties("string", #""length":99999"#), field: ""), ""),
        (
            record(#"{"type":"array","items":"string","arg.properties":{"length":90000}}"#),
            "could be larger than"
        ),
        (String(repeating: "[", count: 200), "nested too deep"),
    ] as [(String, String)])
    func refused(_ schema: String, _ reason: String) {
        if reason.isEmpty {
            #expect(throws: Never.self) { try RecordSchema.parse(avro: schema, keyField: "") }
            return
        }
        let error = #expect(throws: AvroSchemaError.self) { try RecordSchema.parse(avro: schema, keyField: "") }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
    }

    @Test("a key field that is not there is refused with those that are")
    func missingKey() {
        let error = #expect(throws: AvroSchemaError.self) {
            try RecordSchema.parse(avro: record("\"int\""), keyField: "id")
        }
        #expect(error?.path == "schema.keyfield")
    }

    @Test("types that share parts many times over are refused at once")
    func sharedParts() {
        var fields = [#"{"name":"a0","type":{"type":"record","name":"t0","fields":[{"name":"x","type":"int"}]}}"#]
        for index in 1..<50 {
            let below = #"{"name":"l","type":"t\#(index - 1)"},{"name":"r","type":"t\#(index - 1)"}"#
            fields.append(
                #"{"name":"a\#(index)","type":{"type":"record","name":"t\#(index)","fields":[\#(below)]}}"#)
        }
        let schema = #"{"type":"record","name":"r","fields":[\#(fields.joined(separator: ","))]}"#
        #expect(throws: AvroSchemaError.self) { try RecordSchema.parse(avro: schema, keyField: "") }
    }

    @Test("no prefix of a schema is taken for one, and none of them crashes")
    func truncation() throws {
        let schema = record(#"["null",{"type":"string","arg.properties":{"regex":"[a-z]{2}\\d","length":3}}]"#)
        for count in 0..<schema.count {
            #expect(throws: AvroSchemaError.self) {
                try RecordSchema.parse(avro: String(schema.prefix(count)), keyField: "")
            }
        }
        _ = try RecordSchema.parse(avro: schema, keyField: "f")
    }
}
