package import Bytes

/// Reads and checks the header of a safetensors file. Every number in it is untrusted.
package enum SafetensorsHeader {
  /// A key of the metadata and what it says.
  package typealias MetadataEntry = (key: ByteText, text: String)

  /// A tensor's name and the position of its bytes.
  private typealias Place = (name: String, range: Range<Int>)

  private static let axisLimit = 8

  /// The tensors of `file`, in the order of their bytes, and their metadata.
  package static func read(
    _ file: UnsafeRawBufferPointer, isQuantised: Bool, skipsOtherTypes: Bool, limit: Int
  ) throws(SafetensorsError) -> (tensors: [SafetensorsTensor], skipped: [ByteText], metadata: [MetadataEntry]) {
    guard file.count >= 8 else { throw .cutShort(bytes: file.count, needed: 8) }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= limit else { throw .headerTooLong(bytes: length, limit: limit) }
    guard length <= file.count - 8 else { throw .cutShort(bytes: file.count, needed: length + 8) }
    let start = 8 + Int(length)
    let header: JSON
    do {
      header = try JSONParser.parse(Array(file[8..<start]))
    } catch {
      throw .notJSON(error)
    }
    guard case .object(let members) = header else { throw .notAnEntry(name: "", expected: "an object") }
    var tensors: [SafetensorsTensor] = [], metadata: [MetadataEntry] = [], places: [Place] = []
    var skipped: [ByteText] = []
    for member in members {
      if member.key == "__metadata__" {
        metadata = try remarks(member.value)
      } else {
        let entry = try entry(member)
        let type = TensorType(rawValue: entry.type).flatMap { isQuantised || $0 != .i8 ? $0 : nil }
        guard type != nil || skipsOtherTypes else {
          throw .unsupportedType(name: entry.name, found: entry.type)
        }
        let range = try range(entry, dataStart: start, available: file.count - start)
        places.append((entry.name, range))
        if let type {
          tensors.append(SafetensorsTensor(name: ByteText(entry.name), type: type, shape: entry.shape, range: range))
        } else {
          skipped.append(ByteText(entry.name))
        }
      }
    }
    try checkLayout(&places, start: start, end: file.count)
    return (tensors, skipped, metadata)
  }

  private static func remarks(_ value: JSON) throws(SafetensorsError) -> [MetadataEntry] {
    let fault = SafetensorsError.notAnEntry(name: "__metadata__", expected: "an object of strings")
    guard case .object(let members) = value else { throw fault }
    var remarks: [MetadataEntry] = []
    for member in members {
      guard case .string(let text) = member.value else { throw fault }
      remarks.append((member.key, text))
    }
    return remarks
  }

  /// A tensor's entry in the header.
  private struct Entry {
    var name: String
    /// The number format's name, one with a known size.
    var type: String
    var bytesOfNumber: Int
    var shape: [Int]
    var offsets: (begin: Int, end: Int)
  }

  private static func entry(_ member: JSON.Member) throws(SafetensorsError) -> Entry {
    let name = member.key.text
    guard case .object(let members) = member.value else {
      throw .notAnEntry(name: name, expected: "an object")
    }
    var type: String?, shape: [Int]?, offsets: [Int]?
    for member in members {
      switch (member.key, member.value) {
      case ("dtype", .string(let text)): type = text
      case ("shape", .array(let values)): shape = integers(values)
      case ("data_offsets", .array(let values)): offsets = integers(values)
      default: throw .notAnEntry(name: name, expected: "dtype, shape and data_offsets")
      }
    }
    guard let type, let offsets, offsets.count == 2 else {
      throw .notAnEntry(name: name, expected: "a dtype and two data_offsets")
    }
    guard let bytes = numberBytes(type) else { throw .unsupportedType(name: name, found: type) }
    guard let shape else { throw .badShape(name: name) }
    return Entry(
      name: name, type: type, bytesOfNumber: bytes, shape: shape, offsets: (offsets[0], offsets[1]))
  }

  /// The bytes of one number of the type; nil for an unknown type.
  private static func numberBytes(_ type: String) -> Int? {
    switch type {
    case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3": 1
    case "I16", "U16", "F16", "BF16": 2
    case "I32", "U32", "F32": 4
    case "I64", "U64", "F64": 8
    default: nil
    }
  }

  /// Where an entry's bytes are in the file.
  private static func range(
    _ entry: Entry, dataStart: Int, available: Int
  ) throws(SafetensorsError) -> Range<Int> {
    guard let bytes = byteCount(entry.shape, entry.bytesOfNumber) else { throw .badShape(name: entry.name) }
    let (begin, end) = entry.offsets
    guard begin >= 0, begin <= end, end <= available else {
      throw .badOffsets(name: entry.name, begin: begin, end: end, available: available)
    }
    guard end - begin == bytes else {
      throw .wrongLength(name: entry.name, expected: bytes, found: end - begin)
    }
    return dataStart + begin..<dataStart + end
  }

  /// The numbers of a list of integers; nil if it contains anything else.
  private static func integers(_ values: [JSON]) -> [Int]? {
    var integers: [Int] = []
    for value in values {
      guard case .integer(let integer) = value else { return nil }
      integers.append(integer)
    }
    return integers
  }

  /// The number of bytes of a tensor of this shape; nil for an invalid shape.
  private static func byteCount(_ shape: [Int], _ bytesOfNumber: Int) -> Int? {
    guard shape.count <= axisLimit else { return nil }
    var bytes = bytesOfNumber
    for size in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      bytes = product
    }
    return bytes
  }

  /// Sorts the tensors by position and checks that they follow each other up to the end of the file.
  private static func checkLayout(
    _ places: inout [Place], start: Int, end: Int
  ) throws(SafetensorsError) {
    places.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var reached = start, previous = ""
    for place in places {
      let begin = place.range.lowerBound
      guard begin >= reached else { throw .overlap(name: place.name, other: previous) }
      guard begin == reached else { throw .gap(at: reached, bytes: begin - reached) }
      (reached, previous) = (place.range.upperBound, place.name)
    }
    guard reached == end else { throw .gap(at: reached, bytes: end - reached) }
  }
}

/// A tensor's place in a safetensors file: checked to lie within it.
package struct SafetensorsTensor: Sendable, Equatable {
  /// The file's name for it.
  package let name: ByteText
  /// How its numbers are written.
  package let type: TensorType
  /// The numbers along each axis.
  package let shape: [Int]
  /// The tensor's bytes in the file.
  package let range: Range<Int>

  /// How many numbers there are.
  package var count: Int { range.count / type.bytes }
}

/// The number format of a tensor in a file. All are converted to f32 except `i8`, the steps of a quantised matrix.
package enum TensorType: String, Sendable, CaseIterable {
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i8 = "I8"

  /// The bytes of one number.
  package var bytes: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .i8: 1
    }
  }

  /// Reads little-endian numbers, at any alignment, into `to`.
  package func read(_ from: UnsafeRawBufferPointer, into to: UnsafeMutableBufferPointer<Float>) {
    precondition(from.count == to.count * bytes, "there is a number for each place")
    switch self {
    case .f32:
      for index in to.indices {
        let bits = from.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
        to[index] = Float(bitPattern: UInt32(littleEndian: bits))
      }
    case .bf16:
      for index in to.indices {
        let bits = from.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
        to[index] = Float(bitPattern: UInt32(UInt16(littleEndian: bits)) << 16)
      }
    case .f16:
      for index in to.indices {
        let bits = from.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
        to[index] = TensorType.half(UInt16(littleEndian: bits))
      }
    case .i8:
      for index in to.indices { to[index] = Float(Int8(bitPattern: from[index])) }
    }
  }

  /// A half-precision number as f32, exactly.
  ///
  /// Without the branches of a scalar conversion, this is vectorised: the exponent's offset is corrected by a
  /// multiplication, which also normalises subnormal numbers.
  @inline(__always)
  private static func half(_ bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF) << 13, sign = UInt32(bits & 0x8000) << 16
    let scaled = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
    let special = magnitude | 0x7F80_0000
    return Float(bitPattern: (bits & 0x7C00 == 0x7C00 ? special : scaled) | sign)
  }
}
