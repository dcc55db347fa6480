/// JSON written by hand: member order kept, nothing escaped that need not be, the same bytes each time.
package struct JSONWriter {
  package private(set) var text = ""

  package init() {}

  /// A string by itself, in quotes.
  package static func quoted(_ value: String) -> String {
    var json = JSONWriter()
    json.string(value)
    return json.text
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

  /// Appends a finite number, by the shortest decimal that reads back as the same `Double`.
  package mutating func number(_ value: Double) {
    text += value.description
  }

  /// Appends an integer.
  package mutating func number(_ value: Int) {
    text += String(value)
  }

  /// Appends `true` or `false`.
  package mutating func bool(_ value: Bool) {
    text += value ? "true" : "false"
  }

  /// Appends a string or an integer, `null` for none.
  package mutating func optional(_ value: String?) {
    if let value { string(value) } else { text += "null" }
  }

  /// Appends an integer, `null` for none.
  package mutating func optional(_ value: Int?) {
    if let value { number(value) } else { text += "null" }
  }

  /// Appends an array.
  package mutating func array<Element>(_ elements: [Element], value: (inout JSONWriter, Element) -> Void) {
    text += "["
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      value(&self, element)
    }
    text += "]"
  }

  /// Appends an object.
  package mutating func object<Element>(
    _ elements: [Element], key: (Element) -> String, value: (inout JSONWriter, Element) -> Void
  ) {
    text += "{"
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      member(key(element)) { value(&$0, element) }
    }
    text += "}"
  }

  /// Appends an object with members of its own kinds each.
  package mutating func object(_ members: [(String, (inout JSONWriter) -> Void)]) {
    object(members, key: { $0.0 }, value: { $1.1(&$0) })
  }

  private mutating func member(_ key: String, _ value: (inout JSONWriter) -> Void) {
    string(key)
    text += ":"
    value(&self)
  }
}
