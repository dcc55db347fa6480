import GRDB

/// A stored value of a type that the schema does not have: somebody else's work.
struct DamagedRow: Error {
  var column: String
}

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
