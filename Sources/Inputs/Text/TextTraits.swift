/// Marks in a text that show how its corpus was prepared.
package struct TextMarks: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A web address, as the step `url=TOKEN` finds it.
  package static let links = TextMarks(rawValue: 1)
  /// An `@name`, as the step `user=TOKEN` finds it.
  package static let mentions = TextMarks(rawValue: 2)
  /// An entity of HTML, as the step `unescape-html` finds it.
  package static let entities = TextMarks(rawValue: 4)
  /// A placeholder that a program inserted: `<user>`, `[URL]`, `emoji_12`.
  package static let placeholders = TextMarks(rawValue: 8)

  /// All marks, in the order in which they are reported.
  package static let all: [TextMarks] = [.links, .mentions, .entities, .placeholders]

  /// The marks of a text. O(scalars).
  package init(of text: String) {
    // Most texts have none of these characters, and scanning bytes is fast.
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

  /// The placeholders that text-cleaning programs write, in lower case.
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

  /// The ASCII letters from a position on, in lower case, at most `longest`.
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
  /// An ASCII letter in lower case; nil for anything else.
  fileprivate var smallLetter: Unicode.Scalar? {
    switch self {
    case "a"..."z": self
    case "A"..."Z": Unicode.Scalar(value + 32)
    default: nil
    }
  }
}

/// The script of a letter, as far as corpora are distinguished by it.
///
/// Blocks of Unicode 15, not the property Script: a letter of a block that is not listed is ``other``.
package enum WritingSystem: String, CaseIterable, Sendable {
  case latin = "Latin"
  case greek = "Greek"
  case cyrillic = "Cyrillic"
  case armenian = "Armenian"
  case hebrew = "Hebrew"
  case arabic = "Arabic"
  case devanagari = "Devanagari"
  case bengali = "Bengali"
  case gurmukhi = "Gurmukhi"
  case gujarati = "Gujarati"
  case tamil = "Tamil"
  case telugu = "Telugu"
  case kannada = "Kannada"
  case malayalam = "Malayalam"
  case sinhala = "Sinhala"
  case thai = "Thai"
  case burmese = "Myanmar"
  case georgian = "Georgian"
  case hangul = "Hangul"
  case ethiopic = "Ethiopic"
  case khmer = "Khmer"
  case kana = "Kana"
  case han = "Han"
  case other = "other scripts"

  /// The script of a letter; nil for other scalars.
  package init?(_ scalar: Unicode.Scalar) {
    if scalar.isASCII {
      guard ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) else { return nil }
      self = .latin
      return
    }
    guard scalar.properties.isAlphabetic else { return nil }
    self = Self.blocks.first { $0.range.contains(scalar.value) }?.system ?? .other
  }

  private static let blocks: [(range: ClosedRange<UInt32>, system: WritingSystem)] = [
    (0x00AA...0x024F, .latin), (0x1E00...0x1EFF, .latin), (0xFF21...0xFF5A, .latin), (0x2C60...0x2C7F, .latin),
    (0xA720...0xA7FF, .latin), (0x0370...0x03FF, .greek), (0x1F00...0x1FFF, .greek), (0x0400...0x052F, .cyrillic),
    (0x0531...0x058F, .armenian), (0x0591...0x05F4, .hebrew), (0x0600...0x06FF, .arabic), (0x0750...0x077F, .arabic),
    (0x08A0...0x08FF, .arabic), (0xFB50...0xFDFF, .arabic), (0xFE70...0xFEFC, .arabic), (0x0900...0x097F, .devanagari),
    (0x0980...0x09FF, .bengali), (0x0A00...0x0A7F, .gurmukhi), (0x0A80...0x0AFF, .gujarati), (0x0B80...0x0BFF, .tamil),
    (0x0C00...0x0C7F, .telugu), (0x0C80...0x0CFF, .kannada), (0x0D00...0x0D7F, .malayalam), (0x0D80...0x0DFF, .sinhala),
    (0x0E00...0x0E7F, .thai), (0x1000...0x109F, .burmese), (0x10A0...0x10FF, .georgian), (0x1C90...0x1CBF, .georgian),
    (0x1100...0x11FF, .hangul), (0x3130...0x318F, .hangul), (0xAC00...0xD7FB, .hangul), (0x1200...0x137F, .ethiopic),
    (0x1780...0x17FF, .khmer), (0x3040...0x30FF, .kana), (0x31F0...0x31FF, .kana), (0xFF66...0xFF9D, .kana),
    (0x3005...0x3007, .han), (0x3400...0x4DBF, .han), (0x4E00...0x9FFF, .han), (0xF900...0xFAFF, .han),
    (0x20000...0x323AF, .han),
  ]
}
