import Bytes

/// A column that seems meant for a part that it does not play, as its name differs in case or blanks only.
public struct ColumnGuess: Equatable, Sendable {
  /// The part.
  public let role: ColumnRole
  /// The column's name as the header spells it.
  public let name: String

  /// Creates a guess from its parts.
  public init(role: ColumnRole, name: String) {
    self.role = role
    self.name = name
  }

  /// The longest name worth a suggestion, in bytes.
  private static let longest = 60

  /// A guess for each part without a column, where a column that plays no part fits.
  ///
  /// - Parameters:
  ///   - names: The header.
  ///   - columns: What the parts' columns should be called.
  ///   - places: The parts that have a column already, and where.
  /// - Returns: At most one guess a part, in the order of the parts.
  static func all(in names: [String], columns: ColumnMap, places: [ColumnRole: Int]) -> [ColumnGuess] {
    let taken = Set(places.values)
    return ColumnRole.allCases.compactMap { role in
      guard places[role] == nil, let column = columns[role] else { return nil }
      let wanted = folded(column.name)
      let place = names.indices.first { place in
        !taken.contains(place) && names[place].utf8.count <= longest && folded(names[place]) == wanted
      }
      return place.map { ColumnGuess(role: role, name: names[$0]) }
    }
  }

  /// The name's bytes without blanks, in lower case.
  private static func folded(_ name: String) -> [UInt8] {
    name.utf8.filter { !isBlank($0) }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  }
}

extension [ColumnGuess] {
  /// The flags that make the guesses true, as a shell takes them: `--id ID --label ' label'`.
  var flags: String {
    map { "--\($0.role.rawValue) \(Shell.word($0.name))" }.joined(separator: " ")
  }
}
