import Platform

/// A generator with a seed, so that a failing input can be made again.
package struct Seeded: RandomNumberGenerator {
    private var numbers: SplitMix

    package init(_ seed: UInt64) { numbers = SplitMix(seed: seed) }

    package mutating func next() -> UInt64 { numbers.next() }

    package mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: choices.indices, using: &self)] }
}
