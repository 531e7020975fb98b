internal import Glibc

/// Writes every byte, however long it takes; false when that is impossible.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    writeWhatFits(bytes, to: descriptor) == bytes.count
}

/// Writes as much as there is room for, however long it takes; errno says why not all.
///
/// - Returns: The number of bytes that were written.
package func writeWhatFits(_ bytes: [UInt8], to descriptor: Int32) -> Int {
    var done = 0
    while done < bytes.count {
        let count = bytes.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            return write(descriptor, rest.baseAddress, rest.count)
        }
        if count > 0 {
            done += count
        } else if errno == EAGAIN {
            var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&wanted, 1, -1)
        } else if errno != EINTR {
            break
        }
    }
    return done
}
