internal import Glibc
package import ShutdownTrace

/// The one clock of the server: CLOCK_MONOTONIC, which all processes of a machine share (clock_gettime(2)).
package enum Clock {
    package static func now() -> Time {
        var spec = timespec()
        clock_gettime(CLOCK_MONOTONIC, &spec)
        return Time(microseconds: Int64(spec.tv_sec) * 1_000_000 + Int64(spec.tv_nsec) / 1_000)
    }

    /// The wall clock in RFC 3339, UTC, for the trace's header.
    package static func wall() -> String {
        var spec = timespec()
        clock_gettime(CLOCK_REALTIME, &spec)
        var parts = tm()
        gmtime_r(&spec.tv_sec, &parts)
        let date = [
            pad(Int(parts.tm_year) + 1900, 4), pad(Int(parts.tm_mon) + 1, 2), pad(Int(parts.tm_mday), 2),
        ].joined(separator: "-")
        let time = [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)].map { pad($0, 2) }
            .joined(separator: ":")
        return "\(date)T\(time).\(pad(spec.tv_nsec / 1_000_000, 3))Z"
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
