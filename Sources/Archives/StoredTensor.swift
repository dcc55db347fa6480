package import Bytes

/// A tensor's place in another program's file, checked to lie within the file.
package struct StoredTensor: Sendable, Equatable {
  /// The file's name for it.
  package let name: ByteText
  /// How its numbers are written.
  package let format: StoredFormat
  /// The numbers along each axis.
  package let shape: [Int]
  /// The distance between successive numbers along each axis.
  package let strides: [Int]
  /// The position of its first number in the file.
  package let start: Int

  /// The most axes of a tensor.
  package static let axisLimit = 8

  /// Places a tensor; nil if it has too many axes, negative strides, or lies outside its storage.
  ///
  /// `storage`: the bytes of the file that it may lie in; `offset`: the numbers of the storage before its first one.
  package init?(
    name: ByteText, format: StoredFormat, shape: [Int], strides: [Int], storage: Range<Int>, offset: Int
  ) {
    guard shape.count == strides.count, shape.count <= Self.axisLimit, offset >= 0 else { return nil }
    guard shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else { return nil }
    let stored = storage.count / format.bytes
    guard offset <= stored, let count = Self.count(shape) else { return nil }
    var last = offset
    if count > 0 {
      for (size, stride) in zip(shape, strides) {
        let (reach, tooFar) = (size - 1).multipliedReportingOverflow(by: stride)
        let (sum, tooMuch) = last.addingReportingOverflow(reach)
        guard !tooFar, !tooMuch, sum < stored else { return nil }
        last = sum
      }
      guard last < stored else { return nil }
    }
    (self.name, self.format, self.shape, self.strides) = (name, format, shape, strides)
    start = storage.lowerBound + offset * format.bytes
  }

  private init(_ other: StoredTensor, name: ByteText) {
    (self.name, format, shape, strides, start) = (name, other.format, other.shape, other.strides, other.start)
  }

  /// The same tensor under another name.
  package func named(_ name: ByteText) -> StoredTensor { StoredTensor(self, name: name) }

  /// How many numbers there are.
  package var count: Int { shape.reduce(1, *) }

  /// Whether its numbers follow each other in the order of the axes.
  package var isContiguous: Bool {
    guard count > 0 else { return true }
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      guard stride == expected else { return false }
      expected *= size
    }
    return true
  }

  /// The number of values of a shape; nil if it overflows.
  package static func count(_ shape: [Int]) -> Int? {
    // A zero in the shape makes the product zero, so it must not hide an overflow.
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow else { return nil }
      count = product
    }
    return shape.contains(0) ? 0 : count
  }

  /// The strides of a contiguous shape; the last axis varies fastest, or with `reversed` the first.
  package static func strides(_ shape: [Int], reversed: Bool = false) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count), step = 1
    for axis in reversed ? Array(shape.indices) : shape.indices.reversed() {
      strides[axis] = step
      step *= max(shape[axis], 1)
    }
    return strides
  }
}

/// The number format of a tensor in another program's file; all are little-endian.
package enum StoredFormat: Sendable, Equatable, CaseIterable {
  case f64
  case f32
  case f16
  case bf16
  case i64
  case i32
  case i16
  case i8
  case u8
  case bool

  /// The bytes of one number.
  package var bytes: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32: 4
    case .f16, .bf16, .i16: 2
    case .i8, .u8, .bool: 1
    }
  }

  /// Whether these numbers can be weights; the others are counters and tables of positions.
  package var isFloating: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    case .i64, .i32, .i16, .i8, .u8, .bool: false
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The little-endian number at a position; nil if it lies outside the bytes.
  func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self, at offset: Int) -> Number? {
    guard offset >= 0, offset <= count - MemoryLayout<Number>.size else { return nil }
    return Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  /// The bytes of a range as a text; nil if they are not UTF-8.
  ///
  /// - Precondition: the range lies within the bytes.
  func text(_ range: Range<Int>) -> String? { String(validating: self[range], as: UTF8.self) }
}
