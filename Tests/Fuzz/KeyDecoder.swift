import Screen

@testable import Terminal

/// What must hold for any bytes of a terminal, however slow it is; libFuzzer looks for some that break it.
///
/// The bytes 0xF8 to 0xFF, which UTF-8 does not have, are pauses.
@_cdecl("LLVMFuzzerTestOneInput")
public func decodeKeys(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let pieces = pieces(Array(UnsafeBufferPointer(start: data, count: size)))
    let bytes = pieces.flatMap(\.bytes)
    let whole = decode([Piece(bytes: bytes)])
    precondition(whole == decode(bytes.map { Piece(bytes: [$0]) }), "byte by byte it reads otherwise")
    precondition(ActingKeys(decode(pieces)).isSubsequence(of: ActingKeys(whole)), "cut by pauses, it yields other keys")
    return 0
}

/// Bytes that come at once, and how many seconds nothing comes after them.
private struct Piece {
    var bytes: [UInt8]
    var pause = 0.0
}

/// At most three pauses, none of them between ESC and a byte that would be a key with Alt.
private func pieces(_ bytes: [UInt8]) -> [Piece] {
    var pieces = [Piece(bytes: [])]
    var left = 3
    for (index, byte) in bytes.enumerated() {
        guard byte >= 0xF8 else {
            pieces[pieces.count - 1].bytes.append(byte)
            continue
        }
        let next = bytes[(index + 1)...].first { $0 < 0xF8 }
        let isAlt = pieces.last?.bytes.last == 0x1B && next.map { !Array("[]OPX^_\\".utf8).contains($0) } ?? false
        guard left > 0, !isAlt, pieces.last?.bytes.isEmpty == false else { continue }
        pieces[pieces.count - 1].pause = [0.01, 0.06, 0.1, 0.2, 0.3, 0.4, 0.45, 0.49][Int(byte - 0xF8)]
        pieces.append(Piece(bytes: []))
        left -= 1
    }
    return pieces
}

private func decode(_ pieces: [Piece]) -> [KeyDecoder.Typed] {
    var decoder = KeyDecoder()
    var typed: [KeyDecoder.Typed] = []
    var now = 0.0
    for piece in pieces + [Piece(bytes: [], pause: 60)] {
        if !piece.bytes.isEmpty { typed += decoder.take(piece.bytes, at: now) }
        now += piece.pause
        while let deadline = decoder.deadline, deadline <= now { typed += decoder.pass(at: deadline) }
    }
    precondition(decoder.deadline == nil, "it waits for ever")
    return typed
}
