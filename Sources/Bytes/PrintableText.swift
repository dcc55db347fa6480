extension Unicode.Scalar {
  /// Whether a terminal would obey the scalar instead of showing it: controls, line and paragraph
  /// separators, and the marks that reorder text.
  package var isTerminalControl: Bool {
    switch value {
    case 0x00...0x1F, 0x7F...0x9F: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F: true
    case 0xFEFF, 0xFFF9...0xFFFB: true
    default: false
    }
  }

  /// The scalar written out: `\n`, `\t`, `\r`, else `\u` and four hexadecimal digits.
  package var writtenOut: String {
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
  /// The text safe to print inside a line of ours: every scalar that a terminal would obey is written out, and
  /// right-to-left text is isolated, so that it cannot turn its neighbours round.
  ///
  /// Isolates that `isolated` added stay, so a sentence may hold sentences.
  public var printable: String {
    guard unicodeScalars.contains(where: { $0.isTerminalControl || $0.isRightToLeft }) else { return self }
    return writtenOut(\.isTerminalControl).isolated
  }

  /// The text of several lines made safe for a terminal: like `printable`, but line feeds and tabs stay, and isolates
  /// are let through without being added.
  public var printableLines: String {
    writtenOut { $0.isTerminalControl && $0 != "\n" && $0 != "\t" }
  }

  /// One line of ours, names in it isolated already, made safe for a terminal: nothing is added.
  package var printableLine: String { writtenOut(\.isTerminalControl) }

  private func writtenOut(_ isObeyed: (Unicode.Scalar) -> Bool) -> String {
    guard unicodeScalars.contains(where: isObeyed) else { return self }
    return IsolatedText(self).rewritten { text in
      var result = ""
      for scalar in text.unicodeScalars {
        if isObeyed(scalar) {
          result += scalar.writtenOut
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
      return result
    }
  }
}
