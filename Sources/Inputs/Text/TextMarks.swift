/// What a text shows of how its corpus was prepared.
package struct TextMarks: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A web address, as the step `url=TOKEN` finds it.
  package static let links = TextMarks(rawValue: 1)
  /// An `@name`, as the step `user=TOKEN` finds it.
  package static let mentions = TextMarks(rawValue: 2)
  /// An entity of HTML, as the step `unescape-html` finds it.
  package static let entities = TextMarks(rawValue: 4)
  /// A word that a program put in the place of something: `<user>`, `[URL]`, `emoji_12`.
  package static let placeholders = TextMarks(rawValue: 8)

  /// All marks, in the order in which they are told.
  package static let all: [TextMarks] = [.links, .mentions, .entities, .placeholders]

  /// The marks of a text. O(scalars).
  package init(of text: String) {
    // Most texts have none of these characters, and bytes are quickly looked through.
    var (hasLink, hasAt, hasEntity, hasBracket, hasEmoji) = (false, false, false, false, false)
    var isASCII = true
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: ":"), UInt8(ascii: "."): hasLink = true
      case UInt8(ascii: "@"): hasAt = true
      case UInt8(ascii: "&"): hasEntity = true
      case UInt8(ascii: "<"), UInt8(ascii: "["): hasBracket = true
      case UInt8(ascii: "_"): hasEmoji = true
      case 0x80...: isASCII = false
      default: break
      }
    }
    var marks: TextMarks = []
    let scalars = hasLink || hasAt || hasEntity || hasBracket || hasEmoji || !isASCII ? Array(text.unicodeScalars) : []
    if hasLink, Replaceable.url.occurs(in: scalars) { marks.insert(.links) }
    // A wide @ counts, too.
    if hasAt || !isASCII, Replaceable.user.occurs(in: scalars) { marks.insert(.mentions) }
    if hasEntity, unescapingHTML(scalars).count < scalars.count { marks.insert(.entities) }
    if hasBracket || hasEmoji, Self.hasPlaceholder(scalars) { marks.insert(.placeholders) }
    self = marks
  }

  /// What programs that clean texts write, in small letters.
  private static let names: Set<String> = [
    "user", "url", "link", "http", "https", "mention", "number", "num", "hashtag", "emoji", "email", "username",
  ]

  private static func hasPlaceholder(_ text: [Unicode.Scalar]) -> Bool {
    for place in text.indices {
      switch text[place] {
      case "<", "[":
        let close: Unicode.Scalar = text[place] == "<" ? ">" : "]"
        let name = word(in: text, from: place + 1, longest: 8)
        let end = place + 1 + name.unicodeScalars.count
        if end < text.count, text[end] == close, names.contains(name) { return true }
      case "e":
        // `emoji_15`, as the public sarcasm corpus has it.
        guard !text.hasWord(before: place), word(in: text, from: place, longest: 5) == "emoji",
          place + 6 < text.count, text[place + 5] == "_", text[place + 6].isDigit
        else { continue }
        return true
      default: continue
      }
    }
    return false
  }

  /// The ASCII letters from a place on, in small letters, at most `longest`.
  private static func word(in text: [Unicode.Scalar], from start: Int, longest: Int) -> String {
    var word = ""
    for scalar in text[min(start, text.count)...].prefix(longest) {
      guard let small = scalar.smallLetter else { break }
      word.unicodeScalars.append(small)
    }
    return word
  }
}

extension Unicode.Scalar {
  /// An ASCII letter as a small one; nil for anything else.
  fileprivate var smallLetter: Unicode.Scalar? {
    switch self {
    case "a"..."z": self
    case "A"..."Z": Unicode.Scalar(value + 32)
    default: nil
    }
  }
}
