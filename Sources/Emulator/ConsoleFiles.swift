import RESTAPI
import WebConsole

/// The web console, as the HTTP surface takes it.
struct ConsoleFiles: StaticFiles {
    let pages = ConsolePages()

    func answer(to request: StaticRequest) -> StaticAnswer? {
        let answer = pages.answer(
            to: ConsoleRequest(
                path: request.path, accept: request.accept, acceptEncoding: request.acceptEncoding,
                ifNoneMatch: request.ifNoneMatch))
        return answer.map { StaticAnswer(status: $0.status, headers: $0.headers, body: $0.body) }
    }
}
