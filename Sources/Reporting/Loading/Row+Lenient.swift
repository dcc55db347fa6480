import FoundationEssentials
import GRDB

/// Columns of a store are typed, but a store may come from anywhere: a value of another type is read as none.
extension Row {
  func integer(_ column: Int) -> Int {
    Int.fromDatabaseValue(self[column] as DatabaseValue) ?? 0
  }

  func number(_ column: Int) -> Double? {
    guard let value = Double.fromDatabaseValue(self[column] as DatabaseValue), value.isFinite else {
      return nil
    }
    return value
  }

  func text(_ column: Int) -> String? {
    String.fromDatabaseValue(self[column] as DatabaseValue)
  }

  func bytes(_ column: Int, _ body: (UnsafeRawBufferPointer) -> [Float]?) -> [Float]? {
    guard case .blob(let data) = (self[column] as DatabaseValue).storage else { return nil }
    return data.withUnsafeBytes(body)
  }
}
