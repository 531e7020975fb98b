import Glibc

/// What Linux tells of processes under `/proc` (proc(5)).
package enum ProcFS {
    /// Whether it is mounted.
    package static var isMounted: Bool { access("/proc/self/stat", R_OK) == 0 }

    /// The whole of a small file; nil when it cannot be read.
    package static func bytes(_ path: String, atMost limit: Int = 1 << 20) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let wanted = min(4_096, limit - bytes.count)
            let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4_096) { piece in
                let count = Glibc.read(descriptor, piece.baseAddress, wanted)
                if count > 0 { bytes += piece[..<count] }
                return count
            }
            // A process that is gone by now answers ESRCH.
            guard count >= 0 else { return nil }
            // What Linux tells of one process is never cut but at its end.
            if count < wanted { break }
        }
        return bytes
    }

    /// The same as text.
    package static func text(_ path: String, atMost limit: Int = 1 << 20) -> String? {
        bytes(path, atMost: limit).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Where a link leads, such as `socket:[215101]` for a descriptor.
    package static func link(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4_096) { text in
            guard let start = text.baseAddress else { return nil }
            let count = readlink(path, start, text.count)
            guard count > 0 else { return nil }
            return String(decoding: text[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// The names in a folder that are numbers: processes, threads or descriptors; at most so many.
    package static func numbers(in folder: String, atMost limit: Int = .max) -> [Int] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var numbers: [Int] = []
        while numbers.count < limit, let entry = readdir(stream) {
            let number = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { Self.number($0) }
            }
            if let number { numbers.append(number) }
        }
        return numbers
    }

    /// Whether one of a process's descriptors is one of these (`socket:[215101]`); nil where none of them can be read.
    package static func descriptors(of pid: Int, haveOneOf names: Set<String>) -> Bool? {
        var canRead = false
        for number in numbers(in: "/proc/\(pid)/fd", atMost: 4_096) {
            guard let name = link("/proc/\(pid)/fd/\(number)") else { continue }
            if names.contains(name) { return true }
            canRead = true
        }
        return canRead ? false : nil
    }

    /// The pid that the kernel gave to a process or thread last; pids are given in a circle.
    package static var lastPid: Int? {
        text("/proc/loadavg")?.split { $0 == " " || $0 == "\n" }.last.flatMap { Int($0) }
    }

    /// A command line as a trace tells it: without the folder of the executable, which is nobody else's business.
    package static func command(of pid: Int) -> String {
        var words = (text("/proc/\(pid)/cmdline", atMost: 4_096) ?? "").split(separator: "\0")
        // A program that writes a title of its own there may have slashes in it.
        if let first = words.first, first.hasPrefix("/"), let name = first.split(separator: "/").last {
            words[0] = name
        }
        let line = words.joined(separator: " ")
        if !line.isEmpty { return String(line.prefix(200)) }
        let name = text("/proc/\(pid)/comm")?.split(separator: "\n").first
        return name.map { "(\($0))" } ?? "(\(pid))"
    }

    /// The short name of its program, as `ps -C` knows it; empty when it is gone.
    package static func name(of pid: Int) -> String {
        text("/proc/\(pid)/comm").map { String($0.prefix { $0 != "\n" }) } ?? ""
    }

    /// Whether its environment has this entry, such as `NAME=value`; false for other people's processes.
    package static func environment(of pid: Int, has entry: String) -> Bool {
        guard let bytes = bytes("/proc/\(pid)/environ") else { return false }
        return bytes.split(separator: 0).contains { $0.elementsEqual(entry.utf8) }
    }

    private static func number(_ text: UnsafePointer<CChar>) -> Int? {
        var number = 0
        var index = 0
        while text[index] != 0 {
            let digit = Int(text[index]) - 48
            guard (0...9).contains(digit), index < 18 else { return nil }
            (number, index) = (number * 10 + digit, index + 1)
        }
        return index > 0 ? number : nil
    }
}
