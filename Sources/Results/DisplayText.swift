package import Bytes

/// Makes text from outside safe to show on a page or in a message.
///
/// Control characters, line breaks and invisible direction marks are shown as escapes, so that a post cannot reverse
/// the text next to it or hide characters; everything else stays.
package enum DisplayText {
  /// A name or text for use in a sentence: one line of at most `limit` code points, with isolates if it is written from
  /// right to left; a longer text ends in "…".
  ///
  /// - Complexity: O(limit), for any length of the text.
  package static func line(_ text: String, limit: Int = 400) -> String { sentence(text, limit: limit).isolated }

  /// A whole line: like `line`, but keeps existing isolates and adds none.
  ///
  /// - Complexity: O(limit), for any length of the text.
  package static func sentence(_ text: String, limit: Int = 400) -> String {
    let kept = text.unicodeScalars.prefix(limit)
    var line = String(kept)
    if kept.endIndex != text.unicodeScalars.endIndex {
      line.unicodeScalars.append("\u{2026}")
      // Close an isolate that the cut leaves open.
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

  /// A name of at most `limit` characters; a longer one loses its middle, because long names often differ only at their
  /// ends.
  package static func middle(_ text: String, limit: Int) -> String {
    guard text.count > limit else { return line(text) }
    let end = max(limit - 1, 1) / 2
    return line("\(text.prefix(max(limit - 1 - end, 1)))\u{2026}\(text.suffix(end))")
  }

  /// A label's name; `(empty)` if it has none.
  package static func name(_ label: ByteText) -> String { label.isEmpty ? "(empty)" : line(label.text) }

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

/// Formats numbers in the same way on every machine, independent of the locale.
package enum Format {
  /// A count with its noun: `1 post`, `1,200 posts`.
  package static func count(_ value: Int, _ one: String, _ many: String) -> String {
    "\(count(value)) \(value == 1 ? one : many)"
  }

  /// A count with groups of three: `1,234,567`.
  package static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var words = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { words.append(",") }
      words.append(digit)
    }
    return (value < 0 ? "−" : "") + words
  }

  /// A count in at most four characters: `999`, `1.2k`, `35k`, `2.0M`.
  package static func compact(_ value: Int) -> String {
    var amount = Double(value)
    guard amount >= 1000 else { return "\(value)" }
    for unit in ["k", "M", "G", "T"] {
      amount /= 1000
      if amount < 9.95 { return decimal(amount, 1) + unit }
      if amount < 999.5 { return decimal(amount, 0) + unit }
    }
    return decimal(amount, 0) + "T"
  }

  /// A number with a fixed number of decimals, rounded half away from 0: `−0.25`.
  package static func decimal(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "–" }
    let unit = (0..<decimals).reduce(1) { product, _ in product * 10 }
    let scaled = Int((value.magnitude * Double(unit)).rounded())
    let sign = value < 0 && scaled > 0 ? "−" : ""
    guard decimals > 0 else { return sign + count(scaled) }
    let fraction = String(scaled % unit)
    return sign + count(scaled / unit) + "." + String(repeating: "0", count: decimals - fraction.count)
      + fraction
  }

  /// A difference with its sign: `+0.25`, `−0.25`, `0.00`.
  package static func signed(_ value: Double, _ decimals: Int) -> String {
    let words = decimal(value, decimals)
    return value > 0 && words != decimal(0, decimals) ? "+" + words : words
  }

  /// A share in per cent: `12.3 %`. Only an exact 0 or 1 is shown as 0 % or 100 %.
  package static func share(_ part: Int, of whole: Int, decimals: Int = 1) -> String {
    guard whole > 0 else { return "–" }
    return percent(Double(part) / Double(whole), decimals: decimals) + " %"
  }

  /// A share in per cent, without the sign.
  package static func percent(_ share: Double, decimals: Int) -> String {
    let words = decimal(share * 100, decimals)
    if share > 0, words == decimal(0, decimals) { return "<" + decimal(decimals == 0 ? 1 : 0.1, decimals) }
    if share < 1, words == decimal(100, decimals) {
      return ">" + decimal(decimals == 0 ? 99 : 99.9, decimals)
    }
    return words
  }
}

extension Timestamp {
  /// The time if it has the form `2026-01-31T12:00:00Z`, else the epoch: Cairo replaces a time that it cannot read by
  /// the current time.
  package static func checked(_ text: String) -> String { isPlain(text) ? text : "1970-01-01T00:00:00Z" }

  /// A time for readers: `2026-01-31 12:00:00 UTC`; other texts as they are.
  package static func readable(_ text: String) -> String {
    guard isPlain(text) else { return text }
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
  }
}
