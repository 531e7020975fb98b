import Dispatch
import Glibc
import Platform
import Player
import Screen
import ShutdownBoard
import ShutdownTrace

/// Makes a large recording, or measures how fast one is opened, read and sought.
///
/// Usage: `replay-cost make EVENTS SEED RATE FILE`, with RATE requests a second, or `replay-cost measure FILE SEEKS`, which prints one line a number: its
/// name and its value in milliseconds, or, for memory, in bytes. `replay-cost names COUNT` looks so many names of events up.
@main
enum ReplayCost {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.count) {
        case ("make", 5):
            guard let count = Int(arguments[2]), let seed = UInt64(arguments[3]), let rate = Int(arguments[4]),
                count > 0, rate > 0
            else { break }
            return make(count, seed, rate, arguments[5])
        case ("measure", 3):
            guard let seeks = Int(arguments[3]) else { break }
            return try measure(arguments[2], seeks)
        case ("names", 2):
            guard let count = Int(arguments[2]) else { break }
            return lookUp(count)
        default: break
        }
        print("usage: replay-cost make EVENTS SEED RATE FILE | measure FILE SEEKS | names COUNT")
        exit(2)
    }

    private static func make(_ count: Int, _ seed: UInt64, _ rate: Int, _ path: String) {
        guard let file = fopen(path, "w") else { return perror(path) }
        defer { fclose(file) }
        let run = BusyRun(events: count, seed: seed, rate: rate) { fwrite($0, 1, $0.count, file) }
        print(run.written)
    }

    private static func measure(_ path: String, _ seeks: Int) throws {
        let news = DispatchSemaphore(value: 0)
        let start = Clock.now
        let timeline = try Timeline(contentsOf: path) { news.signal() }
        var player = Player(timeline)
        player.update(at: .zero)
        _ = frame(player)
        print("first-frame", Clock.milliseconds(since: start))
        // As `replay --frame` waits: the news itself is for the player to take, afterwards.
        while !timeline.isCaughtUp { _ = news.wait(timeout: .now() + .milliseconds(2)) }
        player.update(at: .zero)
        print("seekable", Clock.milliseconds(since: start))
        print("seekable-cpu", Clock.processor)
        print("events", timeline.count)
        print("resident", resident("VmRSS:"))
        var random = SplitMix(seed: 1)
        for _ in 0..<seeks {
            let time = Time(microseconds: .random(in: 0...timeline.end.microseconds, using: &random))
            let (start, processor) = (Clock.now, Clock.thread)
            player.perform(.to(time), at: .zero)
            _ = frame(player)
            print("seek", Clock.milliseconds(since: start))
            print("seek-cpu", Clock.thread - processor)
        }
        print("resident-after", resident("VmRSS:"))
        print("resident-most", resident("VmHWM:"))
    }

    /// The processor's time for looking up names by ShutdownTrace's own table, and by a dictionary of strings.
    private static func lookUp(_ count: Int) {
        let names = EventKind.allCases.map(\.rawValue)
        let dictionary = Dictionary(uniqueKeysWithValues: zip(names, EventKind.allCases))
        let ways: [(name: String, kind: (String) -> EventKind?)] = [
            ("lexicon", { EventKind(name: $0) }), ("dictionary", { dictionary[$0] }),
        ]
        for way in ways {
            let start = Clock.thread
            var found = 0
            for index in 0..<count where way.kind(names[index % names.count]) != .unknown { found += 1 }
            print("names-\(way.name)", Clock.thread - start)
            precondition(found >= count - count / names.count - 1)
        }
    }

    private static func frame(_ player: Player) -> Frame {
        Painter.frame(
            board: player.board, view: View(), now: player.position.time, size: Size(columns: 120, rows: 40),
            capabilities: Capabilities(isUTF8: true))
    }

    /// Bytes of a line of `/proc/self/status` (proc(5)).
    private static func resident(_ name: String) -> Int {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var bytes = [CChar](repeating: 0, count: 256)
        while fgets(&bytes, Int32(bytes.count), file) != nil {
            let words = bytes.prefix { $0 != 0 }.split { $0 == 9 || $0 == 32 }.map { word in
                String(decoding: word.map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
            if words.first == name, words.count > 1 { return 1_024 * (Int(words[1]) ?? 0) }
        }
        return 0
    }
}

/// Milliseconds of CLOCK_MONOTONIC and of the processor.
enum Clock {
    static var now: Double { read(CLOCK_MONOTONIC) }

    static func milliseconds(since start: Double) -> Double { now - start }

    /// Of all threads of this process, since it began.
    static var processor: Double { read(CLOCK_PROCESS_CPUTIME_ID) }

    /// Of this thread.
    static var thread: Double { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }
}
