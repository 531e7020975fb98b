internal import ShutdownTrace

/// The keys that a person presses first: they send the signal that the lesson is about, which is SIGTERM for most.
struct FirstKey {
    let signal: Signal

    /// One key, as the table of keys names it.
    var key: String {
        switch signal {
        case .terminate: "t"
        case .interrupt: "i"
        case .kill: "K"
        default: "s"
        }
    }

    /// All that has to be pressed: "t", "K and y", "s and choose HUP".
    var keys: String {
        switch key {
        case "K": "K and y"
        case "s": "s and choose \(signal.shortName)"
        default: key
        }
    }

    /// "ask it to stop", after "to".
    var purpose: String { signal == .kill ? "kill it" : "ask it to stop" }

    /// "t stops it".
    var brief: String { signal == .kill ? "K kills it" : key == "s" ? keys : "\(key) stops it" }
}
