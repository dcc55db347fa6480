/// The same numbers at every run and on every machine (SplitMix64), so that a failure can be seen again.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts a sequence.
  package init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension SeededGenerator {
  /// A whole number from 0 to `bound` − 1, each as likely. The standard library may change how it draws; this stays
  /// (Lemire, "Fast Random Integer Generation in an Interval", 2019).
  ///
  /// - Precondition: `bound` is at least 1.
  package mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "Nothing to draw from.")
    let width = UInt64(bound)
    var product = next().multipliedFullWidth(by: width)
    // So many of the 2^64 values are too many for every number to get its equal share.
    let excess = (0 &- width) % width
    while product.low < excess { product = next().multipliedFullWidth(by: width) }
    return Int(product.high)
  }

  /// A number from 0 up to, and without, 1, in steps of 2^-53.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number from `range`, each as likely.
  package mutating func number(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + unit() * (range.upperBound - range.lowerBound)
  }

  /// The same elements in an order of which each is as likely (Fisher and Yates).
  package mutating func shuffled<Element>(_ elements: some Sequence<Element>) -> [Element] {
    var result = Array(elements)
    var end = result.count
    while end > 1 {
      let chosen = index(below: end)
      end -= 1
      result.swapAt(chosen, end)
    }
    return result
  }
}
