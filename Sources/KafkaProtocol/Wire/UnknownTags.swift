/// Tagged fields that the version of a message does not have, in the form they came in.
package struct UnknownTags: Sendable {
    /// How many fields `bytes` holds.
    package private(set) var count: UInt32 = 0
    /// Number, size and contents of each, one after another.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Takes the contents of a field whose number was read already.
    mutating func keep(_ tag: UInt32, from reader: inout WireReader) throws(WireError) {
        let contents = try reader.readTagContents()
        var writer = WireWriter(capacity: contents.count + 10)
        writer.writeUnsignedVarint(tag)
        writer.writeUnsignedVarint(UInt32(truncatingIfNeeded: contents.count))
        writer.writeRaw(contents)
        bytes += writer.copyBytes()
        count += 1
    }

    func encode(into writer: inout WireWriter) {
        bytes.withUnsafeBytes { writer.writeRaw($0) }
    }
}
