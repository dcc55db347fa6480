/// How a file writes the numbers of a tensor. All are read as f32 but `i8`, the steps of a quantised matrix.
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
  /// Without the branches of a converter for one number at a time this runs on whole registers: the exponent's
  /// offset is mended by a multiplication, which also normalises the smallest numbers.
  @inline(__always)
  private static func half(_ bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF) << 13, sign = UInt32(bits & 0x8000) << 16
    let scaled = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
    let special = magnitude | 0x7F80_0000
    return Float(bitPattern: (bits & 0x7C00 == 0x7C00 ? special : scaled) | sign)
  }
}
