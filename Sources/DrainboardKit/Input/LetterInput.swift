import Foundation

/// The letters that a person types on standard input, a line each.
enum LetterInput {
    /// Reads on a thread of its own until the end of the input.
    static func start(into inbox: Inbox<Character>) {
        Thread.detachNewThread {
            while let line = readLine() { for letter in line where !letter.isWhitespace { inbox.put(letter) } }
        }
    }
}
