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
  /// A table or view has the name of something that the program uses.
  case shadowing(kind: String, String)
}

extension SchemaFault: CustomStringConvertible {
  /// The difference in a few words.
  public var description: String {
    switch self {
    case .trigger(let name, let table): "an additional trigger \(name.printable) on \(table.printable)"
    case .uniqueIndex(let name, let table): "an additional unique index \(name.printable) on \(table.printable)"
    case .changed(let kind, let name): "a changed \(kind.printable) \(name.printable)"
    case .missing(let kind, let name): "no \(kind.printable) \(name.printable)"
    case .shadowing(let kind, let name): "an additional \(kind.printable) \(name.printable), whose name clfa uses"
    }
  }
}
