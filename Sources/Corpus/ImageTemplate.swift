package import Bytes

/// How the path of a post's picture follows from its other cells, such as `media/{id}.jpg`.
package struct ImageTemplate: Equatable, Sendable {
  private enum Part: Equatable, Sendable {
    case text(String)
    case column(ByteText)
    /// The date in a column, in UTC, in this form.
    case date(ByteText, form: String)
  }

  /// The template as written.
  package let text: String
  private let parts: [Part]

  /// Reads a template; `{{` and `}}` are braces. `{created_at:%Y-%m-%d}` is the date in a column, by `%Y`, `%m`, `%d`,
  /// `%H`, `%M` and `%S`.
  package init(parsing text: String) throws(OptionError) {
    var parts: [Part] = [], plain = "", rest = Substring(text)
    while let first = rest.popFirst() {
      switch first {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        plain.append(first)
        rest.removeFirst()
      case "{":
        guard let end = rest.firstIndex(of: "}"), end > rest.startIndex else { throw .malformedTemplate(text) }
        if !plain.isEmpty { parts.append(.text(plain)) }
        plain = ""
        guard let part = Self.part(rest[..<end]) else { throw .malformedTemplate(text) }
        parts.append(part)
        rest = rest[rest.index(after: end)...]
      case "}": throw .malformedTemplate(text)
      default: plain.append(first)
      }
    }
    if !plain.isEmpty { parts.append(.text(plain)) }
    (self.text, self.parts) = (text, parts)
    guard !columns.isEmpty else { throw .malformedTemplate(text) }
  }

  /// The columns that it names.
  package var columns: [ByteText] {
    parts.compactMap {
      switch $0 {
      case .column(let name), .date(let name, _): name
      case .text: nil
      }
    }
  }

  /// A column, or a date in one; nil for a form of dates that is not known.
  private static func part(_ text: Substring) -> Part? {
    guard let colon = text.indices.first(where: { text[$0...].utf8.starts(with: ":%".utf8) }), colon > text.startIndex
    else { return .column(ByteText(text)) }
    let form = String(text[text.index(after: colon)...])
    return written("0000-00-00T00:00:00Z", form) == nil ? nil : .date(ByteText(text[..<colon]), form: form)
  }

  /// A time in ISO 8601 in another form; nil for a directive that is not known.
  private static func written(_ time: String, _ form: String) -> String? {
    let figures = time.utf8.split { !isDigit($0) }.map { String(Substring($0)) }
    var result = "", rest = form.unicodeScalars[...]
    while let first = rest.popFirst() {
      guard first == "%" else {
        result.unicodeScalars.append(first)
        continue
      }
      switch rest.popFirst() {
      case "Y": result += figures[0]
      case "m": result += figures[1]
      case "d": result += figures[2]
      case "H": result += figures[3]
      case "M": result += figures[4]
      case "S": result += figures[5]
      case "%": result += "%"
      default: return nil
      }
    }
    return result
  }

  /// A post's path; nil if a cell is empty, a word for none or no date, so that the post has no picture.
  ///
  /// - Parameters:
  ///   - post: the post, whose other columns are looked up by their names.
  ///   - names: the names of the columns with a role.
  ///   - dates: reads dates.
  /// - Returns: the path, relative to the folder of pictures.
  func path(of post: Post, _ names: ColumnMap, _ dates: DateParser) -> String? {
    var path = ""
    for part in parts {
      switch part {
      case .text(let text): path += text
      case .column(let name):
        guard let value = Self.value(name, of: post, names), !value.isBlank, !value.isPlaceholder else { return nil }
        path += value
      case .date(let name, let form):
        guard let value = Self.value(name, of: post, names), let time = dates.read(value).text,
          let written = Self.written(time, form)
        else { return nil }
        path += written
      }
    }
    return path
  }

  /// A cell by its column's name; the names of roles stand for their columns, too.
  private static func value(_ name: ByteText, of post: Post, _ names: ColumnMap) -> String? {
    if let field = post.extra.first(where: { $0.name == name }) { return field.value }
    let role = ColumnRole.allCases.first { names[$0]?.name == name } ?? ColumnRole(rawValue: name.text)
    return switch role {
    case .id: post.key.text
    case .text: post.text
    case .knowledge: post.knowledge
    case .label: post.label?.text
    case .date: post.date
    case .image, nil: nil
    }
  }

  /// Throws if a file has none of the columns.
  func check(_ layout: ColumnLayout, _ names: ColumnMap, file: String) throws(CorpusError) {
    for column in columns where !layout.names.contains(column) {
      let role = ColumnRole(rawValue: column.text)
      guard role == .id || role.map({ role in layout.columns.contains { $0.role == role } }) == true else {
        throw .templateColumn(file: file, name: column.text, found: layout.names.map(\.text))
      }
    }
  }
}
