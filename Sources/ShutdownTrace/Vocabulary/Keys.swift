/// The names of the fields that Drainboard writes, as members: `TraceFormat.md` says what each means and where it belongs.
extension Fields.Key {
    // What an event is about, and how it went
    package static let id = Self(.id), order = Self(.order), method = Self(.method), path = Self(.path),
        kind = Self(.kind), status = Self(.status), fate = Self(.fate), bytes = Self(.bytes),
        expected = Self(.expected), took = Self(.took), closing = Self(.closing), key = Self(.key),
        attempt = Self(.attempt), belief = Self(.belief), rows = Self(.rows), amount = Self(.amount)

    // Signals and processes
    package static let signal = Self(.signal), pid = Self(.pid), sender = Self(.sender), ordinal = Self(.ordinal),
        by = Self(.by), target = Self(.target), caught = Self(.caught), ignored = Self(.ignored),
        blocked = Self(.blocked), how = Self(.how), code = Self(.code), core = Self(.core), command = Self(.command),
        parent = Self(.parent), threads = Self(.threads), pending = Self(.pending), listens = Self(.listens),
        product = Self(.product)

    // Resources, the log and what is left
    package static let name = Self(.name), index = Self(.index), detail = Self(.detail), text = Self(.text),
        level = Self(.level), count = Self(.count), open = Self(.open), left = Self(.left), cause = Self(.cause),
        outcome = Self(.outcome), port = Self(.port), answer = Self(.answer), file = Self(.file), lines = Self(.lines),
        lost = Self(.lost), clean = Self(.clean), charged = Self(.charged), acknowledged = Self(.acknowledged),
        twice = Self(.twice), ambiguous = Self(.ambiguous), matrix = Self(.matrix), stream = Self(.stream),
        source = Self(.source), inferred = Self(.inferred)

    // The load balancer and instances
    package static let failures = Self(.failures), threshold = Self(.threshold), interval = Self(.interval),
        instance = Self(.instance), balancer = Self(.balancer)

    // Sockets and threads, as the kernel shows them
    package static let waiting = Self(.waiting), backlog = Self(.backlog), quiet = Self(.quiet),
        unread = Self(.unread), unsent = Self(.unsent), call = Self(.call), fault = Self(.fault)

    // A header's facts, and the limits in seconds
    package static let server = Self(.server), seed = Self(.seed), rate = Self(.rate), unasked = Self(.unasked),
        untimed = Self(.untimed), lead = Self(.lead), drain = Self(.drain), workers = Self(.workers),
        ledger = Self(.ledger), flush = Self(.flush), margin = Self(.margin), grace = Self(.grace),
        invocation = Self(.invocation), url = Self(.url), version = Self(.version), host = Self(.host)
}
