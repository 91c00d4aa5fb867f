import Testing

@testable import Datagen

struct TextPatternTests {
    static let patterns = [
        "User_[1-9]{0,1}", "Page_[1-9][0-9]?", "[a-zA-Z]{5,15}", "a|bc|def", "(ab|c){2,4}x+", #"\d{3}-\d{2,3}"#,
        #"\[[0-9][0-9],[0-9][0-9]\]"#, "[^a-z]{4}", #"\w+@\w+\.com"#, "x*y?z", "^start.end$", "((a|b)c?)*d",
        "[A-F0-9]{2}(:[A-F0-9]{2}){5}", #"[\d_.-]{6}"#, "(?:GET|POST) /[a-z]{1,8}", "a{3}", "[+-]?[0-9]+",
        #"\x41\u00fc"#, "()", "", "a{2,}", #"[\]\\]{3}"#, #"\S\s\D\W"#,
    ]

    @Test("what is generated is matched by the pattern", arguments: patterns)
    func matching(_ text: String) throws {
        let pattern = try TextPattern(parsing: text)
        let judge = try Regex(text.replacing(#"\u00fc"#, with: "ü"))
        for iteration in 0..<300 {
            var random = Randomness(seed: 5, task: 0, iteration: Int64(iteration))
            let made = pattern.text(length: nil, &random)
            #expect(made.wholeMatch(of: judge) != nil, "\(made.debugDescription) for \(text)")
        }
    }

    @Test("each way to match comes up")
    func variety() throws {
        let pattern = try TextPattern(parsing: "(a|b)[01]?")
        var random = Randomness(seed: 1, task: 0, iteration: 0)
        let made = Set((0..<500).map { _ in pattern.text(length: nil, &random) })
        #expect(made == ["a", "b", "a0", "a1", "b0", "b1"])
    }

    @Test(
        "a length is kept within what the pattern allows",
        arguments: [
            ("[a-zA-Z]*", 10, 11), ("[a-zA-Z]{0,15}", 5, 16), ("[a-zA-Z]{5,}", 0, 16), ("[a-zA-Z]*", 5, 16),
            ("(ab|c)+x?", 7, 9), ("a{2}(b|cde){0,9}f*", 20, 22), ("[0-9]+", 60, 61), ("(abc|d)*", 10, 11),
        ])
    func lengths(_ text: String, _ min: Int, _ max: Int) throws {
        let pattern = try TextPattern(parsing: text)
        let judge = try Regex(text)
        for iteration in 0..<200 {
            var random = Randomness(seed: 5, task: 0, iteration: Int64(iteration))
            let made = pattern.text(length: LengthBounds(min: min, max: max), &random)
            #expect(made.wholeMatch(of: judge) != nil)
            #expect((min..<max).contains(made.count), "\(made) for \(text)")
        }
    }

    @Test(
        "what no text can be made from is refused",
        arguments: [
            "(", ")", "[a", "[z-a]", "a{", "a{2", "a{3,1}", "*a", "a|*", "(?=a)", "(?!a)", #"\b"#, #"(a)\1"#,
            "a{200000}", "(a{1000}){1000}", "a$b", "a^b", #"\"#, #"\x4"#, "[a-z&&[aeiou]]", "[[a]]",
            String(repeating: "(", count: 100) + String(repeating: ")", count: 100),
        ])
    func refused(_ text: String) {
        let error = #expect(throws: TextPatternError.self) { try TextPattern(parsing: text) }
        #expect(error?.description.hasPrefix("regex \"") == true)
    }
}
