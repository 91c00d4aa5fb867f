/// Web sites, their users, and things on the move. Upper bounds are excluded, as in the original's ranges.
extension Quickstart {
    static let pageviews = RecordSchema(
        name: "pageviews", recordName: "ksql.pageviews", keyField: "viewtime",
        fields: [
            .init("viewtime", .long, .counter(start: 1, step: 10)),
            .init("userid", .string, .matching("User_[1-9]{0,1}")),
            .init("pageid", .string, .matching("Page_[1-9][0-9]?")),
        ])

    static let users = RecordSchema(
        name: "users", recordName: "ksql.users", keyField: "userid", fields: userFields)

    /// Users with an array and a map: the quickstart `users_`.
    static let usersWithCollections = RecordSchema(
        name: "users_", recordName: "ksql.users", keyField: "userid",
        fields: userFields + [
            .init(
                "interests", .array(of: Shape(.string)),
                .options(
                    [["Game", "News"], ["Game", "Sport"], ["News", "Movies"], ["News", "Travel"]].map { pair in
                        .array(pair.map { .string($0) })
                    })),
            .init(
                "contactinfo", .map(keys: Shape(.string), values: Shape(.string)),
                .options([
                    contact("6503349999", "San Mateo", "94403"), contact("9492229999", "Irvine", "92617"),
                    contact("6503889999", "Palo Alto", "94301"), contact("4083366881", "San Jose", "95112"),
                    contact("6502215368", "San Carlos", "94070"),
                ])),
        ])

    private static let userFields: [RecordSchema.Field] = [
        .init("registertime", .long, .range(min: 1_487_715_775_521, max: 1_519_273_364_600)),
        .init("userid", .string, .matching("User_[1-9]{0,1}")),
        .init("regionid", .string, .matching("Region_[1-9]?")),
        .init("gender", .string, .words("MALE", "FEMALE", "OTHER")),
    ]

    private static func contact(_ phone: String, _ city: String, _ zipcode: String) -> FieldValue {
        .map([
            .init("phone", .string(phone)), .init("city", .string(city)), .init("state", .string("CA")),
            .init("zipcode", .string(zipcode)),
        ])
    }

    /// Lines of a web server's log. The addresses are those of the original, impossible ones among them.
    static let clickstream = RecordSchema(
        name: "clickstream", recordName: "clickstream.events", keyField: "ip",
        fields: [
            .init("ip", .string, .options(clickstreamAddresses.map { .string($0) })),
            .init("userid", .int, .range(min: -1, max: 40)),
            .init("remote_user", .string, .words("-")),
            .init("time", .string, .text(TextRule(source: .counter(Counter(start: 1, step: 10))))),
            .init("_time", .long, .counter(start: 1, step: 10)),
            .init(
                "request", .string,
                .words(
                    "GET /index.html HTTP/1.1", "GET /site/user_status.html HTTP/1.1",
                    "GET /site/login.html HTTP/1.1", "GET /site/user_status.html HTTP/1.1",
                    "GET /images/track.png HTTP/1.1", "GET /images/logo-small.png HTTP/1.1")),
            .init("status", .string, .words("200", "302", "404", "405", "406", "407")),
            .init("bytes", .string, .words("278", "1289", "2048", "4096", "4006", "4196", "14096")),
            .init("referrer", .string, .words("-")),
            .init(
                "agent", .string,
                .words(
                    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                        + "Chrome/59.0.3071.115 Safari/537.36")),
        ])

    private static let clickstreamAddresses = [
        "111.152.45.45", "111.203.236.146", "111.168.57.122", "111.249.79.93", "111.168.57.122", "111.90.225.227",
        "111.173.165.103", "111.145.8.144", "111.245.174.248", "111.245.174.111", "222.152.45.45",
        "222.203.236.146", "222.168.57.122", "222.249.79.93", "222.168.57.122", "222.90.225.227",
        "222.173.165.103", "222.145.8.144", "222.245.174.248", "222.245.174.222", "122.152.45.245",
        "122.203.236.246", "122.168.57.222", "122.249.79.233", "122.168.57.222", "122.90.225.227",
        "122.173.165.203", "122.145.8.244", "122.245.174.248", "122.245.174.122", "233.152.245.45",
        "233.203.236.146", "233.168.257.122", "233.249.279.93", "233.168.257.122", "233.90.225.227",
        "233.173.215.103", "233.145.28.144", "233.245.174.248", "233.245.174.233",
    ]

    static let clickstreamCodes = RecordSchema(
        name: "clickstream_codes", recordName: "clickstream.codes", keyField: "code",
        fields: [.init("code", .int), .init("definition", .string)],
        rows: [
            (200, "Successful"), (404, "Page not found"), (405, "Method not allowed"), (406, "Not acceptable"),
            (407, "Proxy authentication required"),
        ].map { [.int($0.0), .string($0.1)] })

    /// Those of the original are other names; ours are as made up.
    static let clickstreamUsers = RecordSchema(
        name: "clickstream_users", recordName: "ksql.clickstream_users", keyField: "user_id",
        fields: [
            .init("user_id", .int, .counter(start: 1)),
            .init("registered_at", .long, .range(min: 1_407_645_330_000, max: 1_502_339_792_000)),
            .init(
                "first_name", .string,
                .words("Ada", "Bela", "Chidi", "Dora", "Emil", "Farah", "Goran", "Hana", "Ines", "Jonas")),
            .init(
                "last_name", .string,
                .words("Abara", "Berg", "Costa", "Dahl", "Egger", "Fox", "Gupta", "Hara", "Ito", "Jovic")),
            .init(
                "city", .string, .words("Palo Alto", "San Francisco", "Raleigh", "London", "Frankfurt", "New York")),
            .init("level", .string, .words("Gold", "Silver", "Platinum")),
        ])

    /// Passengers' opinions; user -1 is nobody known. The remarks are ours.
    static let ratings = RecordSchema(
        name: "ratings", recordName: "ksql.ratings", keyField: "rating_id",
        fields: [
            .init("rating_id", .long, .counter(start: 1)),
            .init("user_id", .int, .options(([-1] + Array(1...19)).map { .int($0) })),
            .init("stars", .int, .range(min: 1, max: 5)),
            .init("route_id", .int, .range(min: 1, max: 10_000)),
            .init("rating_time", .long, .counter(start: 1, step: 12)),
            .init("channel", .string, .words("ios", "iOS", "iOS-test", "android", "web")),
            .init(
                "message", .string,
                .words(
                    "left on time, landed early", "my bag took a later flight", "the crew could not do enough for us",
                    "two hours on the runway", "window seat, clear sky, happy", "no vegetarian meal left",
                    "boarding was quick for once", "seat would not recline", "so-so", "good coffee in the lounge",
                    "nobody told us about the new gate", "would book again")),
        ])

    static let fleetLocation = RecordSchema(
        name: "fleet_mgmt_location", recordName: "fleet_mgmt.fleet_mgmt_location", keyField: "vehicle_id",
        fields: [
            .init("vehicle_id", .int, .range(min: 1000, max: 9999)),
            .init("latitude", .double, .decimalRange(min: -50, max: 70)),
            .init("longitude", .double, .decimalRange(min: -175, max: 175)),
            .init("ts", .long, .range(min: 1_609_459_200_000, max: 1_640_995_199_000)),
        ])

    static let playerActivity = RecordSchema(
        name: "gaming_player_activity", recordName: "gaming.gaming_player_activity", keyField: "player_id",
        fields: [
            .init("player_id", .int, .range(min: 1000, max: 5000)),
            .init("game_room_id", .int, .range(min: 1000, max: 5000)),
            .init("points", .int, .range(min: 10, max: 500)),
            .init("coordinates", .string, .matching(#"\[[0-9][0-9],[0-9][0-9]\]"#)),
        ])

    static let payrollBonus = RecordSchema(
        name: "payroll_bonus", recordName: "payroll.payroll_bonus", keyField: "employee_id",
        fields: [
            .init("employee_id", .int, .counter(start: 1000)),
            .init("bonus", .int, .range(min: 10, max: 50)),
            .init("ts", .long, .range(min: 1_609_459_200_000, max: 1_640_995_199_000)),
        ])
}
