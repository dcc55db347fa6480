/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers in every run and on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension SeededGenerator {
  /// A uniform whole number from 0 to `bound` − 1 (Lemire, "Fast Random Integer Generation in an Interval", 2019). The
  /// standard library's method may change between versions; this one does not.
  ///
  /// - Precondition: `bound` is at least 1.
  package mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "Nothing to draw from.")
    let width = UInt64(bound)
    var product = next().multipliedFullWidth(by: width)
    // The remainder of 2^64 values that cannot be shared out equally; values below it are drawn again.
    let excess = (0 &- width) % width
    while product.low < excess { product = next().multipliedFullWidth(by: width) }
    return Int(product.high)
  }

  /// A uniform number in [0, 1), in steps of 2^-53.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A uniform number from `range`.
  package mutating func number(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + unit() * (range.upperBound - range.lowerBound)
  }

  /// The elements in random order (Fisher and Yates).
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
