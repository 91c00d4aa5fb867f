/// Says what a command waits for, on a terminal only and only while it waits.
enum Progress {
    @discardableResult
    static func show<T>(_ what: String, _ body: () throws -> T) rethrows -> T {
        guard Platform.isInteractive(2) else {
            return try body()
        }
        Platform.write("\(what) …", to: 2)
        defer { Platform.write("\r\u{1B}[K", to: 2) }
        return try body()
    }
}
