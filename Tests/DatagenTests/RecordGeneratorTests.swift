import Datagen
import Testing

struct TransactionsTests {
    private func records(_ count: Int, seed: UInt64 = 7, task: Int = 0) -> [GeneratedRecord] {
        var generator = RecordGenerator(schema: Quickstart.transactions, seed: seed, task: task)
        return (0..<count).map { _ in generator.next() }
    }

    private func int(_ record: GeneratedRecord, _ name: String) -> Int64? {
        if case .int(let value) = record[name] { value } else { nil }
    }

    @Test("a transaction has the quickstart's five fields, in its order")
    func fields() {
        let names = records(1)[0].fields.map { $0.name }
        #expect(names == ["transaction_id", "card_id", "user_id", "purchase_id", "store_id"])
    }

    @Test("transaction ids count from 1 and purchase ids from 0")
    func counters() {
        let made = records(50)
        #expect(made.map { int($0, "transaction_id") } == (1...50).map { Int64($0) })
        #expect(made.map { int($0, "purchase_id") } == (0..<50).map { Int64($0) })
    }

    @Test("cards lie in 1…23, stores in 1…6, and every one of them comes up")
    func ranges() {
        let made = records(5_000)
        #expect(Set(made.compactMap { int($0, "card_id") }) == Set(1...23))
        #expect(Set(made.compactMap { int($0, "store_id") }) == Set(1...6))
    }

    @Test("users are User_ alone or with one digit from 1 to 9")
    func users() {
        let users = Set(records(5_000).compactMap { $0["user_id"] })
        let expected = ["User_"] + (1...9).map { "User_\($0)" }
        #expect(users == Set(expected.map { FieldValue.string($0) }))
    }

    @Test("the same seed and task give the same records; another seed or task does not")
    func seeds() {
        let once = records(100).map { $0.json }
        #expect(once == records(100).map { $0.json })
        #expect(once != records(100, seed: 8).map { $0.json })
        #expect(once != records(100, task: 1).map { $0.json })
    }

    @Test("a generator that skips ahead goes on as if it had never stopped")
    func resuming() {
        var resumed = RecordGenerator(schema: Quickstart.transactions, seed: 7)
        resumed.skip(to: 40)
        let tail = (40..<60).map { _ in resumed.next().json }
        #expect(tail == records(60).suffix(20).map { $0.json })
    }

    @Test("the key is the transaction id as text")
    func keys() {
        #expect(records(3).map { $0.keyText } == ["1", "2", "3"])
    }

    @Test("JSON has one member per field and no white space")
    func json() throws {
        let record = records(1)[0]
        let card = try #require(int(record, "card_id"))
        let store = try #require(int(record, "store_id"))
        guard case .string(let user) = record["user_id"] else {
            Issue.record("user_id is no string")
            return
        }
        let expected =
            #"{"transaction_id":1,"card_id":\#(card),"user_id":"\#(user)","purchase_id":0,"store_id":\#(store)}"#
        #expect(record.json == expected)
    }
}
