/// The names of fields that are kept as one byte, because a trace repeats them in every line.
enum KnownKey: UInt8, CaseIterable, Sendable {
    // What every event has
    case seq, t, src, ev

    // What only a header has
    case drainboard, started, clock, title

    // What has a member of ``Fields/Key``
    case id, order, method, path, kind, status, fate, bytes, expected, took, closing, key, attempt, belief,
        rows, amount, signal, pid, sender, ordinal, by, caught, ignored, blocked, how, code, core, command,
        product, name, index, detail, text, level, count, open, left, cause, outcome, port, answer, file,
        lines, lost, clean, charged, acknowledged, twice, ambiguous, failures, threshold, stream, source,
        inferred, interval, instance, balancer, target, matrix, lead, drain, workers, ledger, flush, margin, grace,
        parent, threads, pending, listens, waiting, backlog, quiet, unread, unsent, call, fault, server, seed, rate,
        unasked, untimed, invocation, url, version, host

    /// As they are written: the names of the cases.
    static let names = allCases.map { String(describing: $0) }

    /// Whether every event has it, in a place of its own.
    var isOfEveryEvent: Bool { rawValue <= KnownKey.ev.rawValue }

    static let lexicon = Lexicon(zip(names, allCases).map { ($0, $1) })
}

extension Fields.Key {
    static let drainboard = Self(.drainboard)
}
