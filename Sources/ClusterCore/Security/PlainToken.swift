/// The one message of SASL/PLAIN (RFC 4616): authorisation id, user name and password, separated by zero bytes.
struct PlainToken: Equatable {
    let username: String
    let password: String

    /// Why a token names nobody; the texts are sent to the client and never hold what it sent.
    enum Problem: Error, Equatable, CustomStringConvertible {
        case wrongShape
        case noUsername
        case noPassword
        case otherAuthorization

        var description: String {
            switch self {
            case .wrongShape: "Authentication failed: the SASL/PLAIN token is malformed"
            case .noUsername: "Authentication failed: username not specified"
            case .noPassword: "Authentication failed: password not specified"
            case .otherAuthorization:
                "Authentication failed: the authorization id differs from the username"
            }
        }
    }

    init(_ bytes: some Sequence<UInt8>) throws(Problem) {
        let parts = Array(bytes).split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw .wrongShape
        }
        guard let authorization = String(validating: parts[0], as: UTF8.self),
            let username = String(validating: parts[1], as: UTF8.self),
            let password = String(validating: parts[2], as: UTF8.self)
        else {
            throw .wrongShape
        }
        guard !username.isEmpty else {
            throw .noUsername
        }
        guard !password.isEmpty else {
            throw .noPassword
        }
        guard authorization.isEmpty || authorization == username else {
            throw .otherAuthorization
        }
        self.username = username
        self.password = password
    }
}
