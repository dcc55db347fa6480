package import Bytes
import Foundation
package import GRDB

/// A stored value whose type is not that of the schema, so clfa did not write it.
struct DamagedRow: Error {
  var column: String
}

// For stores that are being changed: a value of a wrong type is an error.
extension Row {
  /// A column's value. GRDB's own subscript would end the process if the type is wrong, and a store may come from an
  /// untrusted source.
  package func get<Value: DatabaseValueConvertible>(_ index: Int) throws -> Value {
    let stored: DatabaseValue = self[index]
    guard let value = Value.fromDatabaseValue(stored) else { throw damage(index) }
    return value
  }

  /// A column's value, `nil` for NULL.
  package func find<Value: DatabaseValueConvertible>(_ index: Int) throws -> Value? {
    let stored: DatabaseValue = self[index]
    if stored.isNull { return nil }
    guard let value = Value.fromDatabaseValue(stored) else { throw damage(index) }
    return value
  }

  private func damage(_ index: Int) -> DamagedRow {
    DamagedRow(column: Array(columnNames)[index])
  }
}

/// Texts that are compared by their bytes are stored as texts, which SQLite compares so, too.
extension ByteText: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { text.databaseValue }

  package static func fromDatabaseValue(_ value: DatabaseValue) -> ByteText? {
    String.fromDatabaseValue(value).map { ByteText($0) }
  }
}

// For a store that is only shown: a value of another type counts as none.
extension Row {
  /// A column's whole number; 0 if it is not one.
  package func integer(_ column: Int) -> Int {
    Int.fromDatabaseValue(self[column] as DatabaseValue) ?? 0
  }

  /// A column's finite number.
  package func number(_ column: Int) -> Double? {
    guard let value = Double.fromDatabaseValue(self[column] as DatabaseValue), value.isFinite else {
      return nil
    }
    return value
  }

  /// A column's text.
  package func text(_ column: Int) -> String? {
    String.fromDatabaseValue(self[column] as DatabaseValue)
  }

  /// A column's text, to be compared by its bytes.
  package func byteText(_ column: Int) -> ByteText? { ByteText.fromDatabaseValue(self[column] as DatabaseValue) }

  /// A column's vector: a blob of at least one number.
  package func vector(_ column: Int) -> [Float]? {
    guard case .blob(let data) = (self[column] as DatabaseValue).storage, !data.isEmpty else { return nil }
    return VectorBytes.values(data)
  }
}

/// A vector as the store keeps it: little-endian float32, nothing else.
enum VectorBytes {
  static func data(_ values: [Float]) -> Data {
    // This is a closure because a key path is not inlined here, and would take nine tenths of a commit's time.
    values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
  }

  /// The numbers of a blob; `nil` if its length is not a multiple of four.
  static func values(_ data: Data) -> [Float]? {
    guard data.count.isMultiple(of: 4) else { return nil }
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
      }
    }
  }

  /// Whether all numbers are finite.
  static func isFinite(_ values: [Float]) -> Bool {
    // A sum of exponent tests, so that the loop vectorises.
    values.reduce(0 as UInt32) { $0 | ($1.bitPattern & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0) } == 0
  }

  /// The cosine of two blobs of equally many numbers; `nil` if one is all zeros, or not finite.
  static func cosine(_ left: Data, _ right: Data) -> Double? {
    var (product, lengths) = (0.0, (left: 0.0, right: 0.0))
    left.withUnsafeBytes { left in
      right.withUnsafeBytes { right in
        for place in stride(from: 0, to: left.count, by: 4) {
          let (a, b) = (number(left, place), number(right, place))
          product += a * b
          lengths.left += a * a
          lengths.right += b * b
        }
      }
    }
    guard lengths.left > 0, lengths.right > 0 else { return nil }
    let cosine = product / (lengths.left.squareRoot() * lengths.right.squareRoot())
    // Rounding may push a vector's cosine with itself above 1.
    return cosine.isFinite ? min(1, max(-1, cosine)) : nil
  }

  /// A blob's Euclidean length; `nil` if it is not finite.
  static func length(_ data: Data) -> Double? {
    var sum = 0.0
    data.withUnsafeBytes { bytes in
      for place in stride(from: 0, to: bytes.count, by: 4) {
        let value = number(bytes, place)
        sum += value * value
      }
    }
    return sum.isFinite ? sum.squareRoot() : nil
  }

  private static func number(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Double {
    Double(Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))))
  }
}
