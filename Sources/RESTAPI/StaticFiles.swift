import HTTPTypes
import HummingbirdCore
import NIOCore

/// Files that are served beside the routes: to everybody, whether they have logged in or not.
package protocol StaticFiles: Sendable {
    /// The answer to a GET, or nil when no file is at that address for this client.
    func answer(to request: StaticRequest) -> StaticAnswer?
}

/// What of a request decides which file answers it.
package struct StaticRequest: Sendable {
    /// Path segments, percent-decoded.
    package var path: [String]
    /// Headers `Accept`, `Accept-Encoding` and `If-None-Match`.
    package var accept: String?
    package var acceptEncoding: String?
    package var ifNoneMatch: String?
}

/// A file with the headers that it is sent with.
package struct StaticAnswer: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension StaticFiles {
    /// The answer as the HTTP library has it.
    func response(path: [String], headers: HTTPFields, isHead: Bool) -> Response? {
        let request = StaticRequest(
            path: path, accept: headers[.accept], acceptEncoding: headers[.acceptEncoding],
            ifNoneMatch: headers[.ifNoneMatch])
        guard let answer = answer(to: request) else {
            return nil
        }
        var fields = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) {
                fields[name] = value
            }
        }
        var response = Response(
            status: HTTPResponse.Status(code: answer.status), headers: fields,
            body: answer.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        if answer.status == 304 {
            response.headers[.contentLength] = nil
        }
        return isHead ? response.createHeadResponse() : response
    }
}
