import Platform

/// The TCP ports on which processes listen.
package enum ListeningPorts {
    /// The ports of these processes of one network namespace (`/proc/PID/net/tcp`, proc(5)), at most eight, lowest first.
    ///
    /// They are named to a person whose server does not listen on the expected port.
    package static func of(_ pids: [Int]) -> [Int] {
        pids.first.map { held(by: pids, of: table(of: $0)) } ?? []
    }

    /// The ports of the sockets that one of the processes holds, at most eight, lowest first.
    ///
    /// `sockets` has the port of each socket by its inode.
    package static func held(by pids: [Int], of sockets: [Int: Int]) -> [Int] {
        held(by: pids, of: Dictionary(uniqueKeysWithValues: sockets.map { ("socket:[\($0)]", $1) }))
    }

    private static func held(by pids: [Int], of names: [String: Int]) -> [Int] {
        var ports: Set<Int> = []
        for pid in pids.prefix(64) {
            for number in ProcFS.numbers(in: "/proc/\(pid)/fd", atMost: 4_096) {
                guard let link = ProcFS.link("/proc/\(pid)/fd/\(number)"), let port = names[link] else { continue }
                ports.insert(port)
            }
        }
        return Array(ports.sorted().prefix(8))
    }

    /// The port of each listening socket, by the name of its descriptor.
    private static func table(of pid: Int) -> [String: Int] {
        var ports: [String: Int] = [:]
        for file in ["tcp", "tcp6"] {
            let text = ProcFS.text("/proc/\(pid)/net/\(file)", atMost: 4 << 20) ?? ""
            for row in text.split(separator: "\n").dropFirst() {
                let words = row.split(separator: " ")
                // Number, local address, remote address, state (0A listens), five more, inode.
                guard words.count > 9, words[3] == "0A", let digits = words[1].split(separator: ":").last,
                    let port = Int(digits, radix: 16)
                else { continue }
                ports["socket:[\(words[9])]"] = port
            }
        }
        return ports
    }
}
