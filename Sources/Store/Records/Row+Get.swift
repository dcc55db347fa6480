import Foundation
package import GRDB

/// A stored value of a type that the schema does not have: somebody else's work.
struct DamagedRow: Error {
  var column: String
}

// For a store that is worked on: a value of another type ends the work.
extension Row {
  /// A column's value. GRDB's own subscript would end the process where the type is wrong, and a store may
  /// come from anywhere.
  func get<Value: DatabaseValueConvertible>(_ index: Int) throws -> Value {
    let stored: DatabaseValue = self[index]
    guard let value = Value.fromDatabaseValue(stored) else { throw damage(index) }
    return value
  }

  /// A column's value, `nil` for NULL.
  func find<Value: DatabaseValueConvertible>(_ index: Int) throws -> Value? {
    let stored: DatabaseValue = self[index]
    if stored.isNull { return nil }
    guard let value = Value.fromDatabaseValue(stored) else { throw damage(index) }
    return value
  }

  private func damage(_ index: Int) -> DamagedRow {
    DamagedRow(column: Array(columnNames)[index])
  }
}

// For a store that is only shown: a value of another type counts as none.
extension Row {
  /// A column's whole number; 0 where it is none.
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

  /// A column's vector: a blob of at least one number.
  package func vector(_ column: Int) -> [Float]? {
    guard case .blob(let data) = (self[column] as DatabaseValue).storage, !data.isEmpty else { return nil }
    return VectorBytes.values(data)
  }
}
