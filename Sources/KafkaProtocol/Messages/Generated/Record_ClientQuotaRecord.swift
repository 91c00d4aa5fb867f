// Generated from Protocol/records/client-quota-record.record by `make generate`. Do not edit.

/// Record of type 14 in the cluster metadata log.
package struct ClientQuotaRecord: MetadataRecord {
    package static var id: UInt32 { 14 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    /// Part of `ClientQuotaRecord`.
    package struct EntityData: Sendable {
        package var entityType: String = ""
        /// Null is the default entity.
        package var entityName: String? = nil

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.entityType = try reader.readString(compact: true)
            self.entityName = try reader.readNullableString(compact: true)
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.entityType, compact: true)
            writer.writeNullableString(self.entityName, compact: true)
            writer.writeUnsignedVarint(0)
        }
    }

    package var entity: [EntityData] = []
    package var key: String = ""
    package var value: Double = 0
    package var remove: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 3)
            var elements: [EntityData] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try EntityData(from: &reader, version: version)) }
            self.entity = elements
        }
        self.key = try reader.readString(compact: true)
        self.value = try reader.readFloat64()
        self.remove = try reader.readBool()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeArrayCount(self.entity.count, compact: true)
        for element in self.entity { element.encode(into: &writer, version: version) }
        writer.writeString(self.key, compact: true)
        writer.writeFloat64(self.value)
        writer.writeBool(self.remove)
        writer.writeUnsignedVarint(0)
    }
}
