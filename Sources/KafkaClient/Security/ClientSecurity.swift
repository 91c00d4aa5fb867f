/// How a client makes its connections safe, and says who it is: `security.protocol` and what belongs to it.
package struct ClientSecurity: Hashable, Sendable {
    /// nil: not encrypted.
    package var tls: TLSOptions?
    /// nil: nobody is asked who this is.
    package var sasl: PlainCredentials?

    package init(tls: TLSOptions? = nil, sasl: PlainCredentials? = nil) {
        self.tls = tls
        self.sasl = sasl
    }

    package static let plaintext = ClientSecurity()
}

/// A user name and password for SASL/PLAIN: on a Kafka cluster of ours, an API key and its secret.
package struct PlainCredentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package var username: String
    package var password: String

    package init(username: String, password: String) {
        self.username = username
        self.password = password
    }

    static let mechanism = "PLAIN"

    /// RFC 4616, without an authorisation id.
    var token: [UInt8] {
        [0] + Array(username.utf8) + [0] + Array(password.utf8)
    }

    /// Never the password: descriptions end up in logs.
    package var description: String { "PLAIN as \(username)" }
    package var debugDescription: String { description }
}

/// How a client checks whom it speaks to.
package struct TLSOptions: Hashable, Sendable {
    package enum Trust: Hashable, Sendable {
        /// The authorities that the system knows.
        case system
        /// Certificates in PEM.
        case certificates(String)
        /// A file of certificates in PEM, read whenever a connection is made.
        case pemFile(String)
        /// A PKCS #12 file, read whenever a connection is made.
        case pkcs12File(String, password: Secret)
    }

    package enum Version: Hashable, Sendable, Comparable {
        case tls12
        case tls13
    }

    /// A client's own certificate, in PEM.
    package enum Identity: Hashable, Sendable {
        case pem(chain: String, key: Secret, password: Secret?)
        /// One file that holds both.
        case pemFile(String, password: Secret?)
    }

    package var trust = Trust.system
    /// Whether the certificate has to name the host that was dialled.
    package var verifiesHostname = true
    package var minimumVersion = Version.tls12
    package var maximumVersion = Version.tls13
    package var identity: Identity?

    package init() {}
}

/// A text that does not show itself.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var description: String { "[hidden]" }
    package var debugDescription: String { description }
}
