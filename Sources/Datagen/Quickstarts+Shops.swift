/// Shops, payments and trades. Upper bounds are excluded, as in the original's ranges.
extension Quickstart {
    /// Card payments: cards 1…23, users `User_` and `User_1`…`User_9`, stores 1…6.
    package static let transactions = RecordSchema(
        name: "transactions", recordName: "datagen.example.transactions", keyField: "transaction_id",
        fields: [
            .init("transaction_id", .long, .counter(start: 1)),
            .init("card_id", .long, .range(min: 1, max: 24)),
            .init("user_id", .string, .matching("User_[1-9]{0,1}")),
            .init("purchase_id", .long, .counter(start: 0)),
            .init("store_id", .int, .range(min: 1, max: 7)),
        ])

    /// Orders with an address inside.
    static let orders = RecordSchema(
        name: "orders", recordName: "ksql.orders", keyField: "orderid",
        fields: [
            .init("ordertime", .long, .range(min: 1_487_715_775_521, max: 1_519_273_364_600)),
            .init("orderid", .int, .counter(start: 0)),
            .init("itemid", .string, .matching("Item_[1-9][0-9]{0,2}")),
            .init("orderunits", .double, .decimalRange(min: 0.1, max: 10)),
            .init(
                "address",
                .record(
                    name: "ksql.address",
                    fields: [
                        .init("city", .string, .matching("City_[1-9]{0,2}")),
                        .init("state", .string, .matching("State_[1-9]{0,2}")),
                        .init("zipcode", .long, .range(min: 10_000, max: 99_999)),
                    ])),
        ])

    static let inventory = RecordSchema(
        name: "inventory", recordName: "ksql.inventory", keyField: "id",
        fields: [
            .init("id", .long, .counter(start: 0)),
            .init("quantity", .int, .range(min: -100, max: 100)),
            .init("productid", .long, .range(min: 10_000_000_001, max: 10_000_000_016)),
        ])

    /// A fixed catalogue, its ids those of `inventory`.
    static let product = RecordSchema(
        name: "product", recordName: "ksql.product", keyField: "id",
        fields: [
            .init("id", .long), .init("name", .string), .init("description", .string), .init("price", .double),
        ],
        rows: [
            ("boots", "Brown knee-high boots", 32.50), ("shirt", "Red long sleeve shirt", 18.26),
            ("knife", "Black paring knife", 27.01), ("saucepan", "Stainless steel saucepan", 26.25),
            ("table", "Round breakfast table", 47.32), ("chair", "Lowback wooden chair", 29.25),
            ("clock", "Square analog clock", 9.27), ("frame", "Large picture frame", 10.05),
            ("guitar", "Classical full-sized guitar", 134.25), ("thermometer", "Digital thermometer", 19.50),
            ("scarf", "Cashmere silver scarf", 26.00), ("doormat", "Outdoor welcome doormat", 24.50),
            ("vase", "White ceramic vase", 18.00), ("clippers", "Mens clippers", 46.50),
            ("game", "Settlers of Catan", 44.28), ("towels", "Black hand towel", 8.64),
        ].enumerated().map { index, row in
            [.int(10_000_000_001 + Int64(index)), .string(row.0), .string(row.1), .double(row.2)]
        })

    /// Prices are decimals with two places, from 10.00 up to 50.00.
    static let purchases = RecordSchema(
        name: "purchases", recordName: "datagen.example.purchase", keyField: "id",
        fields: [
            .init("id", .long, .counter(start: 0)),
            .init(
                "item_type", .string,
                .words(
                    "boots", "shirt", "knife", "saucepan", "table", "chair", "clock", "frame", "guitar",
                    "thermometer", "scarf", "doormat", "vase", "clippers", "game", "towels")),
            .init("price_per_unit", .decimal(precision: 4, scale: 2), .unitRange(min: 1000, max: 5000)),
        ])

    static let stores = RecordSchema(
        name: "stores", recordName: "datagen.example.stores", keyField: "store_id",
        fields: [.init("store_id", .int), .init("city", .string), .init("country", .string)],
        rows: [
            ("Raleigh", "US"), ("Chicago", "US"), ("Mexico City", "Mexico"), ("Toronto", "Canada"),
            ("Paris", "France"), ("London", "UK"), ("Milan", "Italy"),
        ].enumerated().map { index, place in [.int(Int64(index) + 1), .string(place.0), .string(place.1)] })

    /// Numbers that payment services publish for tests.
    static let creditCards = RecordSchema(
        name: "credit_cards", recordName: "datagen.example.users", keyField: "card_id",
        fields: [
            .init("card_id", .int), .init("card_number", .long), .init("cvv", .int),
            .init("expiration_date", .string),
        ],
        rows: [
            (6_011_601_160_116_611, 832, "12/27"), (6_011_111_111_111_117, 833, "12/26"),
            (6_011_000_990_139_424, 348, "12/27"), (3_530_111_333_300_000, 288, "11/27"),
            (3_566_002_020_360_505, 558, "11/27"), (5_431_111_111_111_111, 383, "11/26"),
            (5_555_555_555_554_444, 273, "10/27"), (5_105_105_105_105_100, 663, "10/27"),
            (4_111_111_111_111_111, 822, "10/26"), (4_242_424_242_424_242, 190, "09/27"),
            (4_000_056_655_665_556, 729, "09/26"), (5_555_555_555_554_444, 723, "08/27"),
            (2_223_003_122_003_222, 723, "08/26"), (5_200_828_282_828_210, 723, "08/27"),
            (5_105_105_105_105_100, 723, "07/27"), (6_200_000_000_000_005, 723, "06/27"),
            (3_056_930_009_020_004, 723, "05/27"), (4_000_000_760_000_002, 723, "04/27"),
            (4_000_001_240_000_000, 723, "03/27"), (4_000_004_840_008_001, 723, "02/27"),
            (4_000_002_500_003_155, 723, "02/26"), (4_000_002_760_003_184, 723, "02/27"),
            (4_000_008_260_003_178, 723, "01/26"), (40_000_038_000_004_468, 723, "01/27"),
            (40_000_535_600_000_118, 723, "05/27"),
        ].enumerated().map { (index: Int, card: (Int64, Int64, String)) in
            [.int(Int64(index) + 1), .int(card.0), .int(card.1), .string(card.2)]
        })

    /// Trades of the symbols that exchanges keep for tests, prices in cents.
    static let stockTrades = RecordSchema(
        name: "stock_trades", recordName: "ksql.StockTrade", keyField: "symbol",
        fields: [
            .init("side", .string, .words("BUY", "SELL")),
            .init("quantity", .int, .range(min: 1, max: 5000)),
            .init("symbol", .string, .words("ZBZX", "ZJZZT", "ZTEST", "ZVV", "ZVZZT", "ZWZZT", "ZXZZT")),
            .init("price", .int, .range(min: 5, max: 1000)),
            .init("account", .string, .words("ABC123", "LMN456", "XYZ789")),
            .init("userid", .string, .matching("User_[1-9]{0,1}")),
        ])

    static let pizzaOrdersCompleted = RecordSchema(
        name: "pizza_orders_completed", recordName: "pizza_orders.pizza_orders_completed", keyField: "store_id",
        fields: pizzaOrderFields(status: "completed") + [
            .init("rack_time_secs", .int, .range(min: 130, max: 230)),
            .init("order_delivery_time_secs", .int, .range(min: 1100, max: 2000)),
        ])

    static let pizzaOrdersCancelled = RecordSchema(
        name: "pizza_orders_cancelled", recordName: "pizza_orders.pizza_orders_cancelled", keyField: "store_id",
        fields: pizzaOrderFields(status: "cancelled"))

    /// `date` counts days since 1970.
    private static func pizzaOrderFields(status: String) -> [RecordSchema.Field] {
        [
            .init("store_id", .int, .range(min: 1, max: 10)),
            .init("store_order_id", .int, .counter(start: 1000)),
            .init("date", .int, .range(min: 18_000, max: 19_000)),
            .init("status", .string, .words(status)),
        ]
    }
}
