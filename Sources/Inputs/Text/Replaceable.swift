/// The parts of a text that normalisation can replace with a token.
package enum Replaceable: String, Sendable {
  /// A web address: `http://` or `https://` anywhere, or `www.` at the beginning of a word, and the following ASCII
  /// characters except a blank, `<`, `>` and `"`. Closing punctuation at its end does not belong to it.
  case url
  /// `@` that does not follow a word, and the ASCII letters, digits and underscores after it.
  case user
  /// Digits, with single `.` and `,` between them, that are not next to a letter: `1,000.50` but not `4th` or `b2b`.
  case number

  /// The text with a token for every match, separated from adjacent words by blanks. O(scalars).
  func replaced(in text: some ScalarText, by token: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      guard let run = run(in: text, at: position) else {
        result.append(text[position])
        position += 1
        continue
      }
      if run.isFind {
        if result.hasWord(before: result.count) { result.append(" ") }
        result += token
        if text.hasWord(at: run.end) { result.append(" ") }
      } else {
        result += text[position..<run.end]
      }
      position = run.end
    }
    return result
  }

  /// Whether a text has a match. O(scalars).
  func occurs(in text: [Unicode.Scalar]) -> Bool {
    var position = 0
    while position < text.count {
      let run = run(in: text, at: position)
      if run?.isFind == true { return true }
      position = run?.end ?? position + 1
    }
    return false
  }

  /// A run that must be taken as a whole: a match, or text that only looks like one.
  private struct Run {
    var end: Int
    var isFind: Bool
  }

  private func run(in text: some ScalarText, at start: Int) -> Run? {
    switch self {
    case .url: Self.url(in: text, at: start)
    case .user: Self.user(in: text, at: start)
    case .number: Self.number(in: text, at: start)
    }
  }

  private static func url(in text: some ScalarText, at start: Int) -> Run? {
    var body = start
    switch text[start] {
    case "h", "H":
      guard let end = skip("http://", in: text, at: start) ?? skip("https://", in: text, at: start) else {
        return nil
      }
      body = end
    case "w", "W":
      guard !text.hasWord(before: start), let end = skip("www.", in: text, at: start) else { return nil }
      body = end
    default: return nil
    }
    var end = body
    while end < text.count, isAddress(text[end]) { end += 1 }
    while end > body, isClosing(text[end - 1]) { end -= 1 }
    return end > body ? Run(end: end, isFind: true) : nil
  }

  private static func user(in text: some ScalarText, at start: Int) -> Run? {
    guard text[start] == "@" || text[start] == "\u{FF20}", !text.hasWord(before: start) else { return nil }
    var end = start + 1
    while end < text.count, text[end].isASCII, text[end].isWordScalar { end += 1 }
    return end > start + 1 ? Run(end: end, isFind: true) : nil
  }

  private static func number(in text: some ScalarText, at start: Int) -> Run? {
    guard text[start].isDigit else { return nil }
    var end = start + 1
    while end < text.count {
      if text[end].isDigit {
        end += 1
      } else if text[end] == "." || text[end] == ",", end + 1 < text.count, text[end + 1].isDigit {
        end += 2
      } else {
        break
      }
    }
    return Run(end: end, isFind: !text.hasWord(before: start) && !text.hasWord(at: end))
  }

  /// The end of a prefix, given in lower-case ASCII, if the text has it at a position in any case; otherwise `nil`.
  private static func skip(_ prefix: String, in text: some ScalarText, at start: Int) -> Int? {
    var position = start
    for scalar in prefix.unicodeScalars {
      guard position < text.count else { return nil }
      let isUpper = ("A"..."Z").contains(text[position])
      guard text[position].value + (isUpper ? 32 : 0) == scalar.value else { return nil }
      position += 1
    }
    return position
  }

  private static func isAddress(_ scalar: Unicode.Scalar) -> Bool {
    ("!"..."~").contains(scalar) && scalar != "<" && scalar != ">" && scalar != "\""
  }

  private static func isClosing(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ".", ",", ";", ":", "!", "?", "'", ")", "]", "}", "*", "_", "~": true
    default: false
    }
  }
}
