import Foundation

/// A vector as the store keeps it: little-endian float32, nothing else.
enum VectorBytes {
  static func data(_ values: [Float]) -> Data {
    // A closure, for a key path is not inlined here and would take nine tenths of a commit's time.
    values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
  }

  /// The numbers of a blob; `nil` where its length is not a multiple of four.
  static func values(_ data: Data) -> [Float]? {
    guard data.count.isMultiple(of: 4) else { return nil }
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
      }
    }
  }

  /// Whether no number is infinite or NaN.
  static func isFinite(_ values: [Float]) -> Bool {
    // A sum of exponent tests, so that the loop vectorises.
    values.reduce(0 as UInt32) { $0 | ($1.bitPattern & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0) } == 0
  }
}
