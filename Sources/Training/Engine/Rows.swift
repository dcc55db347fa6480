/// Rows of numbers in a step's memory, dense.
///
/// The rows behind the last that counts, up to a multiple of 32, hold numbers that mean nothing on the way forward
/// and zeros on the way back, so that they add nothing to any gradient; with them, few sizes of products occur.
struct Rows {
  /// The first number of the first row.
  let base: UnsafeMutablePointer<Float>
  /// How many rows count.
  let count: Int
  /// The numbers of a row.
  let width: Int

  private static let step = 32

  /// The rows there are, counting or not.
  var padded: Int { Rows.padded(count) }

  /// `count` up to a multiple of 32.
  static func padded(_ count: Int) -> Int { (count + step - 1) / step * step }

  /// All numbers, those of the rows behind included.
  var numbers: Int { padded * width }

  /// The first number of row `index`.
  func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * width }

  /// Row `index` as an array.
  func values(ofRow index: Int) -> [Float] { Array(UnsafeBufferPointer(start: row(index), count: width)) }

  /// Makes the rows behind the last that counts zeros.
  func clearPadding() { row(count).update(repeating: 0, count: (padded - count) * width) }

  /// Makes all numbers zeros.
  func clear() { base.update(repeating: 0, count: numbers) }
}
