import Glibc
package import ShutdownTrace

/// The two clocks of the machine (clock_gettime(2)).
package enum Clock {
    /// CLOCK_MONOTONIC, which all processes of a machine share.
    package static func now() -> Time { read(CLOCK_MONOTONIC) }

    /// The wall clock in microseconds since 1970.
    package static func sinceEpoch() -> Int64 { read(CLOCK_REALTIME).microseconds }

    /// The wall clock in RFC 3339, UTC, for the header of a trace.
    package static func wall() -> String { CivilTime(sinceEpoch: sinceEpoch()).rfc3339(decimals: 3) }

    private static func read(_ id: clockid_t) -> Time {
        var time = timespec()
        clock_gettime(id, &time)
        return Time(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
