import CYAML

extension YAMLNode {
    /// Levels of nesting that a document may have; ours have four.
    package static let maximumDepth = 64

    /// Reads one document. Anchors, aliases, tags of other kinds, keys that are no texts and keys that appear twice are
    /// refused: no configuration needs them, and each has surprised somebody.
    ///
    /// - Returns: nil for a text without content.
    /// - Throws: ``YAMLError``.
    package static func parse(_ text: String) throws(YAMLError) -> YAMLNode? {
        let result: Result<YAMLNode?, YAMLError> = Array(text.utf8).withUnsafeBufferPointer { bytes in
            var parser = yaml_parser_t()
            guard yaml_parser_initialize(&parser) == 1 else {
                return .failure(YAMLError(line: 1, "no memory"))
            }
            defer { yaml_parser_delete(&parser) }
            yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
            do throws(YAMLError) {
                return .success(try document(&parser))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func document(_ parser: inout yaml_parser_t) throws(YAMLError) -> YAMLNode? {
        var root: YAMLNode?
        while true {
            let event = try Event.next(&parser)
            switch event.kind {
            case .end: return root
            case .frame: continue
            default:
                guard root == nil else {
                    throw YAMLError(line: event.line, "a second document begins")
                }
                root = try node(event, &parser, depth: 1)
            }
        }
    }

    private static func node(
        _ event: Event, _ parser: inout yaml_parser_t, depth: Int
    ) throws(YAMLError) -> YAMLNode {
        guard depth <= maximumDepth else {
            throw YAMLError(line: event.line, "nested more than \(maximumDepth) levels deep")
        }
        switch event.kind {
        case .scalar(let text): return .scalar(text, line: event.line)
        case .sequence:
            var items: [YAMLNode] = []
            while true {
                let next = try Event.next(&parser)
                if next.kind == .close {
                    return .sequence(items, line: event.line)
                }
                items.append(try node(next, &parser, depth: depth + 1))
            }
        case .mapping:
            var entries: [Entry] = []
            var keys: Set<String> = []
            while true {
                let next = try Event.next(&parser)
                guard next.kind != .close else {
                    return .mapping(entries, line: event.line)
                }
                guard case .scalar(let key) = next.kind else {
                    throw YAMLError(line: next.line, "a key has to be a text")
                }
                guard keys.insert(key).inserted else {
                    throw YAMLError(line: next.line, "'\(key)' appears twice")
                }
                entries.append(Entry(key: key, value: try node(try Event.next(&parser), &parser, depth: depth + 1)))
            }
        case .alias: throw YAMLError(line: event.line, "aliases (*name) are not supported")
        case .frame, .close, .end: throw YAMLError(line: event.line, "a value is missing")
        }
    }
}

/// One step of the library, in our terms.
private struct Event {
    enum Kind: Equatable {
        case scalar(String), sequence, mapping, close, alias, frame, end
    }

    let kind: Kind
    let line: Int

    /// Tags that say what the value looks like anyway.
    private static let plainTags = Set(["!"] + ["str", "map", "seq"].map { "tag:yaml.org,2002:" + $0 })

    static func next(_ parser: inout yaml_parser_t) throws(YAMLError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else {
            let problem = parser.problem.map { String(cString: $0) } ?? "not readable as YAML"
            // A character that is no UTF-8 has a place in bytes only.
            throw YAMLError(line: line(parser.problem_mark), problem)
        }
        defer { yaml_event_delete(&event) }
        let line = line(event.start_mark)
        var kind = Kind.frame
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            try check(scalar.anchor, scalar.tag, line)
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            kind = .scalar(String(decoding: bytes, as: UTF8.self))
        case YAML_SEQUENCE_START_EVENT:
            try check(event.data.sequence_start.anchor, event.data.sequence_start.tag, line)
            kind = .sequence
        case YAML_MAPPING_START_EVENT:
            try check(event.data.mapping_start.anchor, event.data.mapping_start.tag, line)
            kind = .mapping
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .close
        case YAML_ALIAS_EVENT: kind = .alias
        case YAML_STREAM_END_EVENT: kind = .end
        default: break
        }
        return Event(kind: kind, line: line)
    }

    private static func check(
        _ anchor: UnsafeMutablePointer<UInt8>?, _ tag: UnsafeMutablePointer<UInt8>?, _ line: Int
    ) throws(YAMLError) {
        if anchor != nil {
            throw YAMLError(line: line, "anchors (&name) are not supported")
        }
        if let tag, case let name = String(cString: tag), !plainTags.contains(name) {
            throw YAMLError(line: line, "the tag \(name) is not supported")
        }
    }

    private static func line(_ mark: yaml_mark_t) -> Int { Int(clamping: mark.line) &+ 1 }
}
