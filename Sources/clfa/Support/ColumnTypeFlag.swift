import ArgumentParser
import Bytes
import Queries
import Store

extension ColumnDeclaration {
  /// Reads a flag's value, `NAME:TYPE`; a name may hold further colons.
  static func parse(_ argument: String) throws -> ColumnDeclaration {
    let types = ColumnType.allCases.map(\.rawValue)
    guard let colon = argument.utf8.lastIndex(of: UInt8(ascii: ":")), colon != argument.startIndex else {
      throw ValidationError("write NAME:TYPE, such as likes:integer; the types are \(types.joined(separator: ", ")).")
    }
    let word = String(argument[argument.utf8.index(after: colon)...])
    guard let type = ColumnType.allCases.first(where: { $0.rawValue.hasSameBytes(as: word) }) else {
      throw ValidationError(
        "'\(word)' is no type\(DidYouMean.hint(for: word, in: types)); the types are \(types.joined(separator: ", ")).")
    }
    return ColumnDeclaration(name: String(argument[..<colon]), type: type)
  }
}

/// Columns that got a type and are not the corpus' own.
enum ColumnTypeError: Error, CustomStringConvertible {
  /// The corpus has no such column.
  case missing(String, known: [String])
  /// The column is read as a post's text, key or the like, and is not kept among the others.
  case playsPart(String, known: [String])
  /// One column with two types.
  case declaredTwice(String)

  /// Refuses a column that the corpus does not keep, and two types for one.
  static func check(_ columns: [ColumnDeclaration], kept: [String], all: [String]) throws(ColumnTypeError) {
    for (place, column) in columns.enumerated() {
      if columns[..<place].contains(where: { $0.name.hasSameBytes(as: column.name) && $0.type != column.type }) {
        throw .declaredTwice(column.name)
      }
      if kept.contains(where: { $0.hasSameBytes(as: column.name) }) { continue }
      throw all.contains { $0.hasSameBytes(as: column.name) }
        ? .playsPart(column.name, known: kept) : .missing(column.name, known: kept)
    }
  }

  var description: String {
    switch self {
    case .missing(let name, let known):
      "no column of the corpus is called '\(name.printable)' (--column)\(DidYouMean.hint(for: name, in: known)); "
        + Self.list(known)
    case .playsPart(let name, let known):
      "column '\(name.printable)' is read as a part of the post and has no type (--column); " + Self.list(known)
    case .declaredTwice(let name): "--column gives '\(name.printable)' two types; give it one"
    }
  }

  private static func list(_ known: [String]) -> String {
    guard !known.isEmpty else { return "the corpus has no columns beside those of the post itself" }
    return "a type can have: " + known.listed(most: 40)
  }
}
