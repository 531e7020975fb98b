import ArgumentParser
import DrainboardKit
import ShutdownTrace

/// Signals as a person writes them on the command line.
extension SignalChoice {
    /// Reads `TERM`, `TERM,INT,15` or `all`.
    ///
    /// - Throws: `ValidationError` for what is no signal.
    static func find(_ text: String) throws -> SignalChoice {
        if text.lowercased() == "all" { return SignalChoice(signals: known, isSearch: true) }
        var signals: [Signal] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let signal = try Signal.find(String(part))
            if !signals.contains(signal) { signals.append(signal) }
        }
        return SignalChoice(signals: signals, isSearch: false)
    }
}

extension Signal {
    /// Reads `TERM`, `SIGTERM` or `15`.
    ///
    /// - Throws: `ValidationError`, which names all signals.
    static func find(_ text: String) throws -> Signal {
        if let signal = Signal(text) { return signal }
        let names = Signal.all.map(\.shortName).joined(separator: " ")
        throw ValidationError("There is no signal \"\(text)\". Choose one of: \(names), or a number from 1 to 64.")
    }
}
