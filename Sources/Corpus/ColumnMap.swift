package import Bytes

/// The role of each column of a corpus.
package struct ColumnMap: Sendable {
  /// A column's name, and whether the user chose it.
  package struct Column: Sendable {
    /// The name as the header spells it.
    package var name: ByteText
    /// Whether the user named it: then it is an error if it is missing.
    package var isGiven: Bool

    fileprivate init(_ given: String?, default name: ByteText) {
      (self.name, isGiven) = (given.map { ByteText($0) } ?? name, given != nil)
    }
  }

  /// The post's key.
  package var id: Column
  /// The post's text.
  package var text: Column
  /// The picture's path.
  package var image: Column
  /// The knowledge.
  package var knowledge: Column
  /// The true label.
  package var label: Column
  /// The time of posting; there is no default, since dumps disagree about what a date is.
  package var date: Column?
  /// How the picture's path follows from other columns; then no column has the path.
  package var imageTemplate: ImageTemplate?

  /// Creates a map; a column that is `nil` has its default name and may be absent.
  package init(
    id: String? = nil, text: String? = nil, image: String? = nil, knowledge: String? = nil,
    label: String? = nil, date: String? = nil
  ) {
    self.id = Column(id, default: "id")
    self.text = Column(text, default: "text")
    self.image = Column(image, default: "image")
    self.knowledge = Column(knowledge, default: "knowledge")
    self.label = Column(label, default: "label")
    self.date = date.map { Column($0, default: "") }
  }

  /// The column for a role, if there is one.
  subscript(role: ColumnRole) -> Column? {
    switch role {
    case .id: id
    case .text: text
    case .image: image
    case .knowledge: knowledge
    case .label: label
    case .date: date
    }
  }
}

/// The roles of columns; the raw value is also the flag's name after `--`.
package enum ColumnRole: String, Sendable, CaseIterable {
  /// The post's key.
  case id
  /// The post's text.
  case text
  /// The picture's path.
  case image
  /// The knowledge.
  case knowledge
  /// The true label.
  case label
  /// The time of posting.
  case date
}

/// The positions of the columns of one file.
struct ColumnLayout {
  /// The columns' names in order.
  let names: [ByteText]
  /// The positions of the columns with a role.
  let id, text, image, knowledge, label, date: Int?
  /// The positions of all columns that the model does not read, in order.
  let extra: [Int]
  /// Columns without a role that seem meant for one.
  let guesses: [ColumnGuess]

  /// Finds the columns with a role; `file` is for messages.
  init(names: [ByteText], columns: ColumnMap, file: String) throws(CorpusError) {
    var seen: Set<ByteText> = []
    if let name = names.first(where: { !seen.insert($0).inserted }) {
      throw .duplicateColumn(file: file, name: name.text)
    }
    var places: [ColumnRole: Int] = [:]
    for role in ColumnRole.allCases {
      guard let column = columns[role] else { continue }
      places[role] = names.firstIndex(of: column.name)
    }
    guesses = ColumnGuess.all(in: names, columns: columns, places: places)
    for role in ColumnRole.allCases where places[role] == nil {
      guard let column = columns[role], column.isGiven else { continue }
      throw .missingColumn(
        file: file, role: role, name: column.name.text, found: names.map(\.text), guesses: guesses)
    }
    // The column of the usual name is then one of the others.
    if columns.imageTemplate != nil { places[.image] = nil }
    guard places[.text] != nil || places[.image] != nil || columns.imageTemplate != nil else {
      throw .noContentColumn(
        file: file, text: columns.text.name.text, image: columns.image.name.text, found: names.map(\.text),
        guesses: guesses)
    }
    self.names = names
    id = places[.id]
    text = places[.text]
    image = places[.image]
    knowledge = places[.knowledge]
    label = places[.label]
    date = places[.date]
    let read = Set([id, text, image, knowledge, label].compactMap(\.self))
    extra = names.indices.filter { !read.contains($0) }
  }

  /// Names unnamed columns by their number, unless another column has that name.
  static func numberingUnnamed(_ names: [ByteText]) -> (names: [ByteText], unnamed: [Int]) {
    var result = names
    var unnamed: [Int] = []
    let taken = Set(names)
    for (index, name) in names.enumerated() where name.isEmpty {
      let number: ByteText = "\(index + 1)"
      guard !taken.contains(number) else { continue }
      result[index] = number
      unnamed.append(index + 1)
    }
    return (result, unnamed)
  }

  /// The character that seems to separate the fields of a header that was read as one column.
  static func separator(in header: String, otherThan delimiter: UInt8) -> UInt8? {
    [UInt8(ascii: ";"), Delimiter.tab, UInt8(ascii: ","), UInt8(ascii: "|")].first {
      $0 != delimiter && header.utf8.contains($0)
    }
  }
}

/// A column that seems meant for a role that it does not have, because its name differs only in case or blanks.
package struct ColumnGuess: Equatable, Sendable {
  /// The role.
  package let role: ColumnRole
  /// The column's name as the header spells it.
  package let name: ByteText

  /// Creates a guess from its parts.
  package init(role: ColumnRole, name: ByteText) {
    self.role = role
    self.name = name
  }

  /// The maximum length of a suggested name in bytes.
  private static let longest = 60

  /// A guess for each role without a column, if a column without a role fits.
  ///
  /// - Parameters:
  ///   - names: The header.
  ///   - columns: The expected names of the roles' columns.
  ///   - places: The roles that already have a column, with its position.
  /// - Returns: At most one guess per role, in the order of the roles.
  static func all(in names: [ByteText], columns: ColumnMap, places: [ColumnRole: Int]) -> [ColumnGuess] {
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
  private static func folded(_ name: ByteText) -> [UInt8] {
    name.utf8.filter { !isBlank($0) }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  }
}

/// A column of a corpus file, and its role.
package struct CorpusColumn: Equatable, Sendable {
  /// The name as the header spells it, or the column's number if it has none.
  package let name: ByteText
  /// The role of the column; `nil` if it is only stored.
  package let role: ColumnRole?

  package init(name: ByteText, role: ColumnRole?) { (self.name, self.role) = (name, role) }
}

extension ColumnLayout {
  /// All columns in the header's order.
  var columns: [CorpusColumn] {
    let roles: [(Int?, ColumnRole)] = [
      (id, .id), (text, .text), (image, .image), (knowledge, .knowledge), (label, .label), (date, .date),
    ]
    return names.indices.map { place in
      CorpusColumn(name: names[place], role: roles.first { $0.0 == place }?.1)
    }
  }
}
