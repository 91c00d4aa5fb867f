import RESTAPI
import Synchronization
import Testing

@testable import Commands

struct OffsetResetTests {
    private func parse(_ line: String) throws -> OffsetResetCommand {
        let words = ["kafka", "consumer", "group", "offset", "reset"] + line.split(separator: " ").map(String.init)
        return try #require(try TwinlogCommand.parseAsRoot(words) as? OffsetResetCommand)
    }

    @Test("topics are named whole or by partition, as kafka-consumer-groups takes them")
    func topics() throws {
        let command = try parse("g --to-latest --topic a --topic b:0,2")
        #expect(
            try command.topics() == [
                ["topic_name": "a"], ["topic_name": "b", "partition_id": 0], ["topic_name": "b", "partition_id": 2],
            ])
    }

    @Test(
        "exactly one place to go to is needed",
        arguments: [
            "g", "g --to-latest --to-earliest", "g --to-offset 1 --shift-by 1", "g --to-datetime tomorrow",
            "g --to-latest --topic :1", "g --to-latest --topic a:x", "g --to-latest --execute --dry-run",
            "g --to-offset -5",
        ])
    func refused(_ line: String) {
        #expect(throws: (any Error).self) { try parse(line) }
    }

    @Test("a move shows where the group was and where it goes")
    func table() throws {
        let answer: JSON = [
            "consumer_group_id": "g",
            "data": [["topic_name": "t", "partition_id": 1, "current_offset": nil, "new_offset": 7]],
        ]
        #expect(
            OffsetResetCommand.table(answer).objects == [
                ["consumer_group": "g", "topic": "t", "partition": 1, "current_offset": nil, "new_offset": 7]
            ])
    }

    @Test("an offset that the log does not have is not replaced in silence")
    func notes() {
        func move(_ wanted: JSON, _ new: JSON) -> JSON {
            ["topic_name": "t", "partition_id": 1, "current_offset": 3, "wanted_offset": wanted, "new_offset": new]
        }
        #expect(OffsetResetCommand.notes(["data": [move(4, 4)]]).isEmpty)
        #expect(
            OffsetResetCommand.notes(["data": [move(-7, 0), move(500, 9)]]) == [
                "Offset -7 lies before the first offset of t-1: 0 is taken instead.",
                "Offset 500 lies beyond the end of t-1: 9 is taken instead.",
            ])
    }
}

struct OutageTests {
    @Test("an outage is told once when it begins and once when it ends")
    func once() {
        let lines = Lines()
        let outage = Outage { lines.add($0) }
        outage.ends()
        outage.begins("closed")
        outage.begins("refused")
        outage.ends()
        outage.ends()
        #expect(lines.all.count == 2)
        #expect(lines.all[0].contains("closed"))
        #expect(lines.all[1] == "The cluster is there again.")
    }
}

/// What was written, from any thread.
private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }
}
