// Generated from Protocol/records/control-record-key.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct ControlRecordKey: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...0 }

    /// 0 abort, 1 commit, 2 leader change, 3 snapshot header, 4 snapshot footer.
    package var type: Int16 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.type = try reader.readInt16()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt16(self.type)
    }
}
