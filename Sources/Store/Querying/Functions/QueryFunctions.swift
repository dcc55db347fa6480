import Foundation
import GRDB

/// The functions that queries have beside SQLite's own. Each gives NULL for NULL, and an error that names it for what
/// it cannot take.
enum QueryFunctions {
  /// Makes a connection know them.
  static func add(to db: Database) {
    for function in all { db.add(function: function) }
  }

  private static let all = [
    DatabaseFunction("cosine", argumentCount: 2, pure: true) { values in
      guard let left = try vector(values[0], of: "cosine"), let right = try vector(values[1], of: "cosine") else {
        return nil
      }
      guard left.count == right.count else {
        throw DatabaseError(
          message:
            "cosine: the vectors have \(left.count / 4) and \(right.count / 4) numbers; compare those of one space")
      }
      return VectorBytes.cosine(left, right)
    },
    DatabaseFunction("vector_length", argumentCount: 1, pure: true) { values in
      try vector(values[0], of: "vector_length").map(VectorBytes.length)
    },
    DatabaseFunction("probability", argumentCount: 2, pure: true) { values in
      guard let json = try text(values[0], of: "probability"), let label = try text(values[1], of: "probability") else {
        return nil
      }
      do {
        return try ProbabilityScan.value(of: label, in: json)
      } catch {
        throw DatabaseError(message: "probability: the first argument is no JSON object of numbers")
      }
    },
    DatabaseFunction("day", argumentCount: 1, pure: true) { values in
      SQLTime(values[0].storage)?.day
    },
    DatabaseFunction("week", argumentCount: 1, pure: true) { values in
      SQLTime(values[0].storage)?.week
    },
    DatabaseFunction("fold", argumentCount: 1, pure: true) { values in
      try text(values[0], of: "fold").map(FoldedText.of)
    },
    DatabaseFunction("tally", pure: true, aggregate: Tally.self),
    DatabaseFunction("alike", argumentCount: 2, pure: true, aggregate: Alike.self),
    // Not pure, so that SQLite never calls it ahead of the row that it is about.
    DatabaseFunction("refuse", argumentCount: 1) { values in
      throw DatabaseError(message: try text(values[0], of: "refuse") ?? "refused")
    },
  ]

  /// A vector's bytes; `nil` for NULL.
  private static func vector(_ value: DatabaseValue, of function: String) throws -> Data? {
    switch value.storage {
    case .null: return nil
    case .blob(let data):
      guard data.count.isMultiple(of: 4) else {
        throw DatabaseError(
          message: "\(function): \(data.count) bytes are no vector; one is float32, four bytes a number")
      }
      return data
    case .int64, .double, .string:
      throw DatabaseError(message: "\(function) takes vectors, such as embedding.vector, and this is none")
    }
  }

  /// A text, or a number as one; `nil` for NULL.
  private static func text(_ value: DatabaseValue, of function: String) throws -> String? {
    switch value.storage {
    case .null: return nil
    case .string(let text): return text
    case .int64(let number): return "\(number)"
    case .double(let number): return "\(number)"
    case .blob: throw DatabaseError(message: "\(function) takes texts, and this is a blob")
    }
  }
}
