/// The record kinds that can be asked for by name: all names of kafka-connect-datagen, most of them generated.
package enum Quickstart {
    /// Every schema that can be generated, by quickstart name.
    package static let all: [RecordSchema] = [
        clickstreamCodes, clickstream, clickstreamUsers, orders, ratings, users, usersWithCollections, pageviews,
        stockTrades, inventory, product, purchases, transactions, stores, creditCards, fleetLocation,
        pizzaOrdersCompleted, pizzaOrdersCancelled, playerActivity, payrollBonus,
    ]

    /// Every name that the original knows, in its order; not all of them can be generated here.
    package static let knownNames = [
        "clickstream_codes", "clickstream", "clickstream_users", "orders", "ratings", "users", "users_", "pageviews",
        "stock_trades", "inventory", "product", "purchases", "transactions", "stores", "credit_cards",
        "campaign_finance", "fleet_mgmt_description", "fleet_mgmt_location", "fleet_mgmt_sensors", "pizza_orders",
        "pizza_orders_completed", "pizza_orders_cancelled", "insurance_offers", "insurance_customers",
        "insurance_customer_activity", "gaming_games", "gaming_players", "gaming_player_activity",
        "payroll_employee", "payroll_employee_location", "payroll_bonus", "syslog_logs", "device_information",
        "siem_logs", "shoes", "shoe_customers", "shoe_orders", "shoe_clickstream",
    ]

    /// The schema of that name, whatever its case (the console writes `TRANSACTIONS`); nil when there is none.
    package static func schema(named name: String) -> RecordSchema? {
        let wanted = name.lowercased()
        return all.first { $0.name == wanted }
    }

    /// The schema of that name, or why there is none: a name the original knows but we do not generate, or one that
    /// nobody knows, with the one that was probably meant.
    package static func find(_ name: String) throws(QuickstartError) -> RecordSchema {
        if let schema = schema(named: name) { return schema }
        let wanted = name.lowercased()
        if knownNames.contains(wanted) { throw .notGenerated(name: wanted) }
        let distances = knownNames.map { (name: $0, distance: editDistance($0, wanted)) }
        let nearest = distances.min { $0.distance < $1.distance }
        let close = nearest.flatMap { $0.distance <= max(2, $0.name.count / 3) ? $0.name : nil }
        throw .unknown(name: name, suggestion: close)
    }

    /// The names of `all`, upper case, for messages.
    package static var generatedNames: String {
        all.map { $0.name.uppercased() }.joined(separator: ", ")
    }

    /// How many characters must be put in, left out or replaced to get from one text to the other.
    static func editDistance(_ left: String, _ right: String) -> Int {
        let columns = Array(right.prefix(64))
        var row = Array(0...columns.count)
        for (line, character) in left.prefix(64).enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in columns.enumerated() {
                let replaced = diagonal + (character == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[columns.count]
    }
}

package enum QuickstartError: Error, Hashable, CustomStringConvertible {
    /// The original has it, we do not.
    case notGenerated(name: String)
    /// - Parameter suggestion: a known name that looks much like it.
    case unknown(name: String, suggestion: String?)

    package var description: String {
        switch self {
        case .notGenerated(let name):
            "quickstart \(name.uppercased()) is known but not generated here; "
                + "generated are \(Quickstart.generatedNames); other records can be described in schema.string"
        case .unknown(let name, let suggestion):
            "there is no quickstart \"\(name)\""
                + (suggestion.map { ", did you mean \($0.uppercased())?" } ?? "")
                + (suggestion == nil ? "; generated are " : " Generated are ") + Quickstart.generatedNames
        }
    }
}
