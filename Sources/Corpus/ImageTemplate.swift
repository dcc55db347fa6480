package import Bytes

/// How the path of a post's picture follows from its other cells, such as `media/{id}.jpg`.
package struct ImageTemplate: Equatable, Sendable {
  private enum Part: Equatable, Sendable {
    case text(String)
    case column(ByteText)
  }

  /// The template as written.
  package let text: String
  private let parts: [Part]

  /// Reads a template; `{{` and `}}` are braces.
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
        parts.append(.column(ByteText(String(rest[..<end]))))
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
  package var columns: [ByteText] { parts.compactMap { if case .column(let name) = $0 { name } else { nil } } }

  /// A post's path; nil if a cell is empty or a word for none, so that the post has no picture.
  ///
  /// - Parameters:
  ///   - post: the post, whose other columns are looked up by their names.
  ///   - names: the names of the columns with a role.
  /// - Returns: the path, relative to the folder of pictures.
  func path(of post: Post, _ names: ColumnMap) -> String? {
    var path = ""
    for part in parts {
      switch part {
      case .text(let text): path += text
      case .column(let name):
        guard let value = Self.value(name, of: post, names), !value.isBlank, !value.isPlaceholder else { return nil }
        path += value
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
    case .label: post.label
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
