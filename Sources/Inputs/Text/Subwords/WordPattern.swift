/// How a text falls into the words that byte pairs are merged in.
enum WordPattern: Sendable, Equatable {
  /// CLIP's: letters together, every digit by itself, other signs together; blanks belong to no word.
  case clip
  /// GPT-2's and RoBERTa's: a word takes the blank before it along.
  case gpt2

  /// The endings of English that are words of their own.
  private static let contractions: [[Unicode.Scalar]] = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map {
    Array($0.unicodeScalars)
  }

  private enum Kind: Equatable {
    case letter, number, blank, other

    init(_ scalar: Unicode.Scalar) {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
      case .decimalNumber, .letterNumber, .otherNumber: self = .number
      default: self = scalar.properties.isWhitespace ? .blank : .other
      }
    }
  }

  /// The words of a text, in order. O(scalars).
  func words(_ text: String, _ work: inout WorkCount) -> [Substring.UnicodeScalarView] {
    work.add(text.utf8.count)
    let scalars = text.unicodeScalars
    var words: [Substring.UnicodeScalarView] = []
    var start = scalars.startIndex
    while start < scalars.endIndex {
      let end = self.end(of: start, in: scalars)
      if self == .gpt2 || Kind(scalars[start]) != .blank { words.append(scalars[start..<end]) }
      start = end
    }
    return words
  }

  /// Where the word or the blanks that begin at `start` end.
  private func end(of start: String.Index, in scalars: String.UnicodeScalarView) -> String.Index {
    for ending in Self.contractions where scalars[start...].starts(with: ending) {
      return scalars.index(start, offsetBy: ending.count)
    }
    var first = start
    if self == .gpt2, scalars[start] == " " {
      let after = scalars.index(after: start)
      if after < scalars.endIndex, Kind(scalars[after]) != .blank { first = after }
    }
    let kind = Kind(scalars[first])
    if self == .clip, kind == .number { return scalars.index(after: first) }
    var end = first
    while end < scalars.endIndex, Kind(scalars[end]) == kind { end = scalars.index(after: end) }
    // Of several blanks the last is left for the word behind them.
    if self == .gpt2, kind == .blank, end < scalars.endIndex {
      let last = scalars.index(before: end)
      if last > start { return last }
    }
    return end
  }
}
