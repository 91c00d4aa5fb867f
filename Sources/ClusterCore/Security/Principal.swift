/// Who a connection acts for, in Kafka's form `Type:name`.
package struct Principal: Hashable, Sendable, CustomStringConvertible {
    package let type: String
    package let name: String

    package init(type: String = "User", name: String) {
        self.type = type
        self.name = name
    }

    /// Whoever comes in through a listener that asks for nothing.
    package static let anonymous = Principal(name: "ANONYMOUS")
    /// The process itself: REST, links, housekeeping. No client can become it, since clients are users.
    package static let process = Principal(type: "Process", name: "twinlog")

    package var description: String { "\(type):\(name)" }
}

/// Knows which passwords are right. SASL's only question; where keys are kept is the owner's business.
package protocol Authenticator: Sendable {
    /// Whether `password` belongs to `username` on this cluster.
    ///
    /// It must take as long for an unknown name as for a wrong password. Called on the cluster's thread, unless
    /// ``isSlow``.
    func verify(username: String, password: String) -> Bool

    /// Whether a check takes so long that it belongs on another thread.
    var isSlow: Bool { get }
}

extension Authenticator {
    package var isSlow: Bool { false }
}

extension ListenerName {
    /// Whether clients have to say who they are before anything else.
    package var needsAuthentication: Bool { self == .saslSSL || self == .saslPlaintext }

    /// Whether connections are encrypted.
    package var isEncrypted: Bool { self == .saslSSL }
}
