import Bytes

/// Where the columns of one file stand.
struct ColumnLayout {
  /// The columns' names in order.
  let names: [String]
  /// The places of the columns that play a part.
  let id, text, image, knowledge, label, date: Int?
  /// The places of all columns that the model does not read, in order.
  let extra: [Int]
  /// Columns that play no part but seem meant for one.
  let guesses: [ColumnGuess]

  /// Finds the columns that play a part; `file` is for messages.
  init(names: [String], columns: ColumnMap, file: String) throws(CorpusError) {
    if let name = Self.firstDuplicate(names) { throw .duplicateColumn(file: file, name: name) }
    var places: [ColumnRole: Int] = [:]
    for role in ColumnRole.allCases {
      guard let column = columns[role] else { continue }
      places[role] = names.firstIndex { $0.hasSameBytes(as: column.name) }
    }
    guesses = ColumnGuess.all(in: names, columns: columns, places: places)
    for role in ColumnRole.allCases where places[role] == nil {
      guard let column = columns[role], column.isGiven else { continue }
      throw .missingColumn(file: file, role: role, name: column.name, found: names, guesses: guesses)
    }
    guard places[.text] != nil || places[.image] != nil else {
      throw .noContentColumn(
        file: file, text: columns.text.name, image: columns.image.name, found: names, guesses: guesses)
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

  private static func firstDuplicate(_ names: [String]) -> String? {
    var seen: Set<[UInt8]> = []
    return names.first { !seen.insert(Array($0.utf8)).inserted }
  }

  /// Gives columns without a name their number, unless another column has that for its name.
  static func numberingUnnamed(_ names: [String]) -> (names: [String], unnamed: [Int]) {
    var result = names
    var unnamed: [Int] = []
    let taken = Set(names.map { Array($0.utf8) })
    for (index, name) in names.enumerated() where name.isEmpty {
      let number = "\(index + 1)"
      guard !taken.contains(Array(number.utf8)) else { continue }
      result[index] = number
      unnamed.append(index + 1)
    }
    return (result, unnamed)
  }

  /// The character that seems to part the fields of a header that came out as one column.
  static func separator(in header: String, otherThan delimiter: UInt8) -> UInt8? {
    [UInt8(ascii: ";"), Delimiter.tab, UInt8(ascii: ","), UInt8(ascii: "|")].first {
      $0 != delimiter && header.utf8.contains($0)
    }
  }
}
