#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The ends of lines in bytes.
extension UnsafeRawBufferPointer {
    /// The offset of the first newline at or after `start`.
    package func newline(from start: Int) -> Int? {
        guard start < count, let baseAddress else { return nil }
        return memchr(baseAddress + start, Int32(UInt8(ascii: "\n")), count - start).map {
            baseAddress.distance(to: $0)
        }
    }
}
