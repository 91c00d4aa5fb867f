import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// How the HTTP listener is bound and whom it answers.
package struct HTTPServerConfiguration: Sendable {
    package var host: String
    /// 0 lets the system choose.
    package var port: Int
    /// Host names that requests may name besides the loopback ones; for listeners that are reached from elsewhere.
    package var allowedHosts: [String]
    /// Larger bodies are refused with 413.
    package var maximumBodyBytes: Int
    /// A connection whose next request, or the rest of one, does not come is closed after this time.
    package var idleTimeoutSeconds: Int64 = 10
    /// Connections beyond which the most silent one makes room for the next.
    package var places = 900
    /// Files that are served beside the routes.
    package var files: (any StaticFiles)?
    /// Connections that may be open at once, with those that are being closed; more wait to be accepted.
    var maximumConnections: Int { places + max(4, places / 9) }  // bounded: by the process's descriptors

    package init(
        host: String = "127.0.0.1", port: Int = 8090, allowedHosts: [String] = [],
        maximumBodyBytes: Int = 2 * 1024 * 1024
    ) {
        self.host = host
        self.port = port
        self.allowedHosts = allowedHosts
        self.maximumBodyBytes = maximumBodyBytes
    }
}

/// The HTTP service. ``run()`` it; it stops once ``HTTPConnections/finish()`` has ended its connections.
///
/// It stands on the library's server alone. The library's application around it makes a group of services that are told
/// apart by reflection, and wakes up every second to format the date.
package struct HTTPServer: Sendable {
    private let configuration: HTTPServerConfiguration
    private let group: any EventLoopGroup
    private let logger: Logger
    private let connections: HTTPConnections
    private let responder: RESTResponder
    private let onRunning: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - group: where connections are served; not the loops that own clusters.
    ///   - nowMs: the time that answers bear, milliseconds since the epoch.
    ///   - connections: gets to know the listener and every connection.
    ///   - table: what is served.
    ///   - onRunning: told the port once the listener accepts.
    package init(
        fleet: any FleetBackend, configuration: HTTPServerConfiguration, group: any EventLoopGroup, logger: Logger,
        nowMs: @escaping @Sendable () -> Int64, connections: HTTPConnections = HTTPConnections(),
        table: RouteTable = RouteTable(),
        onRunning: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.configuration = configuration
        self.group = group
        self.logger = logger
        self.connections = connections
        self.onRunning = onRunning
        responder = RESTResponder(
            fleet: fleet, configuration: configuration, logger: logger, nowMs: nowMs, streams: connections.streams,
            table: table)
    }

    /// - Throws: why the listener could not be had.
    package func run() async throws {
        let places = HTTPPlaces(limit: configuration.places, streams: connections.streams)
        let (configuration, connections, onRunning, responder) = (configuration, connections, onRunning, responder)
        let builder = HTTPServerBuilder { responder in
            TrackedHTTPChannel(
                base: HTTP1Channel(
                    responder: responder,
                    configuration: HTTP1Channel.Configuration(
                        additionalChannelHandlers: [HTTPPlaceHandler(places)],
                        idleTimeout: .seconds(configuration.idleTimeoutSeconds),
                        httpDecoderConfiguration: .init(maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 64 * 1024))),
                connections: connections)
        }
        let server = try builder.buildServer(
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.maximumConnections)),
            eventLoopGroup: group, logger: logger,
            responder: { (request, writer: consuming ResponseWriter, channel) in
                if responder.isAwaited(request) {
                    try await writer.writeInformationalHead(HTTPResponse(status: .continue))
                }
                let response = try await responder.respond(to: request, on: channel)
                do {
                    try await writer.write(response: response.head, body: response.body)
                } catch is HTTPParserError {
                    throw BrokenRequest()
                }
            },
            onServerRunning: { channel in
                connections.listens(channel)
                await onRunning(channel.localAddress?.port ?? configuration.port)
            })
        try await server.run()
    }
}

/// What comes after an answer has begun is no HTTP: a second answer must not follow.
private struct BrokenRequest: Error {}

/// Carries requests between the HTTP library and the route table.
struct RESTResponder: Sendable {
    let fleet: any FleetBackend
    let guardian: HostGuard
    let maximumBodyBytes: Int
    let files: (any StaticFiles)?
    let table: RouteTable
    let streams: HTTPStreams
    let logger: Logger
    let nowMs: @Sendable () -> Int64

    init(
        fleet: any FleetBackend, configuration: HTTPServerConfiguration, logger: Logger,
        nowMs: @escaping @Sendable () -> Int64, streams: HTTPStreams = HTTPStreams(), table: RouteTable = RouteTable()
    ) {
        self.fleet = fleet
        self.streams = streams
        self.table = table
        self.logger = logger
        self.nowMs = nowMs
        guardian = HostGuard(allowed: configuration.allowedHosts)
        maximumBodyBytes = configuration.maximumBodyBytes
        files = configuration.files
    }

    /// Whether a client holds its body back until it is asked for it, and it is to be asked.
    func isAwaited(_ request: Request) -> Bool {
        request.headers[.expect]?.lowercased() == "100-continue" && !isTooLong(request)
    }

    /// How many bytes the body of a request may have that is read as a whole.
    private func bodyLimit(_ request: Request) -> Int {
        let target = try? RESTRequest(method: .post, target: request.head.path ?? "/", base: "")
        let isRecords = request.method == .post && target.map { RecordRoutes.matches($0.path) } ?? false
        return isRecords ? RecordRoutes.maximumBodyBytes : maximumBodyBytes
    }

    /// Whether a request says that its body is longer than it may be.
    private func isTooLong(_ request: Request) -> Bool {
        guard let length = request.headers[.contentLength].flatMap({ Int($0) }) else {
            return false
        }
        return length > bodyLimit(request)
    }

    /// The answer, with what every answer bears.
    /// - Parameter channel: the connection, by whose end that of a stream's client is known; nil without one.
    /// - Throws: only what is wrong with the request as HTTP, for the library to answer.
    func respond(to request: Request, on channel: (any Channel)? = nil) async throws -> Response {
        var response: Response
        do {
            response = try await answer(request, channel)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            logger.debug("a request was not read to its end: \(error)")
            response = Response(status: .internalServerError)
        }
        response.headers[.date] = Timestamp.httpDate(nowMs())
        response.headers[.server] = "twinlog"
        return response
    }

    private func answer(_ request: Request, _ channel: (any Channel)?) async throws -> Response {
        let isHead = request.method == .head
        let target = request.head.path ?? "/"
        guard let method = isHead ? .get : HTTPMethod(rawValue: request.method.rawValue) else {
            return convert(
                RESTResponse(RESTError(status: 405, code: 405, message: "HTTP 405 Method Not Allowed")), isHead: isHead)
        }
        let authority = request.head.authority ?? ""
        var message: RESTRequest
        do throws(RESTError) {
            try guardian.check(authority: authority, origin: request.headers[.origin])
            message = try RESTRequest(method: method, target: target, base: "http://\(authority)")
        } catch {
            return convert(RESTResponse(error), isHead: isHead)
        }
        if method == .get,
            let file = files?.response(path: message.path, headers: request.headers, isHead: isHead)
        {
            return file
        }
        message.authorization = request.headers[.authorization]
        message.browser = BrowserFacts(headers: request.headers, authority: authority)
        message.contentType = request.headers[.contentType]
        let isRecords = method == .post && RecordRoutes.matches(message.path)
        if isRecords, request.headers[.contentLength] == nil {
            return await streamRecords(message, request.body)
        }
        let limit = isRecords ? RecordRoutes.maximumBodyBytes : maximumBodyBytes
        do {
            guard !isTooLong(request) else {
                throw NIOTooManyBytesError(maxBytes: limit)
            }
            let buffer = try await request.body.collect(upTo: limit)
            message.body = Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            let text = "The request body is larger than \(limit) bytes."
            let error = RESTError(status: 413, code: 413, message: text)
            return convert(RESTResponse(error, style: ErrorStyle(path: message.path)), isHead: isHead)
        }
        let logger = logger
        let report: @Sendable (any Error) -> Void = { logger.error("\(method.rawValue) \(target) failed: \($0)") }
        let response = await table.respond(to: message, fleet: fleet, report: report)
        guard let stream = response.stream, !isHead else {
            return convert(response, isHead: isHead)
        }
        do throws(RESTError) {
            return convert(response, stream, on: try streams.take(channel), report)
        } catch {
            return convert(RESTResponse(error, style: ErrorStyle(path: message.path)), isHead: false)
        }
    }

    /// An answer that is written piece by piece.
    private func convert(
        _ response: RESTResponse, _ stream: EventStream, on place: HTTPStreamPlace,
        _ report: @escaping @Sendable (any Error) -> Void
    ) -> Response {
        var answer = convert(response, isHead: false)
        answer.body = ResponseBody { writer in
            // The library's writer is a handle that several tasks may write to; its protocol does not say so.
            nonisolated(unsafe) let sink = writer
            await place.run(stream, report: report) { bytes in
                var sink = sink
                try await sink.write(ByteBuffer(bytes: bytes))
            }
            try await writer.finish(nil)
        }
        return answer
    }

    /// Streaming mode of produce: answers go out as records come in, for as long as the client likes.
    private func streamRecords(_ message: RESTRequest, _ body: RequestBody) async -> Response {
        var message = message
        message.captures = ["cluster_id": message.path[3], "topic_name": message.path[5]]
        let stream: RecordStream
        do {
            try await Access.check(message, fleet)
            stream = try await RecordStream(message, fleet)
        } catch {
            let logger = logger
            return convert(
                RESTResponse(
                    RESTError.describing(error) { logger.error("produce failed: \($0)") }, to: message),
                isHead: false)
        }
        let answers = ResponseBody { writer in
            var splitter = JSONSplitter()
            func answer(_ document: [UInt8]) async throws {
                let result = await stream.produce(document)
                var buffer = ByteBuffer(bytes: result.json.encoded())
                buffer.writeString("\n")
                try await writer.write(buffer)
            }
            do {
                for try await chunk in body {
                    for document in try splitter.take(chunk.readableBytesView) {
                        try await answer(document)
                    }
                }
                if let rest = splitter.finish() {
                    try await answer(rest)
                }
            } catch let error as RESTError {
                try await writer.write(ByteBuffer(bytes: ErrorStyle.kafka.body(error).encoded()))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: answers)
    }

    private func convert(_ response: RESTResponse, isHead: Bool) -> Response {
        var headers = HTTPFields()
        if !response.body.isEmpty || response.stream != nil {
            headers[.contentType] = response.contentType
        }
        // What a cluster answers is only true now, and never a page that another site may frame or sniff.
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        if let challenge = response.challenge {
            headers[.wwwAuthenticate] = challenge
        }
        headers[.setCookie] = response.cookie
        if !response.allowedMethods.isEmpty {
            headers[.allow] = response.allowedMethods.map { $0.rawValue }.joined(separator: ", ")
        }
        let status = HTTPResponse.Status(code: response.status)
        var answer = Response(
            status: status, headers: headers,
            body: response.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: response.body)))
        if response.status == 204 {
            answer.headers[.contentLength] = nil
        }
        return isHead ? answer.createHeadResponse() : answer
    }
}
