// Generated from Protocol/records/leader-change-message.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct LeaderChangeMessage: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...1 }

    /// Part of `LeaderChangeMessage`.
    package struct Voter: Sendable {
        package var voterID: Int32 = 0
        /// Version 1 only.
        package var voterDirectoryID: KafkaUUID = .zero

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.voterID = try reader.readInt32()
            if version == 1 {
                self.voterDirectoryID = try reader.readUUID()
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.voterID)
            if version == 1 {
                writer.writeUUID(self.voterDirectoryID)
            }
            writer.writeUnsignedVarint(0)
        }
    }

    package var leaderID: Int32 = 0
    package var voters: [Voter] = []
    package var grantingVoters: [Voter] = []

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        self.leaderID = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 5)
            var elements: [Voter] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try Voter(from: &reader, version: version)) }
            self.voters = elements
        }
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 5)
            var elements: [Voter] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try Voter(from: &reader, version: version)) }
            self.grantingVoters = elements
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.leaderID)
        writer.writeArrayCount(self.voters.count, compact: true)
        for element in self.voters { element.encode(into: &writer, version: version) }
        writer.writeArrayCount(self.grantingVoters.count, compact: true)
        for element in self.grantingVoters { element.encode(into: &writer, version: version) }
        writer.writeUnsignedVarint(0)
    }
}
