// Generated from Protocol/records/abort-transaction-record.record by `make generate`. Do not edit.

/// Record of type 25 in the cluster metadata log.
package struct AbortTransactionRecord: MetadataRecord {
    package static var id: UInt32 { 25 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    /// Tagged.
    package var reason: String? = nil

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        var tags = try reader.readUnsignedVarint()
        while tags > 0 {
            tags -= 1
            switch try reader.readUnsignedVarint() {
            case 0:
                let outer = try reader.enterTag()
                self.reason = try reader.readNullableString(compact: true)
                try reader.leaveTag(outer)
            default: try reader.skipTag()
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        var tags: UInt32 = 0
        let writes0 = self.reason != nil
        if writes0 { tags += 1 }
        writer.writeUnsignedVarint(tags)
        if writes0 {
            let start = writer.beginTag(0)
            writer.writeNullableString(self.reason, compact: true)
            writer.endTag(start)
        }
    }
}
