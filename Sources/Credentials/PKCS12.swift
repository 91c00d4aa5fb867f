import Crypto
import CryptoExtras
import FoundationEssentials
import SwiftASN1

/// Certificates out of a PKCS #12 file (RFC 7292), as Java's truststores are: encrypted with a password, without a key.
///
/// Reads what Java since 12 (or 8u301) and OpenSSL 3 write: PBES2 with AES, or certificates in the clear. The older RC2
/// and triple DES are refused. The file's MAC is not checked: whoever can change the file can change the configuration
/// that names it.
package enum PKCS12 {
    /// Rounds of key derivation that a file may ask for; Java and OpenSSL ask for 2,048 to 10,000.
    static let maximumRounds = 5_000_000

    /// Certificates in DER, in the file's order.
    package static func certificates(_ file: [UInt8], password: String) throws(CredentialError) -> [[UInt8]] {
        do {
            let safes = try contents(of: Node(file).child(1))
            return try Node(safes).children.flatMap { safe in
                try Node(decrypted(safe, password)).children.compactMap(certificate)
            }
        } catch let error as CredentialError {
            throw error
        } catch {
            throw CredentialError("not a PKCS #12 file, or a damaged one")
        }
    }

    private enum OID {
        static let data: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 1]
        static let encryptedData: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 6]
        static let certificateBag: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 12, 10, 1, 3]
        static let x509: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 22, 1]
        static let pbes2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 13]
        static let pbkdf2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 12]
        static let aesCBC: [ASN1ObjectIdentifier: Int] = [
            [2, 16, 840, 1, 101, 3, 4, 1, 2]: 16, [2, 16, 840, 1, 101, 3, 4, 1, 22]: 24,
            [2, 16, 840, 1, 101, 3, 4, 1, 42]: 32,
        ]
        static let prf: [ASN1ObjectIdentifier: KDF.Insecure.PBKDF2.HashFunction] = [
            [1, 2, 840, 113549, 2, 7]: .insecureSHA1, [1, 2, 840, 113549, 2, 9]: .sha256,
            [1, 2, 840, 113549, 2, 10]: .sha384, [1, 2, 840, 113549, 2, 11]: .sha512,
        ]
    }

    /// The octets of a ContentInfo of type data.
    private static func contents(of info: Node) throws -> [UInt8] {
        guard try info.child(0).oid == OID.data else {
            throw CredentialError("the PKCS #12 file is signed rather than protected by a password")
        }
        return try info.child(1).child(0).octets
    }

    private static func decrypted(_ info: Node, _ password: String) throws -> [UInt8] {
        switch try info.child(0).oid {
        case OID.data: return try contents(of: info)
        case OID.encryptedData:
            let content = try info.child(1).child(0).child(1)
            return try decrypt(try content.child(2).octets, try content.child(1), password)
        default: throw CredentialError("the PKCS #12 file holds something that is no certificate and no key")
        }
    }

    private static func decrypt(_ bytes: [UInt8], _ algorithm: Node, _ password: String) throws -> [UInt8] {
        guard try algorithm.child(0).oid == OID.pbes2 else {
            throw CredentialError("the PKCS #12 file is encrypted with RC2 or triple DES; write it anew with AES")
        }
        let derivation = try algorithm.child(1).child(0)
        let cipher = try algorithm.child(1).child(1)
        let parameters = try derivation.child(1).children
        guard try derivation.child(0).oid == OID.pbkdf2, parameters.count >= 2,
            let keyBytes = OID.aesCBC[try cipher.child(0).oid]
        else {
            throw CredentialError("the PKCS #12 file is encrypted in a way that is not supported")
        }
        let rounds = try parameters[1].integer
        let named = try parameters.dropFirst(2).first { $0.isConstructed }?.child(0).oid
        guard (1...maximumRounds).contains(rounds),
            let hash = named.map({ OID.prf[$0] }) ?? .insecureSHA1
        else {
            throw CredentialError("the PKCS #12 file is encrypted in a way that is not supported")
        }
        let key = try KDF.Insecure.PBKDF2.deriveKey(
            from: Array(password.utf8), salt: try parameters[0].octets, using: hash, outputByteCount: keyBytes,
            unsafeUncheckedRounds: rounds)
        let vector = try AES._CBC.IV(ivBytes: try cipher.child(1).octets)
        do {
            let clear = Array(try AES._CBC.decrypt(bytes, using: key, iv: vector))
            // A wrong password may yield legal padding by chance; what it pads is then no sequence.
            _ = try Node(clear)
            return clear
        } catch {
            throw CredentialError("the password of the PKCS #12 file is wrong")
        }
    }

    /// The certificate in a bag; nil for keys and other things.
    private static func certificate(_ bag: Node) throws -> [UInt8]? {
        guard try bag.child(0).oid == OID.certificateBag else {
            return nil
        }
        let content = try bag.child(1).child(0)
        guard try content.child(0).oid == OID.x509 else {
            return nil
        }
        return try content.child(1).child(0).octets
    }
}

/// A piece of DER, by position instead of by type.
private struct Node {
    let node: ASN1Node

    init(_ node: ASN1Node) {
        self.node = node
    }

    init(_ bytes: [UInt8]) throws {
        node = try DER.parse(bytes)
    }

    struct UnexpectedShape: Error {}

    var children: [Node] {
        get throws {
            guard case .constructed(let nodes) = node.content else {
                throw UnexpectedShape()
            }
            return nodes.map(Node.init)
        }
    }

    var isConstructed: Bool {
        if case .constructed = node.content { true } else { false }
    }

    func child(_ index: Int) throws -> Node {
        let children = try children
        guard index < children.count else {
            throw UnexpectedShape()
        }
        return children[index]
    }

    /// Of an octet string, whatever its tag: the field may be tagged implicitly.
    var octets: [UInt8] {
        get throws {
            guard case .primitive(let bytes) = node.content else {
                throw UnexpectedShape()
            }
            return Array(bytes)
        }
    }

    var oid: ASN1ObjectIdentifier {
        get throws { try ASN1ObjectIdentifier(derEncoded: node) }
    }

    var integer: Int {
        get throws { try Int(derEncoded: node) }
    }
}
