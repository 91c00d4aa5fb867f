/// Something Kafka keeps in an internal log.
package protocol StoredRecord: KafkaMessage {
    /// Versions that we read; the last one is what we write unless told otherwise.
    static var versions: ClosedRange<Int16> { get }
}

/// A key in `__consumer_offsets` or `__transaction_state`: an int16 that says what the key is for, then the fields.
package protocol StoredKey: StoredRecord {
    static var type: Int16 { get }
}

/// A value behind its own version as an int16: coordinator values, consumer protocol blobs, control record parts.
package protocol VersionedValue: StoredRecord {}

/// A value in `__cluster_metadata`.
package protocol MetadataRecord: StoredRecord {
    static var id: UInt32 { get }
}

extension StoredKey {
    /// The bytes of the record's key.
    package func encodeKey() -> [UInt8] {
        var writer = WireWriter(capacity: 64)
        writer.writeInt16(Self.type)
        encode(into: &writer, version: Self.versions.upperBound)
        return writer.copyBytes()
    }

    /// Reads what follows the type, which the caller read to choose the struct.
    package init(afterType type: Int16, from reader: inout WireReader) throws(WireError) {
        try self.init(from: &reader, version: type)
        try reader.finish()
    }
}

extension VersionedValue {
    /// The bytes of the value, by default in the newest version.
    package func encodeValue(version: Int16 = Self.versions.upperBound) -> [UInt8] {
        var writer = WireWriter(capacity: 128)
        writer.writeInt16(version)
        encode(into: &writer, version: version)
        return writer.copyBytes()
    }

    /// Reads a value with its version in front and nothing behind.
    package init(versioned reader: inout WireReader) throws(WireError) {
        try self.init(from: &reader, version: try reader.readInt16())
        try reader.finish()
    }

    /// Reads a value that clients made: a version newer than ours is read as our newest, and what it adds is passed
    /// over.
    package init(lenient reader: inout WireReader) throws(WireError) {
        try self.init(from: &reader, version: min(try reader.readInt16(), Self.versions.upperBound))
    }
}

extension MetadataRecord {
    /// The bytes of the record's value: frame version 1, type id and version as varints, then the fields.
    package func encodeMetadataFrame(version: Int16 = Self.versions.upperBound) -> [UInt8] {
        var writer = WireWriter(capacity: 128)
        MetadataFrame(id: Self.id, version: version).encode(into: &writer)
        encode(into: &writer, version: version)
        return writer.copyBytes()
    }
}

/// What precedes the fields of a metadata record.
package struct MetadataFrame: Hashable, Sendable {
    package static let frameVersion: UInt32 = 1

    package var id: UInt32
    package var version: Int16

    package init(id: UInt32, version: Int16) {
        self.id = id
        self.version = version
    }

    package init(from reader: inout WireReader) throws(WireError) {
        let frame = try reader.readUnsignedVarint()
        guard frame == Self.frameVersion else {
            throw .unsupportedVersion(Int16(truncatingIfNeeded: frame))
        }
        id = try reader.readUnsignedVarint()
        let raw = try reader.readUnsignedVarint()
        guard let version = Int16(exactly: raw) else { throw .unsupportedVersion(-1) }
        self.version = version
    }

    package func encode(into writer: inout WireWriter) {
        writer.writeUnsignedVarint(Self.frameVersion)
        writer.writeUnsignedVarint(id)
        writer.writeUnsignedVarint(UInt32(version))
    }
}
