import Platform
package import ShutdownTrace

/// How long the threads of a server were ready to run and had no processor, since the first look.
///
/// The kernel counts that for each thread in nanoseconds (`/proc/PID/task/TID/schedstat`, second number; Linux's
/// Documentation/scheduler/sched-stats.rst). A server on a busy machine is late by so much through no fault of its own.
package struct ProcessorWaitSampler: Sendable {
    /// Each thread's count when it was first seen, in nanoseconds; nil until the first look.
    private var before: [Int: Int]?
    private var told = Time.zero
    /// Threads that one look reads, over all processes.
    static let most = 128
    /// Growth that is news.
    package static let step = Time.milliseconds(50)

    package init() {}

    /// Reads the counts of these processes' threads.
    ///
    /// - Returns: The longest wait of one thread since the first look, if it grew by a step since the last report.
    package mutating func look(at pids: some Sequence<Int>) -> Time? { take(Self.counts(of: pids)) }

    /// The same with counts that were read, in nanoseconds by thread.
    mutating func take(_ counts: [Int: Int]) -> Time? {
        guard let before else {
            before = counts
            return nil
        }
        // A thread that is new since the first look waited all its time in the shutdown.
        let longest = counts.map { $0.value - (before[$0.key] ?? 0) }.max() ?? 0
        let wait = Time(microseconds: Int64(longest / 1_000))
        guard wait - told >= Self.step else { return nil }
        told = wait
        return wait
    }

    private static func counts(of pids: some Sequence<Int>) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for pid in pids {
            for thread in ProcFS.numbers(in: "/proc/\(pid)/task", atMost: most - counts.count) {
                let numbers = ProcFS.text("/proc/\(pid)/task/\(thread)/schedstat", atMost: 64)?.split(separator: " ")
                guard let numbers, numbers.count > 1, let wait = Int(numbers[1]) else { continue }
                counts[thread] = wait
            }
        }
        return counts
    }
}
