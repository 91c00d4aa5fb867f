// Generated from Protocol/records/cluster-link.record by `make generate`. Do not edit.

/// Record of type 20001 in the cluster metadata log.
package struct ClusterLinkRecord: MetadataRecord {
    package static var id: UInt32 { 20001 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    /// Part of `ClusterLinkRecord`.
    package struct LinkConfig: Sendable {
        package var name: String = ""
        package var value: String = ""

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.name = try reader.readString(compact: true)
            self.value = try reader.readString(compact: true)
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeString(self.name, compact: true)
            writer.writeString(self.value, compact: true)
            writer.writeUnsignedVarint(0)
        }
    }

    package var linkID: KafkaUUID = .zero
    package var name: String = ""
    /// Null when nobody told.
    package var remoteClusterID: String? = nil
    /// Ms since the epoch.
    package var createdMs: Int64 = 0
    /// Ms since the epoch when cluster.link.paused changed last; -1 never. Tagged.
    package var pauseTimeMs: Int64 = -1
    /// Only what was set; a later record replaces them all.
    package var configs: [LinkConfig] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.linkID = try reader.readUUID()
        self.name = try reader.readString(compact: true)
        self.remoteClusterID = try reader.readNullableString(compact: true)
        self.createdMs = try reader.readInt64()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 3)
            var elements: [LinkConfig] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try LinkConfig(from: &reader, version: version)) }
            self.configs = elements
        }
        var tags = try reader.readUnsignedVarint()
        while tags > 0 {
            tags -= 1
            switch try reader.readUnsignedVarint() {
            case 0:
                let outer = try reader.enterTag()
                self.pauseTimeMs = try reader.readInt64()
                try reader.leaveTag(outer)
            default: try reader.skipTag()
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUUID(self.linkID)
        writer.writeString(self.name, compact: true)
        writer.writeNullableString(self.remoteClusterID, compact: true)
        writer.writeInt64(self.createdMs)
        writer.writeArrayCount(self.configs.count, compact: true)
        for element in self.configs { element.encode(into: &writer, version: version) }
        var tags: UInt32 = 0
        let writes0 = self.pauseTimeMs != -1
        if writes0 { tags += 1 }
        writer.writeUnsignedVarint(tags)
        if writes0 {
            let start = writer.beginTag(0)
            writer.writeInt64(self.pauseTimeMs)
            writer.endTag(start)
        }
    }
}
