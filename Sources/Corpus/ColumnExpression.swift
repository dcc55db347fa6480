import Bytes

/// How a part of a post follows from several columns, or from within a list.
///
/// - `full_text | text`: the first column that is filled.
/// - `title + selftext`: both, a line each.
/// - `media.*.url`: the member `url` of every element of the list `media`.
/// - `url if picture`: the column, if it ends like a picture file.
///
/// The signs have blanks around them. A column that has the whole text as its name counts first.
package struct ColumnExpression: Equatable, Sendable {
  private enum Step: Equatable, Sendable {
    case each
    case member(ByteText)
  }

  private struct Term: Equatable, Sendable {
    var column: ByteText
    /// The way from the column's cell, which is JSON then, to the values.
    var steps: [Step]
    var namesPicture: Bool
    /// The columns that the cell may be in, the longest name first, each with the steps from there.
    var places: [(column: ByteText, steps: [Step])] {
      guard steps.contains(.each) else { return [(column, steps)] }
      let parts = column.text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      return (1...parts.count).reversed().map { count in
        let rest = parts[count...].map { Step.member(ByteText($0)) }
        return (ByteText(parts[..<count].joined(separator: ".")), rest + steps)
      }
    }
  }

  private var alternatives: [[Term]]

  /// Reads an expression; nil for the name of a column.
  init?(_ text: String) {
    let alternatives = text.split(separator: " | ", omittingEmptySubsequences: false)
      .map { $0.split(separator: " + ", omittingEmptySubsequences: false).map { Self.term($0) } }
    let terms = alternatives.flatMap(\.self)
    guard terms.allSatisfy({ !$0.column.isEmpty }) else { return nil }
    guard terms.count > 1 || terms.contains(where: { !$0.steps.isEmpty || $0.namesPicture }) else { return nil }
    self.alternatives = alternatives
  }

  private static func term(_ text: Substring) -> Term {
    let suffix = " if picture", namesPicture = text.utf8.reversed().starts(with: suffix.utf8.reversed())
    let name = namesPicture ? text.dropLast(suffix.count) : text
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let star = parts.dropFirst().firstIndex { $0 == "*" } ?? parts.endIndex
    return Term(
      column: ByteText(parts[..<star].joined(separator: ".")),
      steps: parts[star...].map { $0 == "*" ? .each : .member(ByteText($0)) }, namesPicture: namesPicture)
  }

  /// The columns whose cells are read.
  var columns: [ByteText] { alternatives.flatMap { $0.map(\.column) } }

  /// Every column whose cells may be read: also those in which a list may be (`choice` for `choice.choices.*`).
  var possibleColumns: [ByteText] { alternatives.flatMap { $0.flatMap { $0.places.map(\.column) } } }

  /// The same for a file with these columns: a cell of JSON, such as `choice` for `choice.choices.*`, may be a column.
  func resolved(in names: [ByteText]) -> ColumnExpression {
    let known = Set(names)
    var result = self
    result.alternatives = alternatives.map { terms in
      terms.map { term in
        guard let place = term.places.first(where: { known.contains($0.column) }) else { return term }
        return Term(column: place.column, steps: place.steps, namesPicture: term.namesPicture)
      }
    }
    return result
  }

  /// The value for a role; nil if no column that it names is filled.
  ///
  /// The values of a list are joined for a text, and are a list for pictures. Several labels are one, `a, b`; of several
  /// dates, the first counts.
  ///
  /// - Parameters:
  ///   - role: the role.
  ///   - cell: the cell of a column; nil if the record has none.
  /// - Returns: the value.
  /// - Throws: the name of a column whose cell begins like a JSON list but cannot be read as one.
  func value(for role: ColumnRole, _ cell: (ByteText) -> String?) throws(UnreadableList) -> String? {
    let found = try values(for: role, cell)
    guard let first = found.first else { return nil }
    switch role {
    case .image where found.count > 1: return JSON.array(found.map(JSON.string)).text()
    case .text, .knowledge: return found.joined(separator: "\n")
    case .label: return found.joined(separator: ", ")
    case .image, .id, .date: return first
    }
  }

  /// The values of the first alternative that has some, each for itself.
  func values(for role: ColumnRole, _ cell: (ByteText) -> String?) throws(UnreadableList) -> [String] {
    for terms in alternatives {
      var found: [String] = []
      for term in terms {
        guard let cell = cell(term.column), !cell.isBlank else { continue }
        var values = term.steps.isEmpty ? [cell] : try Self.values(term, in: cell)
        if term.namesPicture { values = values.filter(Self.endsLikePicture) }
        if role == .image { values = values.filter { !$0.isPlaceholder } }
        if role == .text || role == .knowledge { values = [values.joined()] }
        found += values.filter { !$0.isBlank }
      }
      if !found.isEmpty { return found }
    }
    return []
  }

  // MARK: Lists

  private static func values(_ term: Term, in cell: String) throws(UnreadableList) -> [String] {
    var values: [String] = []
    let start = cell.utf8.drop(while: Corpus.isBlank)
    guard start.first == UInt8(ascii: "[") || start.first == UInt8(ascii: "{") else { return [] }
    do throws(JSONError) {
      collect(try JSONParser.parse(Array(cell.utf8)), term.steps[...], into: &values)
    } catch {
      // A text may begin with a bracket, too.
      guard ["[{\"", "[\"", "{\"", "[{'"].contains(where: { start.starts(with: $0.utf8) }) else { return [] }
      throw UnreadableList(column: term.column)
    }
    return values
  }

  private static func collect(_ value: JSON, _ steps: ArraySlice<Step>, into values: inout [String]) {
    guard let step = steps.first else {
      switch value {
      case .string(let text): values.append(text)
      case .integer(let number): values.append("\(number)")
      case .real(let number): values.append("\(number)")
      case .bool(let value): values.append("\(value)")
      case .null, .array, .object: break
      }
      return
    }
    switch (step, value) {
    case (.each, .array(let elements)):
      for element in elements {
        // Among objects with a member for the text, a plain string stands for itself.
        if case .string(let text) = element {
          values.append(text)
        } else {
          collect(element, steps.dropFirst(), into: &values)
        }
      }
    case (.member(let name), .object):
      if let member = value[name] { collect(member, steps.dropFirst(), into: &values) }
    case (.member(let name), .array(let elements)):
      if let place = Int(name.text), elements.indices.contains(place) {
        collect(elements[place], steps.dropFirst(), into: &values)
      }
    default: break
    }
  }

  /// Whether a path or web address ends like a picture file, or asks for one in its query (`?format=jpg`).
  private static func endsLikePicture(_ path: String) -> Bool {
    let end = path.firstIndex { $0 == "?" || $0 == "#" } ?? path.endIndex
    if PictureEnding.of(String(path[..<end])) != nil { return true }
    return path[end...].split { "?&".contains($0) }.contains { part in
      part.hasPrefix("format=") && PictureEnding.of("x." + part.dropFirst("format=".count)) != nil
    }
  }
}

/// A column whose cell begins like a JSON list but cannot be read as one.
struct UnreadableList: Error {
  var column: ByteText
}

/// A role whose cells follow from other columns.
struct ComputedColumn {
  var role: ColumnRole
  var expression: ColumnExpression

  /// Those of a file with these columns, in the order of the roles.
  static func all(_ columns: ColumnMap, in names: [ByteText]) -> [ComputedColumn] {
    ColumnRole.allCases.compactMap { role in
      guard let column = columns[role], !names.contains(column.name), let expression = column.expression else {
        return nil
      }
      return ComputedColumn(role: role, expression: expression.resolved(in: names))
    }
  }

  /// Whether the file has one of the columns.
  func isFound(in names: [ByteText]) -> Bool { expression.columns.contains(where: names.contains) }
}
