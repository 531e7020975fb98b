import ShutdownTrace

/// What must hold for any bytes that are read as a trace; libFuzzer looks for some that break it.
@_cdecl("LLVMFuzzerTestOneInput")
public func readTrace(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let items = read(bytes, cutAt: size)
    precondition(items == read(bytes, cutAt: size / 3), "cut elsewhere, it reads otherwise")
    precondition(items == read(bytes, cutAt: 1), "cut after its first byte, it reads otherwise")
    for item in items {
        switch item {
        case .problem: break
        case .header(let header): precondition(read(LineWriter.line(header)) == [item], "a header does not read back")
        case .event(let event): precondition(read(LineWriter.line(event)) == [item], "an event does not read back")
        }
    }
    return 0
}

private func read(_ bytes: [UInt8], cutAt cut: Int? = nil) -> [TraceReader.Item] {
    var reader = TraceReader()
    let cut = min(cut ?? bytes.count, bytes.count)
    return reader.read(Array(bytes[..<cut])) + reader.read(Array(bytes[cut...])) + reader.end()
}
