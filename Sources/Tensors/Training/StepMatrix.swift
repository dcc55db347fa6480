/// Rows of numbers in a step's memory, dense.
///
/// The rows behind the last that counts, up to a multiple of 32, hold numbers that mean nothing on the way forward
/// and zeros on the way back, so that they add nothing to any gradient; with them, few sizes of products occur.
package struct StepMatrix {
  /// The first number of the first row.
  package let base: UnsafeMutablePointer<Float>
  /// How many rows count.
  package let count: Int
  /// The numbers of a row.
  package let width: Int

  private static let step = 32

  /// The rows there are, counting or not.
  package var padded: Int { StepMatrix.padded(count) }

  /// `count` up to a multiple of 32.
  package static func padded(_ count: Int) -> Int { (count + step - 1) / step * step }

  /// All numbers, those of the rows behind included.
  package var numbers: Int { padded * width }

  /// The first number of row `index`.
  @inlinable package func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * width }

  /// Row `index` as an array.
  package func values(ofRow index: Int) -> [Float] { Array(UnsafeBufferPointer(start: row(index), count: width)) }

  /// Makes the rows behind the last that counts zeros.
  package func clearPadding() { row(count).update(repeating: 0, count: (padded - count) * width) }

  /// Makes all numbers zeros.
  package func clear() { base.update(repeating: 0, count: numbers) }
}
