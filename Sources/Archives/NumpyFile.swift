internal import Bytes

/// The arrays of a `.npz`: a zip with an array in each entry.
package struct NumpyFile: Sendable {
  /// The arrays by name, in the order of their bytes in the file.
  package let tensors: [StoredTensor]

  /// Reads a zip whose entries are known.
  package init(_ bytes: UnsafeRawBufferPointer, _ zip: ZipArchive) throws(ArchiveError) {
    var tensors: [StoredTensor] = []
    for entry in zip.entries {
      guard entry.name.utf8.count > 4, entry.name.utf8.suffix(4).elementsEqual(".npy".utf8) else {
        throw .noArray(entry.name)
      }
      tensors.append(
        try Self.array(bytes, entry.range, file: entry.name).named(ByteText(decoding: entry.name.utf8.dropLast(4))))
    }
    self.tensors = tensors
  }

  /// The array of a `.npy`, whose content is all of `bytes`; `file` is its name, for errors.
  package static func array(_ bytes: UnsafeRawBufferPointer, file: String) throws(ArchiveError) -> StoredTensor {
    try array(bytes, 0..<bytes.count, file: file)
  }

  private static func array(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, file: String
  ) throws(ArchiveError) -> StoredTensor {
    let header = try NumpyHeader(bytes, range, name: file)
    let numbers = range.dropFirst(header.length)
    let count = StoredTensor.count(header.shape) ?? .max
    let (size, overflow) = count.multipliedReportingOverflow(by: header.format.bytes)
    guard !overflow, size == numbers.count,
      let tensor = StoredTensor(
        name: ByteText(file), format: header.format, shape: header.shape,
        strides: StoredTensor.strides(header.shape, reversed: header.isReversed), storage: numbers, offset: 0)
    else { throw .arrayLength(file, expected: UInt64(clamping: overflow ? .max : size), found: numbers.count) }
    return tensor
  }
}

/// The header of a NumPy array: a Python dictionary with three keys, whose text is parsed strictly.
struct NumpyHeader {
  let format: StoredFormat
  let shape: [Int]
  /// Whether the first axis varies fastest.
  let isReversed: Bool
  /// The bytes before the numbers.
  let length: Int

  private static let longest = 65_536

  /// Reads the header of the array that is the entry `name`, and lies at `range`.
  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, name: String) throws(ArchiveError) {
    let start = range.lowerBound
    guard range.count >= 10, bytes[start..<start + 6].elementsEqual([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) else {
      throw .noArray(name)
    }
    let isLong = bytes[start + 6] > 1, begin = isLong ? 12 : 10
    let declared =
      isLong
      ? bytes.number(UInt32.self, at: start + 8).map(Int.init) : bytes.number(UInt16.self, at: start + 8).map(Int.init)
    guard (1...3).contains(bytes[start + 6]), let declared, declared <= Self.longest, range.count >= begin + declared
    else {
      throw .arrayHeader(name)
    }
    length = begin + declared
    var text = HeaderText(Array(bytes[start + begin..<start + length]))
    guard let facts = text.facts() else { throw .arrayHeader(name) }
    guard let format = Self.formats[facts.format] else { throw .arrayFormat(name, found: facts.format) }
    (self.format, shape, isReversed) = (format, facts.shape, facts.isReversed)
  }

  private static let formats: [String: StoredFormat] = [
    "<f8": .f64, "<f4": .f32, "<f2": .f16, "<i8": .i64, "<i4": .i32, "<i2": .i16, "|i1": .i8, "|u1": .u8, "|b1": .bool,
  ]
}

/// The text `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }` and blanks.
private struct HeaderText {
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The three facts; nil if the text says anything else.
  mutating func facts() -> (format: String, isReversed: Bool, shape: [Int])? {
    var format: String?, isReversed: Bool?, shape: [Int]?
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = quoted(), take(":") else { return nil }
      switch key {
      case "descr" where format == nil:
        guard let text = quoted() ?? structure() else { return nil }
        format = text
      case "fortran_order" where isReversed == nil:
        if take("True") { isReversed = true } else if take("False") { isReversed = false } else { return nil }
      case "shape" where shape == nil:
        guard let numbers = numbers() else { return nil }
        shape = numbers
      default: return nil
      }
      if take(",") { continue }
      guard take("}") else { return nil }
      break
    }
    skip()
    guard at == bytes.count, let format, let isReversed, let shape else { return nil }
    return (format, isReversed, shape)
  }

  private mutating func skip() {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A { at += 1 }
  }

  private mutating func take(_ word: String) -> Bool {
    skip()
    guard bytes[at...].starts(with: word.utf8) else { return false }
    at += word.utf8.count
    return true
  }

  private mutating func quoted() -> String? {
    guard take("'") else { return nil }
    let start = at
    while at < bytes.count, bytes[at] != UInt8(ascii: "'") { at += 1 }
    guard at < bytes.count, at - start <= 64 else { return nil }
    at += 1
    return String(validating: bytes[start..<at - 1], as: UTF8.self)
  }

  /// A structured type, which no array of weights has; parsed only far enough to name it.
  private mutating func structure() -> String? { take("[") ? "[…" : nil }

  private mutating func numbers() -> [Int]? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    while !take(")") {
      skip()
      let start = at
      while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
      guard at > start, let number = Int(String(decoding: bytes[start..<at], as: UTF8.self)) else { return nil }
      numbers.append(number)
      guard numbers.count <= StoredTensor.axisLimit else { return nil }
      if take(",") { continue }
      guard take(")") else { return nil }
      break
    }
    return numbers
  }
}
