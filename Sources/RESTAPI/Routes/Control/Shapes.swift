/// Shapes that all objects of the control plane share.
enum ControlShape {
    /// `metadata` of one object.
    static func metadata(
        _ request: RESTRequest, path: String, resource: String, createdMs: Int64, updatedMs: Int64
    ) -> JSON {
        [
            "self": .string(request.base + path),
            "resource_name": .string("crn://twinlog/organization=\(LocalIdentity.organizationID)\(resource)"),
            "created_at": .string(Timestamp.text(createdMs)),
            "updated_at": .string(Timestamp.text(updatedMs)),
        ]
    }

    /// A reference to another object.
    static func reference(_ request: RESTRequest, _ id: String, path: String, resource: String) -> JSON {
        [
            "id": .string(id), "related": .string("\(request.base)\(path)/\(PercentEncoding.encode(id))"),
            "resource_name": .string("crn://twinlog/organization=\(LocalIdentity.organizationID)\(resource)"),
        ]
    }

    static func checkName(_ name: String, at pointer: String) throws(RESTError) {
        guard DisplayName.isFit(name) else {
            throw .unprocessable("A display name has \(DisplayName.rule).", at: pointer)
        }
    }
}

/// Names that are shown: something to see, and not a page of text.
package enum DisplayName {
    /// What ``isFit(_:)`` asks for, in words.
    package static let rule = "from 1 to 64 characters, and no control characters"

    package static func isFit(_ name: String) -> Bool {
        let hasControls = name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        return !hasControls && name.contains(where: { !$0.isWhitespace }) && name.count <= 64
    }
}
