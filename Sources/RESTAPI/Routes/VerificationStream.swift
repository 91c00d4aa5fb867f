import Synchronization

/// `GET …/mirrors/{mirror_topic_name}/verification:stream`: the byte proof as it goes on, as server-sent events.
enum VerificationStream {
    static let path =
        "/twinlog/v1/clusters/{cluster_id}/links/{link_name}/mirrors/{mirror_topic_name}/verification:stream"
    private static let interval = Duration.milliseconds(250)

    static let route = Route(.get, PathTemplate(path)) { request, fleet in
        let cluster = try await fleet.cluster(request)
        let mirror = try await MirrorRoutes.find(request, cluster)
        return .events { events in
            let board = Board()
            let (results, done) = AsyncStream.makeStream(of: Result<VerifyReport, any Error>.self)
            let work = Task {
                do {
                    let report = try await cluster.verify(
                        topic: mirror.mirrorTopicName, link: mirror.linkName, progress: { board.note($0) })
                    done.yield(.success(report))
                } catch {
                    done.yield(.failure(error))
                }
                done.finish()
            }
            let clock = Task {
                while true {
                    try await Task.sleep(for: interval)
                    try await tell(board, events)
                }
            }
            defer {
                // The proof itself ends with the next chunk; nobody waits for it.
                board.close()
                work.cancel()
                clock.cancel()
            }
            for await result in results {
                let report = try result.get()
                clock.cancel()
                _ = await clock.result
                try await tell(board, events)
                return try await events.send("end", MirrorRoutes.describe(report, request))
            }
        }
    }

    private static func tell(_ board: Board, _ events: EventWriter) async throws {
        for news in board.take() {
            try await events.send(
                "progress",
                [
                    "partition_id": JSON(news.partition), "compared_bytes": JSON(news.comparedBytes),
                    "total_bytes": JSON(news.totalBytes), "compared_records": JSON(news.comparedRecords),
                ])
        }
    }

    /// What is known of each partition and not told yet.
    private final class Board: Sendable {
        private struct State {
            var news: [Int32: VerifyProgress] = [:]
            var isClosed = false
        }

        private let state = Mutex(State())

        /// - Returns: whether anybody wants to know more.
        func note(_ news: VerifyProgress) -> Bool {
            state.withLock { state in
                state.news[news.partition] = news
                return !state.isClosed
            }
        }

        func take() -> [VerifyProgress] {
            state.withLock { state in
                defer { state.news = [:] }
                return state.news.values.sorted { $0.partition < $1.partition }
            }
        }

        func close() {
            state.withLock { $0.isClosed = true }
        }
    }
}
