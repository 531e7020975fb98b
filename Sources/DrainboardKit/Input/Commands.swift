import Foundation
import Synchronization

/// The letters that a person types on standard input, a line each.
final class Commands: Sendable {
    private let letters = Mutex<[Character]>([])

    /// Reads on a thread of its own until the end of the input.
    ///
    /// - Parameter wake: Called on that thread after each line.
    init(wake: @escaping @Sendable () -> Void) {
        Thread.detachNewThread { [self] in
            while let line = readLine() {
                letters.withLock { $0 += line.filter { !$0.isWhitespace } }
                wake()
            }
        }
    }

    func takeAll() -> [Character] {
        letters.withLock { letters in
            defer { letters = [] }
            return letters
        }
    }
}
