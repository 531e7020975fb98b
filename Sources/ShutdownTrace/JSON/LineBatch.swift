/// Many lines, read into events whose fields lie in one array: that is made and freed once, not once for each line.
package struct LineBatch: Sendable {
    private var events: [Event] = []
    private var entries: [Fields.Entry] = []
    /// Where in ``entries`` the fields of each event end.
    private var ends: [Int] = []

    /// - Parameter capacity: How many events there will be, about.
    package init(capacity: Int = 0) {
        events.reserveCapacity(capacity)
        ends.reserveCapacity(capacity)
        entries.reserveCapacity(4 * capacity)
    }

    /// Events so far.
    package var count: Int { events.count }

    /// Parses one line without its newline.
    ///
    /// - Returns: The header, if it is one; nil after an event was added.
    /// - Throws: `LineParser.Problem`, for anything but a header or an event.
    package mutating func read(_ line: UnsafeRawBufferPointer) throws(LineParser.Problem) -> Header? {
        let start = entries.count
        do throws(LineParser.Problem) {
            let header = try LineParser.read(line, into: &events, &entries)
            if header == nil { ends.append(entries.count) } else { entries.removeLast(entries.count - start) }
            return header
        } catch {
            entries.removeLast(entries.count - start)
            throw error
        }
    }

    /// Hands over all events, in order, and begins anew.
    package mutating func take() -> [Event] {
        var start = 0
        for index in events.indices {
            events[index].fields = Fields(slice: entries[start..<ends[index]])
            start = ends[index]
        }
        defer { self = LineBatch() }
        return events
    }
}
