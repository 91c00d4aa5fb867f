import Commands

/// The program: everything it can do is a command.
@main
enum Main {
    static func main() async {
        await TwinlogCommand.main()
    }
}
