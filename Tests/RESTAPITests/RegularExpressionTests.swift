import Testing

@testable import RESTAPI

/// Regular expressions and JSON paths of searches.
struct RegularExpressionTests {
    private func matches(_ pattern: String, _ text: String, ignoresCase: Bool = false) throws -> Bool {
        let matcher = RegularExpressionMatcher(try RegularExpression(pattern, ignoresCase: ignoresCase))
        let bytes = Array(text.utf8)
        let first = bytes.withUnsafeBytes { matcher.matches($0) }
        // What is remembered of the first time changes nothing.
        #expect(bytes.withUnsafeBytes { matcher.matches($0) } == first)
        return first
    }

    @Test(
        "an expression matches what it should",
        arguments: [
            ("abc", "xxabcxx"), ("", "anything"), ("", ""), ("a.c", "abc"), ("a.c", "aäc"), ("^abc$", "abc"),
            ("[a-c]+x", "zzabcx"), ("[^a-c]", "abcd"), (#"\d{3}-\d{4}"#, "call 555-1234"), ("a{2,3}b", "xaab"),
            ("a{2,}b", "aaaaab"), ("(ab|cd)*ef", "ababcdef"), ("colou?r", "color"), (#"\bcat\b"#, "the cat sat"),
            (#"\Bat"#, "cat"), ("(?i)straße", "STRAßE"), ("(?is)a.b", "A\nB"), (#"\x41\u00e4\x{1F600}"#, "Aä😀"),
            (#"[\w.]+@[\w.]+"#, "me.too@example.org"), ("[]x]", "]"), ("[a-]", "-"), ("x{,2}", "x{,2}"),
            ("a+?b", "aab"), ("(a*)*b", "aaab"), ("(|a)+b", "ab"), (#"\."#, "a.b"), ("[^\\s]", "x"), ("a|b|", "zzz"),
            ("日本+", "日本本"),
        ])
    func matches(_ pattern: String, _ text: String) throws {
        #expect(try matches(pattern, text))
    }

    @Test(
        "an expression does not match what it should not",
        arguments: [
            ("abc", "ab"), ("a.c", "a\nc"), ("^abc$", "abcd"), ("^b", "ab"), ("[a-c]", "d"), (#"\d"#, "x"),
            ("a{2,3}b", "ab"), (#"\bat"#, "cat"), ("Abc", "abc"), ("x+", ""), ("a$b", "a$b"), ("[^ab]", "ab"),
            ("^a{3}$", "aaaa"), (#"\S"#, " \t\n"),
        ])
    func doesNotMatch(_ pattern: String, _ text: String) throws {
        #expect(try !matches(pattern, text))
    }

    @Test("case is ignored where asked for, in sets too")
    func ignoresCase() throws {
        #expect(try matches("ÄB[c-d]", "äbD", ignoresCase: true))
        #expect(try !matches("ÄB[c-d]", "äbE", ignoresCase: true))
    }

    @Test(
        "what is not understood is refused with its place",
        arguments: [
            ("a(b", 2), ("a)b", 2), ("[a", 1), ("*a", 1), ("a**", 3), ("a\\", 2), (#"(a)\1"#, 4), ("(?=a)", 1),
            ("(?<x>a)", 1), ("[b-a]", 2), ("a{3,2}", 2), (#"\q"#, 1), (#"\x4"#, 1), ("a{2000}", 2),
        ])
    func refused(_ pattern: String, _ place: Int) {
        #expect {
            _ = try RegularExpression(pattern)
        } throws: { error in
            (error as? RESTError)?.message.hasPrefix("Regular expression, character \(place):") ?? false
        }
    }

    @Test("no expression takes long: neither to be read nor to be looked for", .timeLimit(.minutes(1)))
    func isBounded() throws {
        let text = String(repeating: "a", count: 20_000)
        for pattern in ["(a*)*b", "(a|aa)+$x", "(a?){500}b", "(.*)(.*)(.*)(.*)(.*)b", "^(([a-z])+.)+[A-Z]([a-z])+$"] {
            #expect(try !matches(pattern, text))
        }
        let nested = String(repeating: "(", count: 49) + String(repeating: "){1000}", count: 49)
        #expect(try matches(nested, text))
        #expect(throws: RESTError.self) { try RegularExpression("((a{1000}){1000}){1000}") }
        #expect(throws: RESTError.self) { try RegularExpression(String(repeating: "(", count: 900)) }
        #expect(throws: RESTError.self) { try RegularExpression(String(repeating: "a", count: 1_001)) }
    }

    @Test("bytes that are no UTF-8 match nothing but any character")
    func notUTF8() throws {
        let bytes: [UInt8] = [0x61, 0xFF, 0xC3, 0x62, 0xE2, 0x82]
        let any = RegularExpressionMatcher(try RegularExpression("^a..b..$"))
        #expect(bytes.withUnsafeBytes { any.matches($0) })
        let umlaut = RegularExpressionMatcher(try RegularExpression("ÿ"))
        #expect(bytes.withUnsafeBytes { !umlaut.matches($0) })
    }

    @Test("so many sets of states that they have to be forgotten change nothing")
    func manyStates() throws {
        // Whether the character 12 before the end is an a: thousands of sets.
        let matcher = RegularExpressionMatcher(try RegularExpression("a[ab]{11}$"))
        var random: UInt64 = 7
        for _ in 0..<300 {
            let text = (0..<40).map { _ -> UInt8 in
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return random >> 63 == 0 ? 0x61 : 0x62
            }
            #expect(text.withUnsafeBytes { matcher.matches($0) } == (text[28] == 0x61))
        }
    }

    // MARK: JSON paths

    private static let document = #"""
        {"a":{"b":[{"c":1},{"c":2.5}],"name":"x y","n":null,"t":true},"list":[3,4],"a.b":"dotted","text":"Order 17"}
        """#

    @Test(
        "a path finds what it should",
        arguments: [
            ("$", true), ("$.a", true), ("$.a.b[0].c", true), ("$.a.b[2]", false), ("$.a.b[-1].c == 2.5", true),
            ("$.a.b[*].c > 2", true), ("$.a.b[*].c > 3", false), ("$.a.*", true), ("$['a.b'] == 'dotted'", true),
            ("$.a.name == \"x y\"", true), ("$.a.name != \"x y\"", false), ("$.a.n == null", true),
            ("$.a.t == true", true), ("$.list[0] == 3.0", true), ("$.list[0] <= 2", false),
            ("$.text =~ ^order \\d+$", true),
            ("$.text =~ /17/", true), ("$.list[*] =~ 4", true), ("$.a.name < 'y'", true), ("$.a.name > 3", false),
            ("$.missing != 1", false), ("  $.a  ", true),
        ])
    func paths(_ text: String, _ expected: Bool) throws {
        let path = try JSONPath(text, ignoresCase: true)
        var matcher: RegularExpressionMatcher?
        if case .matches(let expression) = path.condition {
            matcher = RegularExpressionMatcher(expression)
        }
        #expect(path.matches(try JSON.parse(Self.document), matcher) == expected)
    }

    @Test(
        "a path that is none is refused with its place",
        arguments: [
            ("a", 1), ("$.", 3), ("$.a[", 5), ("$.a[x]", 5), ("$.a['b]", 5), ("$.a = 1", 5), ("$.a == ", 8),
            ("$.a == {}", 8), ("$.a =~", 7), ("$.a == 'b' c", 12),
        ])
    func wrongPaths(_ text: String, _ place: Int) {
        #expect {
            _ = try JSONPath(text, ignoresCase: true)
        } throws: { error in
            (error as? RESTError)?.message.hasPrefix("JSON path, character \(place):") ?? false
        }
    }
}
