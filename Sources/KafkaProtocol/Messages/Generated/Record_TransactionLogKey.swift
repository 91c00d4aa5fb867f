// Generated from Protocol/records/transaction-log-key.record by `make generate`. Do not edit.

/// Key of type 0 in a coordinator's log.
package struct TransactionLogKey: StoredKey {
    package static var type: Int16 { 0 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var transactionalID: String = ""

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.transactionalID = try reader.readString(compact: false)
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.transactionalID, compact: false)
    }
}
