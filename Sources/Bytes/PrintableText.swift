extension Unicode.Scalar {
  /// Whether a terminal would act on the scalar instead of showing it: control characters, line and paragraph
  /// separators, and marks that reorder text.
  package var isTerminalControl: Bool {
    switch value {
    case 0x00...0x1F, 0x7F...0x9F: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F: true
    case 0xFEFF, 0xFFF9...0xFFFB: true
    default: false
    }
  }

  /// The scalar as an escape: `\n`, `\t`, `\r`, otherwise `\u` and four hexadecimal digits.
  package var escapedForm: String {
    switch value {
    case 0x09: return "\\t"
    case 0x0A: return "\\n"
    case 0x0D: return "\\r"
    default:
      let digits = String(value, radix: 16)
      return "\\u" + String(repeating: "0", count: Swift.max(0, 4 - digits.utf8.count)) + digits
    }
  }
}

extension String {
  /// The text in a form that is safe within a line of clfa: every scalar that a terminal would act on is escaped, and
  /// right-to-left text is isolated, so that it cannot reorder its neighbours.
  ///
  /// Isolates that `isolated` added are kept, so a sentence may contain sentences.
  package var printable: String {
    guard unicodeScalars.contains(where: { $0.isTerminalControl || $0.isRightToLeft }) else { return self }
    return escapedForm(\.isTerminalControl).isolated
  }

  /// The text of several lines made safe for a terminal: like `printable`, but line feeds and tabs stay, and isolates
  /// are let through without being added.
  package var printableLines: String {
    escapedForm { $0.isTerminalControl && $0 != "\n" && $0 != "\t" }
  }

  /// A line of clfa whose names are already isolated, made safe for a terminal; nothing is added.
  package var printableLine: String { escapedForm(\.isTerminalControl) }

  private func escapedForm(_ isObeyed: (Unicode.Scalar) -> Bool) -> String {
    guard unicodeScalars.contains(where: isObeyed) else { return self }
    return IsolatedText(self).rewritten { text in
      var result = ""
      for scalar in text.unicodeScalars {
        if isObeyed(scalar) {
          result += scalar.escapedForm
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
      return result
    }
  }
}

extension String {
  /// The text in a form for messages: safe to print in a line, and cut if it is longer than `limit` scalars.
  ///
  /// - Complexity: O(`limit`), however long the text is.
  package func printable(upTo limit: Int) -> String {
    let head = unicodeScalars.prefix(limit)
    return head.endIndex == unicodeScalars.endIndex ? printable : String(String.UnicodeScalarView(head)).printable + "…"
  }
}

extension Collection<String> {
  /// Names for a message, `a, b, c and 65533 more`: each is safe to print in a line, long ones are cut, and only the
  /// first few are listed, so that a message stays short for any content of a file.
  ///
  /// - Parameters:
  ///   - most: the maximum number of names.
  ///   - separator: the text between two names.
  ///   - quote: the quotation mark around each name.
  /// - Returns: the names; nothing for none.
  package func listed(most: Int = 20, separator: String = ", ", quote: String = "") -> String {
    let named = prefix(most).map { quote + $0.printable(upTo: 60) + quote }.joined(separator: separator)
    return count > most ? "\(named) and \(count - most) more" : named
  }
}

/// Arguments of commands that messages suggest.
package enum Shell {
  private static let plain = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/=:,@%+".utf8)

  /// A command line of words.
  package static func line(_ words: [String]) -> String {
    words.map(word).joined(separator: " ")
  }

  /// A word in the form that a shell reads as this text: in single quotes unless it is plain. Control characters are
  /// written as bytes in `$'…'`, for bash and zsh.
  package static func word(_ text: String) -> String {
    if text.unicodeScalars.contains(where: \.isTerminalControl) {
      return "$'" + text.unicodeScalars.map(escaped).joined() + "'"
    }
    if !text.isEmpty && text.utf8.allSatisfy(plain.contains) { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\t": "\\t"
    case "\r": "\\r"
    case "'", "\\": "\\" + String(scalar)
    case _ where scalar.isTerminalControl:
      String(scalar).utf8.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    default: String(scalar)
    }
  }
}
