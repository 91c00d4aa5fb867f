/// The record kinds that can be asked for by name.
package enum Quickstart {
    /// Every schema, by quickstart name.
    package static let all: [RecordSchema] = [transactions]

    /// The schema of that name, whatever its case (the console writes `TRANSACTIONS`); nil when there is none.
    package static func schema(named name: String) -> RecordSchema? {
        let wanted = name.lowercased()
        return all.first { $0.name == wanted }
    }

    /// Card payments: cards 1…23, users `User_` and `User_1`…`User_9`, stores 1…6. (The original's upper bounds are
    /// exclusive.)
    package static let transactions = RecordSchema(
        name: "transactions", recordName: "datagen.example.transactions", keyField: "transaction_id",
        fields: [
            .init("transaction_id", .long, .counter(start: 1)),
            .init("card_id", .long, .range(min: 1, max: 24)),
            .init("user_id", .string, .pattern([.literal("User_"), .oneOf(Array("123456789"), least: 0, most: 1)])),
            .init("purchase_id", .long, .counter(start: 0)),
            .init("store_id", .int, .range(min: 1, max: 7)),
        ])
}
