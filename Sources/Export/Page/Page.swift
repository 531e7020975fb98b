package import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// A run as one file of HTML that plays and scrubs it, without a network.
///
/// Its content security policy allows only its own script and style, named by their hashes. Everything that comes from
/// the run lies in one element as JSON, and the script puts it on the page as text only.
package struct Page {
    let summary: RunSummary
    let film: Film
    let theme: Theme

    private let frameTable: FrameTable

    /// - Parameters:
    ///   - summary: The whole run.
    ///   - film: Its frames.
    ///   - theme: The colours.
    ///   - mostBytes: What the frames take at most; where they would take more, every second one is left out, again and
    ///     again.
    package init(_ summary: RunSummary, _ film: Film, theme: Theme = .dark, mostBytes: Int = 3_000_000) {
        self.summary = summary
        self.theme = theme
        var film = film
        var frameTable = FrameTable(film)
        while frameTable.json.utf8.count > mostBytes, film.shots.count > 2 {
            film = film.halved()
            frameTable = FrameTable(film)
        }
        self.film = film
        self.frameTable = frameTable
    }

    /// The document.
    package var html: String {
        let board = summary.board
        let verdict = Judge(board).verdict
        let title = "\(board.title): \(verdict.word.rawValue)"
        return """
            <!DOCTYPE html>
            <html lang="en" class="\(theme.name)">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '\(PageParts.scriptHash)'; \
            style-src '\(PageParts.styleHash)'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(xmlEscaped(title))</title>
            <style>\(PageParts.style)</style>
            </head>
            <body>
            <h1>\(xmlEscaped(title))</h1>
            <p>\(xmlEscaped(verdict.headline))</p>
            \(PageParts.body)
            <section aria-labelledby="happened"><h2 id="happened">Events</h2>
            <p id="older">\(olderEvents)</p>
            <ol id="events"></ol></section>
            <section aria-labelledby="judged"><h2 id="judged">Verdict</h2>
            <p>\(xmlEscaped(verdict.lesson))</p>
            \(table("What was found", Verdict.evidenceHead, verdict.evidenceRows))
            \(payments)
            \(output)
            \(table("Rules", Verdict.rulesHead, verdict.ruleRows))
            \(mending(verdict))
            \(done)
            </section>
            <noscript><p>The frames need JavaScript; the verdict above does not.</p></noscript>
            <script type="application/json" id="run">\(data)</script>
            <script>\(PageParts.script)</script>
            </body>
            </html>

            """
    }

    /// The payment truth table; empty where no client paid.
    private var payments: String {
        guard let payments = Judge(summary.board).paymentTable else { return "" }
        let rows = payments.rows.map { [$0.belief.rawValue] + $0.cells }
        return
            ([table("Payments", PaymentTable.heads, rows)] + payments.bad.map { "<p>✗ \(xmlEscaped($0.sentence))</p>" })
            .joined(separator: "\n")
    }

    /// How to mend what did not hold; the lessons of the demo server say that themselves.
    private func mending(_ verdict: Verdict) -> String {
        let rules = verdict.rulesToMend(summary.board)
        return rules.isEmpty ? "" : table("To mend", Verdict.mendingHead, rules)
    }

    /// How the run was made, the command line ready to be copied.
    private var done: String {
        let rows = RunOrigin(summary.board).rows
        return rows.isEmpty ? "" : table("What was done", ["what", "is"], rows.map { [$0.label, $0.text] })
    }

    /// What the server printed last; empty where it printed nothing.
    private var output: String {
        let lines = summary.board.process.printed.shown(PrintedLines.longest)
        return lines.isEmpty ? "" : "<p>Its last lines:</p><pre>\(lines.map(xmlEscaped).joined(separator: "\n"))</pre>"
    }

    private func table(_ caption: String, _ head: [String], _ rows: [[String]]) -> String {
        let heads = head.map { "<th scope=\"col\">\(xmlEscaped($0))</th>" }.joined()
        let lines = rows.map { "<tr>" + $0.map { "<td>\(xmlEscaped($0))</td>" }.joined() + "</tr>" }
        return "<table><caption>\(caption)</caption><tr>\(heads)</tr>\n\(lines.joined(separator: "\n"))</table>"
    }

    private var olderEvents: String {
        let older = summary.board.feed.forgotten
        return older == 0 ? "" : "\(older.grouped) older events are in the recording only."
    }

    /// The JSON that the script reads.
    private var data: String {
        let board = summary.board
        let events = board.notableLines.map { line in
            let inferred = line.isInferred ? "inferred: " : ""
            return
                "[\(line.time.decimals(6)),\(quoted(line.source.rawValue)),\(quoted(inferred + printable(line.text))),\(line.weight.rawValue)]"
        }
        let marks = summary.landmarks.map { "[\($0.time.decimals(6)),\(quoted(printable($0.name)))]" }
        let origin = board.stopSignal.map { $0.at.decimals(6) } ?? "null"
        return """
            {"title":\(quoted(printable(board.title))),"columns":\(film.size.columns),"rows":\(film.size.rows),\
            "signal":\(origin),"name":\(quoted(board.stopSignal?.signal.name ?? "")),"start":\(summary.tellingMoment.decimals(6)),
            "marks":[\(marks.joined(separator: ","))],
            "events":[\(events.joined(separator: ",\n"))],
            \(frameTable.json)}
            """
    }
}
