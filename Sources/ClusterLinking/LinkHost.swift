import ClusterCore
import KafkaClient

/// The destination cluster's owner, as its links see it. Everything happens on the thread that steps the cluster.
package protocol LinkHost: AnyObject {
    /// Steps the cluster with the present time in milliseconds since the epoch. Not to be nested.
    func withCluster<T>(_ body: (inout Cluster, Int64) -> T) -> T

    /// Dials sources; calls back on the cluster's thread.
    var transport: any Transport { get }

    /// Lets another thread do what may take long. `then` is called later, on the cluster's thread, unless that has
    /// ended.
    func performElsewhere<T: Sendable>(_ work: @escaping @Sendable () -> T, then: @escaping (T) -> Void)

    /// One line for the operator.
    func log(_ level: Notice.Level, _ text: String)
}

extension LinkHost {
    /// Like ``withCluster(_:)``, for steps that can be refused.
    package func tryCluster<T, E: Error>(_ body: (inout Cluster, Int64) throws(E) -> T) throws(E) -> T {
        let result = withCluster { cluster, now -> Result<T, E> in
            do throws(E) {
                return .success(try body(&cluster, now))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
