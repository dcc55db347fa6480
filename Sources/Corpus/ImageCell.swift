internal import Bytes

/// What the cell of a picture holds: a path, several, or a word for none.
package struct ImageCell: Equatable, Sendable {
  /// How the pictures were written, if not as one path.
  package enum Form: Equatable, Sendable {
    /// A list of pictures, of which there may be one.
    case list(count: Int)
    /// A word that stands for no picture, such as `nan` or `[]`.
    case noPicture(String)
  }

  /// The pictures' paths as written, without the list around them.
  package var paths: [String]
  /// How they were written; nil for one path, and for a blank cell.
  package var form: Form?

  /// Reads a cell. A list is recognised by its brackets and quotes, or because every part between `;`, `|`, commas, tabs,
  /// line breaks or blanks ends like a picture file or is a web address. Any other cell is one path.
  package init(_ cell: String) {
    guard Self.mayBeMore(cell) else {
      (paths, form) = ([cell], nil)
      return
    }
    if cell.isBlank {
      (paths, form) = ([], nil)
    } else if cell.namesNoPicture {
      (paths, form) = ([], .noPicture(cell))
    } else if let address = DataAddress(cell) {
      (paths, form) = address.isEmpty ? ([], .noPicture(cell)) : ([cell], nil)
    } else if let items = Self.bracketed(cell) ?? Self.parted(cell) {
      let named = items.filter { !$0.isBlank && !$0.namesNoPicture }
      (paths, form) = named.isEmpty ? ([], .noPicture(cell)) : (named, .list(count: named.count))
    } else {
      (paths, form) = ([cell], nil)
    }
  }

  /// Whether a cell may be more or less than one path: something in it parts or encloses, or it is as short as a word for
  /// a missing value.
  private static func mayBeMore(_ cell: String) -> Bool {
    if let first = cell.utf8.first, "[({\"'".utf8.contains(first) { return true }
    if cell.utf8.last == UInt8(ascii: ")") { return true }
    if cell.utf8.contains(where: { $0 == 0x20 || (0x09...0x0D).contains($0) || ";|,".utf8.contains($0) }) {
      return true
    }
    return cell.utf8.count <= 10 && cell.namesNoPicture
  }

  /// The items of a list in brackets, as JSON, Python and SQL write it; nil if the cell is not such a list.
  private static func bracketed(_ cell: String) -> [String]? {
    let text = argument(of: unwrapped(cell.trimmed))
    guard let first = text.first, let last = text.last, text.count > 1,
      [("[", "]"), ("(", ")"), ("{", "}")].contains(where: { $0.0 == first && $0.1 == last })
    else { return nil }
    var items: [String] = [], scanner = ListScanner(text.dropFirst().dropLast())
    while let item = scanner.next() {
      // Words without quotes are names of pictures, or words for none.
      guard item.isQuoted || isPicture(item.text) || item.text.namesNoPicture else { return nil }
      items.append(item.text)
    }
    return scanner.isWhole ? items : nil
  }

  /// A list without the quotes that a second program put around it, with those within doubled or after a backslash.
  private static func unwrapped(_ text: String) -> String {
    let inner = text.dropFirst().dropLast()
    guard text.first == "\"", text.last == "\"", let bracket = inner.first, "[({".contains(bracket) else { return text }
    return String(inner.replacing("\"\"", with: "\"").replacing("\\\"", with: "\""))
  }

  /// The list in `array([…], dtype=object)`, `list([…])` and so on, as Python prints values; any other text as it is.
  private static func argument(of text: String) -> String {
    let name = text.utf8.prefix { (0x61...0x7A).contains($0 | 0x20) || $0 == UInt8(ascii: ".") }
    guard !name.isEmpty, text.utf8.last == UInt8(ascii: ")"), text.utf8[name.endIndex...].starts(with: "([".utf8),
      let end = text.utf8.lastIndex(of: UInt8(ascii: "]"))
    else { return text }
    let rest = text[text.utf8.index(after: end)...].dropLast()
    guard rest.isEmpty || rest.utf8.starts(with: ",".utf8) && rest.contains("=") else { return text }
    return String(text[text.utf8.index(after: name.endIndex)...end])
  }

  /// The parts of a list without brackets; nil if the cell is not a list.
  private static func parted(_ cell: String) -> [String]? {
    for separators in ["\n\r", "\t", ";", "|", ",", " "] {
      let parts = cell.split { character in separators.unicodeScalars.contains { character.unicodeScalars.contains($0) }
      }
      .map { $0.trimmed(and: "\"'") }.filter { !$0.isEmpty }
      let ends = [cell.trimmed.utf8.first, cell.trimmed.utf8.last]
      let isParted = parts.count > 1 || ends.contains { $0 == separators.utf8.first }
      // Words for none may be among the others, but not between blanks, which are in names, too.
      let pictures = separators == " " ? parts : parts.filter { !$0.namesNoPicture }
      guard isParted, pictures.allSatisfy(isPicture) else { continue }
      // A web address may hold any of these characters.
      let addresses = pictures.count(where: isAddress)
      if addresses == 0 || addresses == pictures.count { return parts }
    }
    return nil
  }

  private static func isAddress(_ part: String) -> Bool {
    let head = part.prefix(8).lowercased().utf8
    return head.starts(with: "http://".utf8) || head.starts(with: "https://".utf8)
  }

  /// Whether a part of a list is a picture's name or a web address.
  private static func isPicture(_ part: String) -> Bool {
    if isAddress(part) { return true }
    let end = part.firstIndex { $0 == "?" || $0 == "#" } ?? part.endIndex
    return PictureEnding.of(String(part[..<end])) != nil
  }
}

/// The items of a list between brackets, parted by commas: quoted as in JSON or Python, or words.
private struct ListScanner {
  private var rest: Substring.UnicodeScalarView
  private(set) var isWhole = true
  private var isFirst = true
  private var wasQuoted = false

  init(_ text: Substring) { rest = text.unicodeScalars }

  /// The next item; nil at the end, and for a list that is malformed, which is then not whole.
  mutating func next() -> (text: String, isQuoted: Bool)? {
    let hasBlanks = rest.first?.properties.isWhitespace == true
    skipBlanks()
    guard let first = rest.first else { return nil }
    if !isFirst {
      // NumPy writes blanks alone between quoted items.
      guard first == "," || wasQuoted && hasBlanks && (first == "\"" || first == "'") else { return fail() }
      if first == "," { rest.removeFirst() }
      skipBlanks()
      // Python ends a tuple of one item in a comma.
      if rest.isEmpty { return nil }
    }
    isFirst = false
    wasQuoted = rest.first == "\"" || rest.first == "'"
    guard let quote = rest.first, quote == "\"" || quote == "'" else {
      let word = String(String.UnicodeScalarView(rest.prefix { $0 != "," }))
      rest = rest.dropFirst(word.unicodeScalars.count)
      let isPlain = !word.unicodeScalars.contains { "[]{}\"".unicodeScalars.contains($0) }
      return isPlain ? (word.trimmed, false) : fail()
    }
    rest.removeFirst()
    return quoted(quote).map { ($0, true) }
  }

  private mutating func quoted(_ quote: Unicode.Scalar) -> String? {
    var units: [UInt16] = []
    while let scalar = rest.popFirst() {
      if scalar == quote { return String(decoding: units, as: UTF16.self) }
      guard scalar == "\\", let escaped = rest.popFirst() else {
        units += Array(String(scalar).utf16)
        continue
      }
      switch escaped {
      case "n": units.append(0x0A)
      case "t": units.append(0x09)
      case "r": units.append(0x0D)
      case "u", "x":
        let count = escaped == "u" ? 4 : 2
        guard let code = UInt16(String(String.UnicodeScalarView(rest.prefix(count))), radix: 16) else { return fail() }
        rest = rest.dropFirst(count)
        units.append(code)
      default: units += Array(String(escaped).utf16)
      }
    }
    return fail()
  }

  private mutating func skipBlanks() { rest = rest.drop { $0.properties.isWhitespace } }

  private mutating func fail<Result>() -> Result? {
    isWhole = false
    rest = rest.dropFirst(rest.count)
    return nil
  }
}

extension String {
  /// Whether a cell or an item holds a word for none, or the word of a program that it has no picture.
  fileprivate var namesNoPicture: Bool {
    isPlaceholder || utf8.count <= 16 && ByteText(trimmed.lowercased()) == "false"
  }
}

extension StringProtocol {
  /// The text without white space around it.
  fileprivate var trimmed: String { trimmed(and: "") }

  /// The text without white space and other characters around it.
  fileprivate func trimmed(and others: String) -> String {
    let isAround = { (scalar: Unicode.Scalar) in
      scalar.properties.isWhitespace || others.unicodeScalars.contains(scalar)
    }
    let head = unicodeScalars.drop(while: isAround)
    return String(String.UnicodeScalarView(head.reversed().drop(while: isAround).reversed()))
  }
}
