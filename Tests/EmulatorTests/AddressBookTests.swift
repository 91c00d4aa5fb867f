import RESTAPI
import Testing

@testable import Emulator

@Suite("Address book")
struct AddressBookTests {
    private func table(_ ports: [Int], cluster: String = "lkc-source", broker: Int = 1) -> [AddressBook.Place] {
        zip(["PLAINTEXT", "SASL_SSL"], ports).map { listener, port in
            AddressBook.Place(cluster: cluster, listener: listener, broker: broker, port: port)
        }
    }

    @Test("an address of the last run becomes the one of today, by cluster and listener")
    func moved() {
        var book = AddressBook()
        let isNews = [book.record(table([1, 2])), book.record(table([1, 2]))]
        #expect(isNews == [true, false])
        #expect(book.rewritten(["127.0.0.1:1"], hosts: [], of: nil) == nil)
        _ = book.record(table([11, 12]))
        #expect(book.rewritten(["localhost:2", "127.0.0.1:1"], hosts: [], of: nil) == ["localhost:12", "127.0.0.1:11"])
        #expect(book.rewritten(["SASL_SSL://here:2"], hosts: ["here"], of: nil) == ["SASL_SSL://here:12"])
        #expect(book.rewritten(["127.0.0.1:3", "elsewhere:1"], hosts: [], of: nil) == nil)
        #expect(book.rewritten(["127.0.0.1:1"], hosts: [], of: "lkc-other") == nil)
    }

    @Test("ports that change places are told apart")
    func swapped() {
        var book = AddressBook()
        _ = book.record(table([1, 2]) + table([3, 4], cluster: "lkc-dest"))
        _ = book.record(table([3, 4]) + table([1, 2], cluster: "lkc-dest"))
        #expect(book.rewritten(["127.0.0.1:1"], hosts: [], of: "lkc-source") == ["127.0.0.1:3"])
        #expect(book.rewritten(["127.0.0.1:3"], hosts: [], of: "lkc-dest") == ["127.0.0.1:1"])
    }

    @Test("runs that ended before links were told are not forgotten; a settled book knows today only")
    func crashes() {
        var book = AddressBook()
        for run in 1...20 {
            _ = book.record(table([run * 10, run * 10 + 1]))
        }
        #expect(book.tables.count == AddressBook.maximumTables)
        #expect(book.move(from: 150, of: nil)?.port == 200)
        #expect(book.move(from: 10, of: nil) == nil)
        book.settle()
        #expect(book.isSettled)
        #expect(book.move(from: 150, of: nil) == nil)
    }

    @Test("a broker that is no more leaves the others; a cluster that is gone leaves nothing")
    func gone() {
        var book = AddressBook()
        _ = book.record(table([1, 2]) + table([3, 4], broker: 2) + table([5, 6], cluster: "lkc-gone"))
        _ = book.record(table([11, 12]))
        #expect(book.move(from: 4, of: nil)?.port == 12)
        #expect(book.move(from: 5, of: nil) == nil)
    }

    @Test("it is kept as JSON")
    func json() {
        var book = AddressBook()
        _ = book.record(table([1, 2]))
        _ = book.record([])
        #expect(AddressBook(book.json) == book)
        #expect(AddressBook(["x"]) == nil || AddressBook(["x"])?.tables == [[]])
        #expect(AddressBook(["a": 1]) == nil)
    }
}
