package import Bytes

/// The role of each column of a corpus.
package struct ColumnMap: Sendable {
  /// A column's name, and whether the user chose it.
  package struct Column: Sendable {
    /// The name as the header spells it.
    package var name: ByteText
    /// Whether the user named it: then it is an error if it is missing.
    package var isGiven: Bool
    /// How its cells follow from others, unless a column has this name.
    var expression: ColumnExpression?

    fileprivate init(_ given: String?, default name: ByteText) {
      (self.name, isGiven) = (given.map { ByteText($0) } ?? name, given != nil)
      expression = given.flatMap { ColumnExpression($0) }
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
  /// Whether a file must have a column of texts or pictures.
  private(set) var needsContent = true

  /// Creates a map; a column that is `nil` has its default name and may be absent.
  package init(
    id: String? = nil, text: String? = nil, image: String? = nil, knowledge: String? = nil,
    label: String? = nil, date: String? = nil
  ) {
    self.id = Column(id, default: "id")
    self.id.expression = nil
    self.text = Column(text, default: "text")
    self.image = Column(image, default: "image")
    self.knowledge = Column(knowledge, default: "knowledge")
    self.label = Column(label, default: "label")
    self.date = date.map { Column($0, default: "") }
  }

  /// Creates a map for a file of labels: a column of keys, and no other with a role.
  init(labelsOf id: String?) {
    self.init(id: id)
    needsContent = false
    // No column is called so.
    let none = Column(nil, default: "\0")
    (text, image, knowledge, label) = (none, none, none, none)
  }

  /// Allows files to lack the columns of these roles, as if the user had not named them.
  package mutating func allowLack(of roles: [ColumnRole]) {
    for role in roles {
      switch role {
      case .id: id.isGiven = false
      case .text: text.isGiven = false
      case .image: image.isGiven = false
      case .knowledge: knowledge.isGiven = false
      case .label: label.isGiven = false
      case .date: date?.isGiven = false
      }
    }
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

extension ColumnRole {
  /// What its cell has, in words.
  var value: String {
    switch self {
    case .id: "an id"
    case .text: "a text"
    case .image: "a picture's path"
    case .knowledge: "a text"
    case .label: "a label"
    case .date: "a date"
    }
  }
}

/// The positions of the columns of one file.
struct ColumnLayout {
  /// The columns' names in order.
  let names: [ByteText]
  /// The positions of the columns with a role.
  let id, text, image, knowledge, label, date: Int?
  /// The roles whose cells follow from other columns.
  let computed: [ComputedColumn]
  /// The positions of all columns that the model does not read, in order; those of computed roles are among them.
  let extra: [Int]
  /// Columns without a role that seem meant for one.
  let guesses: [ColumnGuess]
  /// Columns without a role that have the name of an earlier one, and their new names.
  let renamed: [RenamedColumn]

  /// Finds the columns with a role; `file` is for messages.
  init(names: [ByteText], columns: ColumnMap, file: String) throws(CorpusError) {
    var places: [ColumnRole: Int] = [:]
    for role in ColumnRole.allCases {
      guard let column = columns[role] else { continue }
      let found = names.indices.filter { names[$0] == column.name }
      if found.count > 1 {
        throw .duplicateColumn(file: file, name: column.name.text, numbers: found.map { $0 + 1 })
      }
      places[role] = found.first
    }
    let (names, renamed) = Self.numberingRepeated(names)
    self.renamed = renamed
    guesses = ColumnGuess.all(in: names, columns: columns, places: places)
    let computed = ComputedColumn.all(columns, in: names)
    self.computed = computed
    let found = computed.filter { $0.isFound(in: names) }.map(\.role)
    for role in ColumnRole.allCases where places[role] == nil && !found.contains(role) {
      guard let column = columns[role], column.isGiven else { continue }
      throw .missingColumn(
        file: file, role: role, name: column.name.text, found: names.map(\.text), guesses: guesses)
    }
    // The column of the usual name is then one of the others.
    if columns.imageTemplate != nil { places[.image] = nil }
    let hasContent = [.text, .image].contains { places[$0] != nil || found.contains($0) }
    guard hasContent || columns.imageTemplate != nil || !columns.needsContent else {
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

  /// Adds a number to names that occurred before: `lang`, `lang_2`.
  private static func numberingRepeated(_ names: [ByteText]) -> (names: [ByteText], renamed: [RenamedColumn]) {
    var (result, seen) = (names, Set<ByteText>())
    var (taken, last) = (Set(names), [ByteText: Int]())
    var renamed: [RenamedColumn] = []
    for (place, name) in names.enumerated() where !seen.insert(name).inserted {
      var number = last[name] ?? 2
      while !taken.insert("\(name)_\(number)").inserted { number += 1 }
      last[name] = number + 1
      result[place] = "\(name)_\(number)"
      renamed.append(RenamedColumn(number: place + 1, name: result[place]))
    }
    return (result, renamed)
  }

  /// The character that seems to separate the fields of a header that was read as one column.
  static func separator(in header: String, otherThan delimiter: UInt8) -> UInt8? {
    separators.first { $0 != delimiter && header.utf8.contains($0) }
  }

  /// Characters that usually separate fields, Hive's control character among them.
  static let separators = [UInt8(ascii: ";"), Delimiter.tab, UInt8(ascii: ","), UInt8(ascii: "|"), 0x01]
}

/// A column whose name another one had before it.
package struct RenamedColumn: Equatable, Sendable {
  /// The column's number in the header, from 1.
  package var number: Int
  /// The name that it has now.
  package var name: ByteText

  package init(number: Int, name: ByteText) { (self.number, self.name) = (number, name) }
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

  /// The name's bytes in lower case, without blanks and characters that nobody sees, such as a second byte-order mark.
  private static func folded(_ name: ByteText) -> [UInt8] {
    var scalars = name.text.unicodeScalars
    if name.utf8.contains(where: { $0 >= 0x80 }) {
      scalars.removeAll { $0.properties.isWhitespace || $0.properties.generalCategory == .format }
    }
    return Array(String(scalars).utf8).filter { !isBlank($0) }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
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
  /// What a column's cells are for.
  func use(of place: Int) -> FieldUse {
    let roles = computed.filter { $0.expression.columns.contains(names[place]) }.map(\.role)
    if place == image || roles.contains(.image) { return .picture }
    return [id, text, knowledge, label, date].contains(place) || !roles.isEmpty ? .read : .unread
  }

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
