import Testing

@testable import RESTAPI

struct HostGuardTests {
    private let guardian = HostGuard(allowed: ["Twinlog.Example"])

    @Test(
        "loopback names and configured hosts are served",
        arguments: ["localhost:8090", "127.0.0.1", "127.0.0.1:1", "127.9.9.9:80", "[::1]:8090", "twinlog.example:80"])
    func allowed(_ authority: String) throws {
        try guardian.check(authority: authority, origin: nil)
    }

    @Test(
        "other names are refused, even when they resolve to this machine",
        arguments: ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "10.0.0.1", "127.0.0"])
    func refused(_ authority: String) {
        #expect(throws: RESTError.self) { try guardian.check(authority: authority, origin: nil) }
    }

    @Test(
        "pages of other origins are refused", arguments: ["http://evil.example", "null", "file://", "ftp://localhost"])
    func origins(_ origin: String) {
        #expect(throws: RESTError.self) { try guardian.check(authority: "localhost", origin: origin) }
    }

    @Test("pages served from here may call", arguments: ["http://localhost:8090", "http://127.0.0.1:3000"])
    func ownOrigins(_ origin: String) throws {
        try guardian.check(authority: "localhost", origin: origin)
    }
}
