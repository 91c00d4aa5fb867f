import KafkaProtocol
import ProtocolSchema

/// What the names in a request stand for in the cluster that gets it.
package struct Vocabulary {
    package var topic = "t"
    package var topicID = KafkaUUID.zero
    package var group = "g"
    package var memberID = ""
    package var generation: Int64 = 1
    package var records: [UInt8] = []
    package var configName = "retention.ms"
    package var configValue = "1000"
    /// Text that takes the place of every name, when it is to be told apart from others.
    package var name: String?
    /// Makes names that nothing has yet.
    package var fresh = 0
}

/// One request of an API and version, written by the schema, with the places of its whole numbers, and of the counts
/// and lengths of what it holds.
package struct RequestShape {
    package struct Site {
        package let name: String
        package let position: Int
        package let width: Int
    }

    /// An array of one element.
    package struct Row {
        package let name: String
        /// Where its count stands.
        let count: Int
        /// The bytes of its element.
        package fileprivate(set) var element: Range<Int>
        /// Elements of arrays within it.
        package fileprivate(set) var nested = 0
    }

    package private(set) var frame: [UInt8] = []
    package private(set) var sites: [Site] = []
    package private(set) var rows: [Row] = []
    /// Where the text of strings stands, and how long it is.
    private var texts: [Range<Int>] = []
    private var isInTag = false
    private let api: APIDefinition
    private let version: Int
    private let isFlexible: Bool
    private let words: Vocabulary

    package init(_ api: APIDefinition, version: Int, words: Vocabulary, correlationID: Int32) {
        self.api = api
        self.version = version
        self.words = words
        isFlexible = api.flexibleFrom.map { version >= $0 } ?? false
        var header = WireWriter(capacity: 64)
        RequestHeader(
            apiKey: APIKey(rawValue: Int16(api.key)), apiVersion: Int16(version), correlationID: correlationID,
            clientID: "fuzz"
        ).encode(into: &header)
        frame = header.copyBytes()
        write(fields: api.request.fields, of: api.request)
    }

    private mutating func append(_ body: (inout WireWriter) -> Void) {
        var writer = WireWriter(capacity: 32)
        body(&writer)
        frame += writer.copyBytes()
    }

    /// Notes the count or length that is written next: one byte of a compact one, otherwise `width`.
    private mutating func noteLength(_ field: Field, _ width: Int) {
        let name = field.name + " (length)"
        sites.append(Site(name: name, position: frame.count, width: isFlexible ? 1 : width))
    }

    private func has(_ field: Field) -> Bool {
        version >= field.versions.lower && version <= field.versions.upper
    }

    private mutating func write(fields: [Field], of message: Message) {
        for field in fields where field.tag == nil && has(field) { write(field, message) }
        guard isFlexible else { return }
        let tagged = fields.filter { $0.tag != nil && has($0) }.sorted { ($0.tag ?? 0) < ($1.tag ?? 0) }
        append { $0.writeUnsignedVarint(UInt32(tagged.count)) }
        for field in tagged {
            // The length of a tagged field comes first; whatever it holds here is short.
            let before = (frame, sites)
            (frame, sites) = ([], [])
            isInTag = true
            write(field, message)
            isInTag = false
            let (body, inner) = (frame, sites)
            (frame, sites) = before
            append {
                $0.writeUnsignedVarint(UInt32(field.tag ?? 0))
                $0.writeUnsignedVarint(UInt32(body.count))
            }
            sites += inner.map { Site(name: $0.name, position: $0.position + frame.count, width: $0.width) }
            frame += body
        }
    }

    private mutating func write(_ field: Field, _ message: Message) {
        let isNullable = field.nullableVersions.map { version >= $0.lower && version <= $0.upper } ?? false
        switch field.type {
        case .primitive(let primitive): write(primitive, field, isNullable)
        case .structure(let name):
            if isNullable { append { $0.writePresence(true) } }
            write(structure: name, message)
        case .array(let element):
            let flexible = isFlexible
            noteLength(field, 4)
            let row = beginRow(field)
            append { $0.writeArrayCount(1, compact: flexible) }
            defer { end(row) }
            switch element {
            case .primitive(let primitive): write(primitive, field, false)
            case .structure(let name): write(structure: name, message)
            case .array: break
            }
        }
    }

    /// What a tagged field holds moves later: its arrays are left out.
    private mutating func beginRow(_ field: Field) -> Int? {
        guard !isInTag else { return nil }
        for index in rows.indices where rows[index].element.isEmpty { rows[index].nested += 1 }
        let start = frame.count + (isFlexible ? 1 : 4)
        rows.append(Row(name: field.name, count: frame.count, element: start..<start))
        return rows.count - 1
    }

    private mutating func end(_ row: Int?) {
        guard let row else { return }
        rows[row].element = rows[row].element.lowerBound..<frame.count
    }

    /// The frame with that many elements in one array: each of its own where a name or a number tells them apart, or
    /// all the same.
    package func frame(repeating row: Row, count: Int, differing: Bool) -> [UInt8] {
        var writer = WireWriter(capacity: 8)
        writer.writeArrayCount(count, compact: isFlexible)
        var result = Array(frame[..<row.count]) + writer.copyBytes()
        let element = Array(frame[row.element])
        let start = row.element.lowerBound
        let names = texts.filter { row.element.contains($0.lowerBound) }.map {
            $0.lowerBound - start..<$0.upperBound - start
        }
        let numbers = sites.filter {
            row.element.contains($0.position) && $0.width == 4 && $0.name.lowercased().contains("partition")
                && !$0.name.contains("(length)")
        }.map { $0.position - start }
        result.reserveCapacity(result.count + count * element.count + frame.count)
        for index in 0..<count {
            let position = result.count
            result += element
            guard differing else { continue }
            for name in names {
                var rest = index
                for place in name {
                    result[position + place] = UInt8(ascii: "a") + UInt8(rest % 26)
                    rest /= 26
                }
            }
            for number in numbers { result.put(Int64(index), at: position + number, width: 4) }
        }
        return result + frame[row.element.upperBound...]
    }

    private mutating func write(structure name: String, _ message: Message) {
        guard let structure = message.structures.first(where: { $0.name == name }) else { return }
        write(fields: structure.fields, of: message)
    }

    private mutating func write(_ primitive: Primitive, _ field: Field, _ isNullable: Bool) {
        let flexible = isFlexible
        switch primitive {
        case .bool: append { $0.writeBool(false) }
        case .int8, .int16, .uint16, .int32, .uint32, .int64:
            let width = [.int8: 1, .int16: 2, .uint16: 2, .int32: 4, .uint32: 4][primitive] ?? 8
            let value = number(field)
            sites.append(Site(name: field.name, position: frame.count, width: width))
            frame += [UInt8](repeating: 0, count: width)
            frame.put(value, at: frame.count - width, width: width)
        case .float64: append { $0.writeFloat64(0) }
        case .uuid:
            let id = field.name.lowercased().contains("topic") ? words.topicID : .zero
            append { $0.writeUUID(id) }
        case .string:
            let value = text(field)
            noteLength(field, 2)
            defer {
                let count = value?.utf8.count ?? 0
                if !isInTag { texts.append(frame.count - count..<frame.count) }
            }
            append {
                if isNullable {
                    $0.writeNullableString(value, compact: flexible)
                } else {
                    $0.writeString(value ?? "", compact: flexible)
                }
            }
        case .bytes:
            let bytes: [UInt8] = [0, 0, 0, 0, 0, 1, 0, 1, UInt8(ascii: "t"), 0xff, 0xff, 0xff, 0xff]
            noteLength(field, 4)
            append { $0.writeBytes(bytes, compact: flexible) }
        case .records:
            let records = RecordBytes.owned(words.records)
            noteLength(field, 4)
            append { $0.writeRecords(records, compact: flexible) }
        }
    }

    private func number(_ field: Field) -> Int64 {
        let known: [String: Int64] = [
            "acks": -1, "timeoutMs": 1_000, "generationID": words.generation,
            "generationIDOrMemberEpoch": words.generation, "sessionTimeoutMs": 10_000, "rebalanceTimeoutMs": 5_000,
            "maxBytes": 1 << 20, "partitionMaxBytes": 1 << 20, "minBytes": 1, "maxWaitMs": 100, "numPartitions": 1,
            "replicationFactor": 1, "count": 4, "brokerIDs": 1, "resourceType": 2, "replicaID": -1,
            "responsePartitionLimit": 10, "configOperation": 0, "leaderEpoch": -1, "currentLeaderEpoch": -1,
            "committedLeaderEpoch": -1, "producerID": -1, "producerEpoch": -1, "transactionTimeoutMs": 1_000,
        ]
        if let value = known[field.name] { return value }
        if case .integer(let value) = field.defaultValue { return value }
        return 0
    }

    private func text(_ field: Field) -> String? {
        let name = field.name.lowercased()
        if let text = words.name, !["value", "mechanism"].contains(name) { return text }
        switch name {
        case "memberid": return words.memberID
        case "groupid", "groups", "groupsnames", "key", "coordinatorkeys": return words.group
        case "protocoltype": return "consumer"
        case "protocolname": return "range"
        case "transactionalid", "groupinstanceid", "rackid", "clusterid", "reason": return nil
        case "mechanism": return "PLAIN"
        case "value": return words.configValue
        case "resourcename": return words.topic
        case "name" where [32, 33, 44].contains(api.key), "configname", "configurationkeys": return words.configName
        case "name" where api.key == 19: return "n\(words.fresh)"
        case "name" where api.key == 11: return "range"
        default: return name.contains("group") ? words.group : words.topic
        }
    }
}
