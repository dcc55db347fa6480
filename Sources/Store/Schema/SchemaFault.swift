import Bytes

/// In what a store's schema differs from what this program makes.
public enum SchemaFault: Equatable, Sendable {
  /// A trigger that fires when the program writes.
  case trigger(String, table: String)
  /// An index that forbids what the program may write.
  case uniqueIndex(String, table: String)
  /// A table, view, index or trigger of the program's is another one.
  case changed(kind: String, String)
  /// A table, view, index or trigger of the program's is not there.
  case missing(kind: String, String)
  /// The table of migrations does not list those of the store's version, which are given.
  case migrations([String])
  /// A table or view has the name of something that the program uses.
  case shadowing(kind: String, String)
}

extension SchemaFault: CustomStringConvertible {
  /// The difference in a few words.
  public var description: String {
    switch self {
    case .trigger(let name, let table): "the trigger \"\(name.printable)\" on \(table.printable)"
    case .uniqueIndex(let name, let table): "the unique index \"\(name.printable)\" on \(table.printable)"
    case .changed(let kind, let name): "the \(kind.printable) \"\(name.printable)\", which was changed"
    case .missing(let kind, let name): "the \(kind.printable) \"\(name.printable)\", which is missing"
    case .shadowing(let kind, let name): "the \(kind.printable) \"\(name.printable)\", whose name clfa uses"
    case .migrations(let names):
      "the rows of the table \"grdb_migrations\", which should be "
        + names.map { "\"\($0.printable)\"" }.joined(separator: ", ")
    }
  }
}

extension SchemaFault {
  /// Whether somebody added something, so that removing it is the remedy.
  var isAddition: Bool {
    switch self {
    case .trigger, .uniqueIndex, .shadowing: true
    case .changed, .missing, .migrations: false
    }
  }
}
