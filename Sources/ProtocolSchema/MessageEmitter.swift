/// Writes the Swift struct of one message: properties, decoding and encoding.
struct MessageEmitter {
    let message: Message
    /// Whether bodies are compact: always, never, or decided by the version.
    let compact: String
    private let sizes: WireSizes

    init(_ message: Message) {
        self.message = message
        sizes = WireSizes(message)
        switch message.flexibleFrom {
        case nil: compact = "false"
        case let first? where first <= message.versions.lower: compact = "true"
        default: compact = "flexible"
        }
    }

    /// Writes the struct. `members` adds what is particular to a request, a response or a record.
    func emit(
        into swift: inout SwiftText, documentation: String, conformance: String, members: (inout SwiftText) -> Void
    ) {
        swift.line("/// \(documentation)")
        swift.block("package struct \(message.name): \(conformance)") { swift in
            members(&swift)
            for structure in message.structures {
                emit(structure, into: &swift)
                swift.line()
            }
            emitBody(message.fields, isMessage: true, into: &swift)
        }
    }

    private func emit(_ structure: Structure, into swift: inout SwiftText) {
        swift.line("/// Part of `\(message.name)`.")
        swift.block("package struct \(structure.name): Sendable") { swift in
            emitBody(structure.fields, isMessage: false, into: &swift)
            if isTaggedStructure(structure.name) { emitIsDefault(structure, into: &swift) }
        }
    }

    private func emitBody(_ fields: [Field], isMessage: Bool, into swift: inout SwiftText) {
        for field in fields {
            for comment in documentation(of: field) { swift.line("/// \(comment)") }
            let name = Naming.identifier(field.name)
            swift.line("package var \(name): \(swiftType(field)) = \(initialValue(field))")
        }
        if keepsUnknownTags(fields) {
            swift.line("/// Tagged fields of other versions, kept to be written back.")
            swift.line("package var unknownTags = UnknownTags()")
        }
        if !fields.isEmpty { swift.line() }
        swift.line("package init() {}")
        swift.line()
        let access = isMessage ? "package " : ""
        swift.block("\(access)init(from reader: inout WireReader, version: Int16) throws(WireError)") { swift in
            if isMessage { emitVersionCheck(into: &swift) }
            emitFlexible(into: &swift)
            for field in fields where field.tag == nil { emitDecode(field, into: &swift) }
            emitDecodeTags(fields, into: &swift)
        }
        swift.line()
        swift.block("\(access)func encode(into writer: inout WireWriter, version: Int16)") { swift in
            emitFlexible(into: &swift)
            for field in fields where field.tag == nil { emitEncode(field, into: &swift) }
            emitEncodeTags(fields, into: &swift)
        }
    }

    private func emitVersionCheck(into swift: inout SwiftText) {
        let range = message.versions
        let condition =
            range.lower == range.upper
            ? "version == \(range.lower)" : "version >= \(range.lower) && version <= \(range.upper)"
        swift.line("guard \(condition) else { throw .unsupportedVersion(version) }")
    }

    private func emitFlexible(into swift: inout SwiftText) {
        if compact == "flexible", let first = message.flexibleFrom { swift.line("let flexible = version >= \(first)") }
    }

    // MARK: properties

    private func documentation(of field: Field) -> [String] {
        var facts: [String] = []
        if !field.note.isEmpty {
            let last = field.note.last
            facts.append(field.note.prefix(1).uppercased() + field.note.dropFirst() + (last == "." ? "" : "."))
        }
        let all = message.versions
        if field.versions != all {
            let lower = field.versions.lower
            let upper = field.versions.upper
            let range =
                lower == upper ? "\(lower) only" : upper == all.upper ? "\(lower) and later" : "\(lower) to \(upper)"
            facts.append("Version\(lower == upper ? "" : "s") \(range)\(field.tag == nil ? "" : ", tagged").")
        } else if field.tag != nil {
            facts.append("Tagged.")
        }
        if let nullable = field.nullableVersions, nullable != field.versions {
            facts.append("Null only from version \(nullable.lower) on.")
        }
        return facts.isEmpty ? [] : [facts.joined(separator: " ")]
    }

    private func swiftType(_ field: Field) -> String {
        swiftType(field.type) + (field.nullableVersions == nil ? "" : "?")
    }

    private func swiftType(_ type: FieldType) -> String {
        switch type {
        case .structure(let name): return name
        case .array(let element): return "[\(swiftType(element))]"
        case .primitive(let primitive):
            switch primitive {
            case .bool: return "Bool"
            case .int8: return "Int8"
            case .int16: return "Int16"
            case .uint16: return "UInt16"
            case .int32: return "Int32"
            case .uint32: return "UInt32"
            case .int64: return "Int64"
            case .float64: return "Double"
            case .uuid: return "KafkaUUID"
            case .string: return "String"
            case .bytes: return "[UInt8]"
            case .records: return "RecordBytes"
            }
        }
    }

    private func initialValue(_ field: Field) -> String {
        switch field.defaultValue {
        case .null: return "nil"
        case .bool(let value): return "\(value)"
        case .integer(let value): return "\(value)"
        case .string(let value): return "\"\(value)\""
        case nil: break
        }
        switch field.type {
        case .array: return "[]"
        case .structure(let name): return field.nullableVersions == nil ? "\(name)()" : "nil"
        case .primitive where field.nullableVersions != nil: return "nil"
        case .primitive(.bool): return "false"
        case .primitive(.uuid): return ".zero"
        case .primitive(.string): return "\"\""
        case .primitive(.bytes): return "[]"
        case .primitive(.records): return ".owned([])"
        case .primitive: return "0"
        }
    }

    // MARK: conditions

    /// The condition under which a version has `range`; nil when all have.
    func condition(_ range: VersionRange, within whole: VersionRange) -> String? {
        var parts: [String] = []
        if range.lower == range.upper, range != whole { return "version == \(range.lower)" }
        if range.lower > whole.lower { parts.append("version >= \(range.lower)") }
        if range.upper < whole.upper { parts.append("version <= \(range.upper)") }
        return parts.isEmpty ? nil : parts.joined(separator: " && ")
    }

    // MARK: decoding

    private func readCall(_ primitive: Primitive, nullable: Bool) -> String {
        let prefix = nullable ? "Nullable" : ""
        switch primitive {
        case .bool: return "reader.readBool()"
        case .uint16: return "reader.readUInt16()"
        case .uint32: return "reader.readUInt32()"
        case .uuid: return "reader.readUUID()"
        case .float64: return "reader.readFloat64()"
        case .int8, .int16, .int32, .int64: return "reader.readInt\(primitive.rawValue.dropFirst(3))()"
        case .string: return "reader.read\(prefix)String(compact: \(compact))"
        case .bytes: return "reader.read\(prefix)Bytes(compact: \(compact))"
        case .records: return "reader.readRecords(compact: \(compact))"
        }
    }

    private func readElement(_ type: FieldType) -> String {
        switch type {
        case .primitive(let primitive): return "try " + readCall(primitive, nullable: false)
        case .structure(let name): return "try \(name)(from: &reader, version: version)"
        case .array: return ""
        }
    }

    private func emitDecode(_ field: Field, into swift: inout SwiftText) {
        swift.block(if: condition(field.versions, within: message.versions)) { swift in
            guard let nullable = field.nullableVersions else { return emitRead(field, nullable: false, into: &swift) }
            if let condition = condition(nullable, within: field.versions) {
                swift.alternative(condition) {
                    emitRead(field, nullable: true, into: &$0)
                } otherwise: {
                    emitRead(field, nullable: false, into: &$0)
                }
            } else {
                emitRead(field, nullable: true, into: &swift)
            }
        }
    }

    private func emitRead(_ field: Field, nullable: Bool, into swift: inout SwiftText) {
        let name = "self.\(field.name)"
        switch field.type {
        case .primitive(let primitive):
            swift.line("\(name) = try \(readCall(primitive, nullable: nullable))")
        case .structure(let structure):
            let value = "try \(structure)(from: &reader, version: version)"
            swift.line(nullable ? "\(name) = try reader.readPresence() ? \(value) : nil" : "\(name) = \(value)")
        case .array(let element):
            let call = "ArrayCount(compact: \(compact), minimumSize: \(sizes.minimum(element)))"
            let fill = { (swift: inout SwiftText) in
                swift.line("var elements: \(swiftType(field.type)) = []")
                swift.line("elements.reserveCapacity(min(count, WireReader.reservationLimit))")
                swift.line("for _ in 0..<count { elements.append(\(readElement(element))) }")
                swift.line("\(name) = elements")
            }
            if nullable {
                swift.alternative("let count = try reader.readNullable\(call)", fill) { $0.line("\(name) = nil") }
            } else {
                swift.block("do") { swift in
                    swift.line("let count = try reader.read\(call)")
                    fill(&swift)
                }
            }
        }
    }

    private func emitDecodeTags(_ fields: [Field], into swift: inout SwiftText) {
        guard message.flexibleFrom != nil else { return }
        let tagged = fields.filter { $0.tag != nil }
        let condition = compact == "flexible" ? "flexible" : nil
        guard !tagged.isEmpty else {
            return swift.line(
                "\(condition.map { "if \($0) { " } ?? "")try reader.skipTaggedFields()\(condition == nil ? "" : " }")")
        }
        swift.block(if: condition) { swift in
            swift.line("var tags = try reader.readUnsignedVarint()")
            swift.block("while tags > 0") { swift in
                swift.line("tags -= 1")
                let keeps = keepsUnknownTags(fields)
                if keeps { swift.line("let tag = try reader.readUnsignedVarint()") }
                swift.line(keeps ? "switch tag {" : "switch try reader.readUnsignedVarint() {")
                for field in tagged {
                    let versions = self.condition(field.versions, within: flexibleVersions)
                    swift.line("case \(field.tag ?? 0)\(versions.map { " where \($0)" } ?? ""):")
                    swift.indented { swift in
                        swift.line("let outer = try reader.enterTag()")
                        emitRead(field, nullable: field.nullableVersions != nil, into: &swift)
                        swift.line("try reader.leaveTag(outer)")
                    }
                }
                swift.line("default: try \(keeps ? "unknownTags.keep(tag, from: &reader)" : "reader.skipTag()")")
                swift.line("}")
            }
        }
    }

    /// A struct whose tags came in over several versions may be handed one that its version does not have. Kafka does
    /// not write those, and its Java clients refuse them, so they are neither understood nor lost.
    private func keepsUnknownTags(_ fields: [Field]) -> Bool {
        fields.contains { $0.tag != nil && $0.versions != flexibleVersions }
    }

    private var flexibleVersions: VersionRange {
        VersionRange(max(message.flexibleFrom ?? 0, message.versions.lower), message.versions.upper)
    }

    // MARK: encoding

    private func write(_ primitive: Primitive, _ value: String, nullable: Bool) -> String {
        let prefix = nullable ? "Nullable" : ""
        switch primitive {
        case .bool: return "writer.writeBool(\(value))"
        case .uint16: return "writer.writeUInt16(\(value))"
        case .uint32: return "writer.writeUInt32(\(value))"
        case .uuid: return "writer.writeUUID(\(value))"
        case .float64: return "writer.writeFloat64(\(value))"
        case .int8, .int16, .int32, .int64: return "writer.writeInt\(primitive.rawValue.dropFirst(3))(\(value))"
        case .string: return "writer.write\(prefix)String(\(value), compact: \(compact))"
        case .bytes: return "writer.write\(prefix)Bytes(\(value), compact: \(compact))"
        case .records: return "writer.writeRecords(\(value), compact: \(compact))"
        }
    }

    private func emitEncode(_ field: Field, into swift: inout SwiftText) {
        swift.block(if: condition(field.versions, within: message.versions)) { swift in
            guard let nullable = field.nullableVersions else { return emitWrite(field, nullable: false, into: &swift) }
            if let condition = condition(nullable, within: field.versions) {
                swift.alternative(condition) {
                    emitWrite(field, nullable: true, into: &$0)
                } otherwise: {
                    emitWrite(field, nullable: false, into: &$0)
                }
            } else {
                emitWrite(field, nullable: true, into: &swift)
            }
        }
    }

    /// A null in a version that has none is written as empty.
    private func emitWrite(_ field: Field, nullable: Bool, into swift: inout SwiftText) {
        let name = "self.\(field.name)"
        let isOptional = field.nullableVersions != nil
        switch field.type {
        case .primitive(let primitive):
            let empty = primitive == .string ? #""""# : "[]"
            let value = isOptional && !nullable ? "\(name) ?? \(empty)" : name
            swift.line(write(primitive, value, nullable: nullable))
        case .structure:
            if nullable {
                swift.line("writer.writePresence(\(name) != nil)")
                swift.line("\(name)?.encode(into: &writer, version: version)")
            } else {
                swift.line("\(name).encode(into: &writer, version: version)")
            }
        case .array(let element):
            let count = isOptional ? (nullable ? "\(name)?.count" : "\(name)?.count ?? 0") : "\(name).count"
            swift.line("writer.writeArrayCount(\(count), compact: \(compact))")
            let loop = "for element in \(isOptional ? "\(name) ?? []" : name)"
            switch element {
            case .primitive(let primitive):
                let statement = write(primitive, "element", nullable: false)
                swift.line("\(loop) { \(statement) }")
            default: swift.line("\(loop) { element.encode(into: &writer, version: version) }")
            }
        }
    }

    private func emitEncodeTags(_ fields: [Field], into swift: inout SwiftText) {
        guard message.flexibleFrom != nil else { return }
        let tagged = fields.filter { $0.tag != nil }.sorted { ($0.tag ?? 0) < ($1.tag ?? 0) }
        let condition = compact == "flexible" ? "flexible" : nil
        guard !tagged.isEmpty else {
            let none = "writer.writeUnsignedVarint(0)"
            return swift.line(condition == nil ? none : "if flexible { " + none + " }")
        }
        swift.block(if: condition) { swift in
            let keeps = keepsUnknownTags(fields)
            swift.line("var tags: UInt32 = \(keeps ? "unknownTags.count" : "0")")
            for field in tagged {
                let versions = self.condition(field.versions, within: flexibleVersions).map { $0 + " && " } ?? ""
                swift.line("let writes\(field.tag ?? 0) = \(versions)\(differsFromDefault(field))")
                swift.line("if writes\(field.tag ?? 0) { tags += 1 }")
            }
            swift.line("writer.writeUnsignedVarint(tags)")
            for field in tagged {
                swift.block("if writes\(field.tag ?? 0)") { swift in
                    swift.line("let start = writer.beginTag(\(field.tag ?? 0))")
                    emitWrite(field, nullable: field.nullableVersions != nil, into: &swift)
                    swift.line("writer.endTag(start)")
                }
            }
            if keeps { swift.line("unknownTags.encode(into: &writer)") }
        }
    }

    private func differsFromDefault(_ field: Field) -> String {
        let name = "self.\(field.name)"
        if field.defaultValue == .null { return "\(name) != nil" }
        switch field.type {
        case .array: return field.nullableVersions == nil ? "!\(name).isEmpty" : "\(name)?.isEmpty != true"
        case .structure: return field.nullableVersions == nil ? "!\(name).isDefault" : "\(name) != nil"
        case .primitive(.bytes): return "\(name) != []"
        case .primitive: return "\(name) != \(initialValue(field))"
        }
    }

    private func isTaggedStructure(_ name: String) -> Bool {
        (message.structures.flatMap(\.fields) + message.fields).contains {
            $0.tag != nil && $0.type == .structure(name)
        }
    }

    private func emitIsDefault(_ structure: Structure, into swift: inout SwiftText) {
        swift.line()
        swift.line("/// Whether every field has its default: such a tagged field is not written.")
        let differs = structure.fields.map(differsFromDefault).joined(separator: " || ")
        swift.line("var isDefault: Bool { !(\(differs)) }")
    }
}

/// The fewest bytes that a value can take on the wire, over all versions that we serve.
struct WireSizes {
    private let message: Message

    init(_ message: Message) { self.message = message }

    func minimum(_ type: FieldType) -> Int {
        let versions = message.versions
        return max(1, (versions.lower...versions.upper).map { size(type, version: $0, nullable: false) }.min() ?? 1)
    }

    private func size(_ type: FieldType, version: Int, nullable: Bool) -> Int {
        let flexible = message.flexibleFrom.map { version >= $0 } ?? false
        switch type {
        case .array: return flexible ? 1 : 4
        case .structure(let name):
            if nullable { return 1 }
            let fields = message.structures.first { $0.name == name }?.fields ?? []
            let present = fields.filter {
                $0.tag == nil && $0.versions.lower <= version && version <= $0.versions.upper
            }
            return present.reduce(flexible ? 1 : 0) {
                $0 + size($1.type, version: version, nullable: $1.nullableVersions != nil)
            }
        case .primitive(let primitive):
            switch primitive {
            case .bool, .int8: return 1
            case .int16, .uint16: return 2
            case .int32, .uint32: return 4
            case .int64, .float64: return 8
            case .uuid: return 16
            case .string: return flexible ? 1 : 2
            case .bytes, .records: return flexible ? 1 : 4
            }
        }
    }
}
