import Testing

/// Numbers from the wire, from disk, from configs and from HTTP may be anything; plain `+ - *` ends the process where
/// a result does not fit. Such numbers are known by their names.
@Suite("Arithmetic on numbers from outside")
struct ArithmeticTests {
    private static let modules: Set<String> = ["ClusterCore", "LogStorage", "KafkaClient", "ClusterLinking", "Emulator"]

    @Test("what may have come from outside is added, subtracted and multiplied so that no result traps")
    func noPlainArithmetic() {
        let files = Repository.sources.filter { Self.modules.contains($0.module) && !$0.isGenerated }
        #expect(Set(files.map(\.module)) == Self.modules)
        #expect(
            files.flatMap(PlainArithmetic.findings) == [],
            "use +| -| *|, or say at the line's end why no result is too large: // bounded: why")
    }

    @Test(
        "a trap of an earlier version would be seen",
        arguments: [
            "guard timestamp - firstTimestamp > config.segmentMs else { return false }",
            "let expiry = now + request.retentionTimeMs",
            "let expiry = commit.timestamp + Int64(retention)",
            "let deadline = now + Int64(settings.requestTimeoutMs)",
            "nextRefresh = now + settings.number(name)",
            "wait(Duration.nanoseconds(retryBackoffMs * 1_000_000))",
            "let nanoseconds = Int64(timeoutMs) * 1_000_000",
            "session.deadline = start + connectionsMaxReauthMs",
            "let relative = Int(header.baseOffset - baseOffset)",
            "var lastOffset: Int64 { baseOffset + Int64(lastOffsetDelta) }",
            "let end = base + Int64(header.lastOffsetDelta)",
            "timers.append(clock.now + max(0, 5))",
            "    + member.rebalanceTimeoutMs",
            "member.epoch += 1",
            "nextSequence -= skipped",
            "let end = entry!.offset + 1",
        ])
    func seesTraps(line: String) {
        #expect(PlainArithmetic.findings(in: SourceFile(path: "Sources/ClusterCore/A.swift", text: line)).count == 1)
    }

    @Test(
        "saturating and wrapping operators, other numbers, text and comments are let through, and so is a reason",
        arguments: [
            "let deadline = now +| timeoutMs",
            "let next = offset &+ 1",
            "let end = position + count",
            "func age(of timestamp: Int64) -> Int64",
            "let items = [items + more]",
            "// offset + 1",
            #"let text = "offset + 1""#,
            "let x = -offset",
            "let next = offset + 1  // bounded: an index of this array",
        ])
    func letsThrough(line: String) {
        #expect(PlainArithmetic.findings(in: SourceFile(path: "Sources/ClusterCore/A.swift", text: line)) == [])
    }

    @Test("an exception without a reason is none", arguments: ["// bounded", "// bounded:", "// bounded:  "])
    func reasonIsNeeded(comment: String) {
        let file = SourceFile(path: "Sources/ClusterCore/A.swift", text: "let next = offset + 1  " + comment)
        #expect(PlainArithmetic.findings(in: file).count == 1)
    }
}

/// Finds `+ - *` beside a name that speaks of an offset, a time or the like.
private enum PlainArithmetic {
    /// `path:line: code` of every line at fault.
    static func findings(in file: SourceFile) -> [String] {
        zip(file.code, file.lines).enumerated().compactMap { index, line in
            let (code, whole) = line
            // Conversions say nothing about the number.
            let bare = code.replacing(#/\bU?Int(?:8|16|32|64)?\(([^()]*)\)/#) { $0.output.1 }
            guard bare.contains(left) || bare.contains(right), !isBounded(whole) else { return nil }
            return "\(file.path):\(index + 1): \(whole.drop(while: \.isWhitespace))"
        }
    }

    private static func isBounded(_ line: Substring) -> Bool {
        guard let comment = line.firstRange(of: "// bounded:") else { return false }
        return line[comment.upperBound...].contains { !$0.isWhitespace }
    }

    private static let name = #"""
        (?:[A-Za-z_]\w*(?:Offset|Timestamp|Ms|Millis|Epoch|Sequence|Delta|Timeout|Deadline|Retention)|\#
        offset|timestamp|epoch|sequence|delta|timeout|deadline|retention|now)\b
        """#
    private static var left: Regex<AnyRegexOutput> { pattern(#"(?:^|\W)"# + name + #"[?!]? [-+*]=? "#) }
    private static var right: Regex<AnyRegexOutput> {
        pattern(#"(?:^|\s)[-+*]=? \(*(?:[A-Za-z_]\w*[?!]?\.)*"# + name)
    }

    private static func pattern(_ text: String) -> Regex<AnyRegexOutput> {
        // A mistake in the pattern must not let everything through.
        (try? Regex(text)) ?? Regex<AnyRegexOutput>(/^/)
    }
}
