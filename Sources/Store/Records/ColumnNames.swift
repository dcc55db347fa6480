import Bytes

/// Names of columns, each once, in the order in which they turned up.
public struct ColumnNames: Equatable, Sendable {
  /// The names.
  public private(set) var all: [String] = []
  private var seen: Set<ByteText> = []

  /// Creates a list of none.
  public init() {}

  /// Adds names.
  package mutating func add(_ names: [String]) {
    for name in names where seen.insert(ByteText(name)).inserted { all.append(name) }
  }
}
