import Bytes

/// Turns text from outside into text that can stand on a page or in a message.
///
/// Control characters, line breaks and invisible direction marks are shown as escapes, so that a post cannot
/// turn its neighbour's words around or hide a character; everything else stays.
package enum DisplayText {
  /// A name or text that stands in a sentence: one line of at most `limit` code points, isolated where it runs from
  /// right to left; what is longer ends in "…".
  ///
  /// - Complexity: O(limit), whatever the text's length.
  package static func line(_ text: String, limit: Int = 400) -> String { sentence(text, limit: limit).isolated }

  /// A whole line: like `line`, but isolates are let through and none is added.
  ///
  /// - Complexity: O(limit), whatever the text's length.
  package static func sentence(_ text: String, limit: Int = 400) -> String {
    let kept = text.unicodeScalars.prefix(limit)
    var line = String(kept)
    if kept.endIndex != text.unicodeScalars.endIndex {
      line.unicodeScalars.append("\u{2026}")
      // An isolate that the cut leaves open is closed behind it.
      if let open = kept.lastIndex(of: .isolate), !kept[open...].contains(.endOfIsolate) {
        line.unicodeScalars.append(.endOfIsolate)
      }
    }
    guard line.unicodeScalars.contains(where: needsEscape) else { return line }
    return IsolatedText(line).rewritten { part in
      var result = String.UnicodeScalarView()
      for scalar in part.unicodeScalars {
        if needsEscape(scalar) {
          result.append(contentsOf: escape(scalar).unicodeScalars)
        } else {
          result.append(scalar)
        }
      }
      return String(result)
    }
  }

  /// A name of at most `limit` characters; what is longer loses its middle, for the ends of names tell them apart.
  static func middle(_ text: String, limit: Int) -> String {
    guard text.count > limit else { return line(text) }
    let end = max(limit - 1, 1) / 2
    return line("\(text.prefix(max(limit - 1 - end, 1)))\u{2026}\(text.suffix(end))")
  }

  /// A label's name, which may be empty, for a sentence or alone.
  static func name(_ label: String) -> String { label.isEmpty ? "(empty)" : line(label) }

  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true  // controls
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true  // direction marks
    case 0x2028, 0x2029: true  // line and paragraph separators
    case 0xFFF9...0xFFFB, 0xFEFF, 0xE0000...0xE0FFF: true  // annotations, byte order mark, tags
    default: scalar.value & 0xFFFE == 0xFFFE  // noncharacters
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    }
  }
}
