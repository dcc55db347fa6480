/// Writes JSON: only necessary characters are escaped, and the same value gives the same bytes.
///
/// A number that is not finite, which JSON cannot express, becomes `null`.
package struct JSONWriter {
  /// How the text is laid out.
  package struct Style: Sendable {
    /// Blanks and line ends between the parts.
    enum Layout: Sendable { case dense, spaced, indented }

    let layout: Layout
    /// Whether members are sorted by the bytes of their keys, and whole reals are `1`, not `1.0`.
    let isCanonical: Bool

    var comma: String { layout == .spaced ? ", " : "," }
    var colon: String {
      switch layout {
      case .dense: ":"
      case .spaced: ": "
      case .indented: " : "
      }
    }

    /// `{"b":1.0,"a":[2]}`: members as they are given, no blanks.
    package static let dense = Style(layout: .dense, isCanonical: false)
    /// `{"b": 1.0, "a": [2]}`
    package static let spaced = Style(layout: .spaced, isCanonical: false)
    /// `{"a":[2],"b":1}`: the form for comparing texts.
    package static let canonical = Style(layout: .dense, isCanonical: true)
    /// The canonical members, each on a line of its own.
    package static let indented = Style(layout: .indented, isCanonical: true)
  }

  package private(set) var text = ""
  private let style: Style
  private var depth = 0

  package init(_ style: Style = .dense) { self.style = style }

  /// A string on its own, in quotes.
  package static func quoted(_ value: String) -> String {
    var json = JSONWriter()
    json.string(value)
    return json.text
  }

  /// Appends a value with everything in it.
  package mutating func value(_ value: JSON) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .integer(let value): number(value)
    case .real(let value): number(value)
    case .string(let value): string(value)
    case .array(let values): array(values) { $0.value($1) }
    case .object(let members): object(members, key: \.key.text) { $0.value($1.value) }
    }
  }

  /// Appends a string.
  package mutating func string(_ value: String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// Appends a number, by the shortest decimal that reads back as the same `Double`.
  package mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    let digits = value.description
    text += style.isCanonical && digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
  }

  /// Appends a whole number.
  package mutating func number(_ value: some BinaryInteger) {
    text += String(value)
  }

  /// Appends `true` or `false`.
  package mutating func bool(_ value: Bool) {
    text += value ? "true" : "false"
  }

  /// Appends `null`.
  package mutating func null() {
    text += "null"
  }

  /// Appends a string or an integer, `null` for none.
  package mutating func optional(_ value: String?) {
    if let value { string(value) } else { null() }
  }

  /// Appends an integer, `null` for none.
  package mutating func optional(_ value: Int?) {
    if let value { number(value) } else { null() }
  }

  /// Appends an array.
  package mutating func array<Element>(_ elements: [Element], value: (inout JSONWriter, Element) -> Void) {
    list("[", elements, "]", value)
  }

  /// Appends an object.
  package mutating func object<Element>(
    _ elements: [Element], key: (Element) -> String, value: (inout JSONWriter, Element) -> Void
  ) {
    let ordered = style.isCanonical ? elements.sorted { ByteText(key($0)) < ByteText(key($1)) } : elements
    list("{", ordered, "}") { json, element in
      json.string(key(element))
      json.text += json.style.colon
      value(&json, element)
    }
  }

  /// Appends an object with members of its own kinds each.
  package mutating func object(_ members: [(String, (inout JSONWriter) -> Void)]) {
    object(members, key: { $0.0 }, value: { $1.1(&$0) })
  }

  private mutating func list<Element>(
    _ open: String, _ elements: [Element], _ close: String, _ write: (inout JSONWriter, Element) -> Void
  ) {
    text += open
    depth += 1
    for (index, element) in elements.enumerated() {
      if index > 0 { text += style.comma }
      breakLine()
      write(&self, element)
    }
    depth -= 1
    if elements.isEmpty, style.layout == .indented { text += "\n" }
    breakLine()
    text += close
  }

  private mutating func breakLine() {
    if style.layout == .indented { text += "\n" + String(repeating: "  ", count: depth) }
  }
}

extension JSON {
  /// An object of these members, in this order; those without a value are left out.
  package static func members(_ members: [(String, JSON?)]) -> JSON {
    .object(members.compactMap { key, value in value.map { Member(key: ByteText(key), value: $0) } })
  }

  /// A number with the digits of a `Float`, not those of the nearest `Double`.
  package static func float(_ value: Float) -> JSON { .real(Double(value.description) ?? Double(value)) }

  /// The value as text that reads back as the same value.
  ///
  /// - Throws: `JSONError.notFinite`, where ``text(_:)`` writes `null`.
  package func finiteText(_ style: JSONWriter.Style) throws(JSONError) -> String {
    guard isFinite else { throw .notFinite }
    return text(style)
  }

  private var isFinite: Bool {
    switch self {
    case .real(let value): value.isFinite
    case .array(let values): values.allSatisfy(\.isFinite)
    case .object(let members): members.allSatisfy(\.value.isFinite)
    default: true
    }
  }

  /// The value as text.
  package func text(_ style: JSONWriter.Style = .dense) -> String {
    var json = JSONWriter(style)
    json.value(self)
    return json.text
  }
}
