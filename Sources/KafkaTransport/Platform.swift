import ClusterCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// Every call to the operating system that this module makes itself is in this file.

/// The wall clock.
package enum WallClock {
    /// Milliseconds since the epoch.
    @inline(__always)
    package static func nowMs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// The clock that timers go by.
package enum MonotonicClock {
    /// Milliseconds since some moment before this process began. Nobody can set it.
    @inline(__always)
    package static func nowMs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

extension Now {
    /// What both clocks show.
    @inline(__always)
    package static func read() -> Now {
        Now(wallMs: WallClock.nowMs(), monotonicMs: MonotonicClock.nowMs())
    }
}

package enum FileDescriptorLimit {
    /// Raises the process's soft limit of open files to the hard limit.
    /// - Returns: the limit now in force.
    @discardableResult
    package static func raise() -> Int {
        var limit = rlimit()
        #if os(Linux)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else {
            return 256
        }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            // macOS refuses "unlimited" here; OPEN_MAX is what it takes.
            #if canImport(Darwin)
            raised.rlim_cur = min(limit.rlim_max, rlim_t(OPEN_MAX))
            #else
            raised.rlim_cur = limit.rlim_max
            #endif
            if setrlimit(resource, &raised) == 0 {
                limit = raised
            }
        }
        return Int(clamping: limit.rlim_cur)
    }
}

extension TransportError {
    /// What a failed bind means.
    static func binding(_ host: String, _ port: Int, code: Int32) -> TransportError {
        switch code {
        case EADDRINUSE: .addressInUse(host: host, port: port)
        case EACCES, EPERM: .cannotListen(host: host, port: port, reason: "permission denied")
        case EADDRNOTAVAIL: .cannotListen(host: host, port: port, reason: "not an address of this machine")
        default: .cannotListen(host: host, port: port, reason: systemText(code))
        }
    }
}

/// The system's words for an error number.
func systemText(_ code: Int32) -> String {
    String(cString: strerror(code))
}
