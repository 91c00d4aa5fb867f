// Generated from Protocol/apis/060-describe-cluster.api by `make generate`. Do not edit.

/// Request of DescribeCluster, key 60, versions 0 to 2.
package struct DescribeClusterRequest: KafkaRequest {
    package typealias Response = DescribeClusterResponse
    package static var apiKey: APIKey { .describeCluster }
    package static var flexibleFrom: Int16? { 0 }
    package static var servedVersions: ClosedRange<Int16> { 0...2 }
    package static var advertisedVersions: ClosedRange<Int16> { 0...2 }

    package var includeClusterAuthorizedOperations: Bool = false
    /// Versions 1 and later.
    package var endpointType: Int8 = 1
    /// Version 2 only.
    package var includeFencedBrokers: Bool = false

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        self.includeClusterAuthorizedOperations = try reader.readBool()
        if version >= 1 {
            self.endpointType = try reader.readInt8()
        }
        if version == 2 {
            self.includeFencedBrokers = try reader.readBool()
        }
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeBool(self.includeClusterAuthorizedOperations)
        if version >= 1 {
            writer.writeInt8(self.endpointType)
        }
        if version == 2 {
            writer.writeBool(self.includeFencedBrokers)
        }
        writer.writeUnsignedVarint(0)
    }
}

/// Response of DescribeCluster, key 60, versions 0 to 2.
package struct DescribeClusterResponse: KafkaResponse {
    /// Part of `DescribeClusterResponse`.
    package struct DescribeClusterBroker: Sendable {
        package var brokerID: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var rack: String? = nil
        /// Version 2 only.
        package var isFenced: Bool = false

        package init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            self.brokerID = try reader.readInt32()
            self.host = try reader.readString(compact: true)
            self.port = try reader.readInt32()
            self.rack = try reader.readNullableString(compact: true)
            if version == 2 {
                self.isFenced = try reader.readBool()
            }
            try reader.skipTaggedFields()
        }

        func encode(into writer: inout WireWriter, version: Int16) {
            writer.writeInt32(self.brokerID)
            writer.writeString(self.host, compact: true)
            writer.writeInt32(self.port)
            writer.writeNullableString(self.rack, compact: true)
            if version == 2 {
                writer.writeBool(self.isFenced)
            }
            writer.writeUnsignedVarint(0)
        }
    }

    /// Ms the client should pause.
    package var throttleTimeMs: Int32 = 0
    package var errorCode: Int16 = 0
    package var errorMessage: String? = nil
    /// Versions 1 and later.
    package var endpointType: Int8 = 1
    package var clusterID: String = ""
    package var controllerID: Int32 = -1
    package var brokers: [DescribeClusterBroker] = []
    /// Bit set; default: not asked for.
    package var clusterAuthorizedOperations: Int32 = -2147483648

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 2 else { throw .unsupportedVersion(version) }
        self.throttleTimeMs = try reader.readInt32()
        self.errorCode = try reader.readInt16()
        self.errorMessage = try reader.readNullableString(compact: true)
        if version >= 1 {
            self.endpointType = try reader.readInt8()
        }
        self.clusterID = try reader.readString(compact: true)
        self.controllerID = try reader.readInt32()
        do {
            let count = try reader.readArrayCount(compact: true, minimumSize: 11)
            var elements: [DescribeClusterBroker] = []
            elements.reserveCapacity(min(count, WireReader.reservationLimit))
            for _ in 0..<count { elements.append(try DescribeClusterBroker(from: &reader, version: version)) }
            self.brokers = elements
        }
        self.clusterAuthorizedOperations = try reader.readInt32()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeInt32(self.throttleTimeMs)
        writer.writeInt16(self.errorCode)
        writer.writeNullableString(self.errorMessage, compact: true)
        if version >= 1 {
            writer.writeInt8(self.endpointType)
        }
        writer.writeString(self.clusterID, compact: true)
        writer.writeInt32(self.controllerID)
        writer.writeArrayCount(self.brokers.count, compact: true)
        for element in self.brokers { element.encode(into: &writer, version: version) }
        writer.writeInt32(self.clusterAuthorizedOperations)
        writer.writeUnsignedVarint(0)
    }
}
