// Generated from Protocol/records/consumer-group-metadata-value.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct ConsumerGroupMetadataValue: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var epoch: Int32 = 0
    /// Tagged.
    package var metadataHash: Int64 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.epoch = try reader.readInt32()
        var tags = try reader.readUnsignedVarint()
        while tags > 0 {
            tags -= 1
            switch try reader.readUnsignedVarint() {
            case 0:
                let outer = try reader.enterTag()
                self.metadataHash = try reader.readInt64()
                try reader.leaveTag(outer)
            default: try reader.skipTag()
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.epoch)
        var tags: UInt32 = 0
        let writes0 = self.metadataHash != 0
        if writes0 { tags += 1 }
        writer.writeUnsignedVarint(tags)
        if writes0 {
            let start = writer.beginTag(0)
            writer.writeInt64(self.metadataHash)
            writer.endTag(start)
        }
    }
}
