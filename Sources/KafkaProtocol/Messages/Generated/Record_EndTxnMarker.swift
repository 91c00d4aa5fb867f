// Generated from Protocol/records/end-txn-marker.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct EndTxnMarker: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var coordinatorEpoch: Int32 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.coordinatorEpoch = try reader.readInt32()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.coordinatorEpoch)
    }
}
