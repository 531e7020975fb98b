/// One item of a trace together with its line, so that a run that is both recorded and shown is encoded once.
package struct TraceLine: Hashable, Sendable {
    package let item: TraceReader.Item
    /// The line with its newline; of a problem only the newline.
    package let bytes: [UInt8]

    package init(_ item: TraceReader.Item) {
        self.item = item
        switch item {
        case .header(let header): bytes = LineWriter.line(header)
        case .event(let event): bytes = LineWriter.line(event)
        case .problem: bytes = [UInt8(ascii: "\n")]
        }
    }
}
