import LogImport
import ShutdownTrace

/// What must hold for any bytes that are read as a log; libFuzzer looks for some that break it.
@_cdecl("LLVMFuzzerTestOneInput")
public func importLog(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    _ = LogImporter.recognise(bytes)
    let items = read(bytes, .none, cutAt: size)
    precondition(items == read(bytes, .none, cutAt: size / 3), "cut elsewhere, it reads otherwise")
    check(items)
    check(read(bytes, .init(first: 1, before: 1, most: 3), cutAt: size))
    var importer = LogImporter()
    let trace = importer.convert(bytes) + importer.convertEnd()
    var reader = TraceReader()
    for item in reader.read(trace) + reader.end() {
        if case .problem(_, let text) = item { preconditionFailure("its trace does not read back: \(text)") }
    }
    return 0
}

private func read(_ bytes: [UInt8], _ limit: LogImporter.Limit, cutAt cut: Int) -> [TraceReader.Item] {
    var importer = LogImporter(latest: 1_801_400_000, limit: limit)
    return importer.read(Array(bytes[..<cut])) + importer.read(Array(bytes[cut...])) + importer.end()
}

/// A header first, numbers without gaps, and time that never runs backwards.
private func check(_ items: [TraceReader.Item]) {
    guard case .header? = items.first else { preconditionFailure("no header first") }
    var time = Time.zero
    var sequence = 0
    for case .event(let event) in items {
        sequence += 1
        precondition(event.sequence == sequence, "a gap in the numbers")
        precondition(event.time >= time, "time runs backwards")
        precondition(event.source == .importer, "not the importer's")
        time = event.time
    }
}
