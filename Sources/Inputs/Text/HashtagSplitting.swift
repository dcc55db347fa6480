/// Turns every hashtag into its words, in the case they have: `#BadHairDay2024` becomes `Bad Hair Day 2024`.
///
/// A hashtag is `#` that does not follow a word or another hashtag, followed by word characters with at least one
/// letter. It is split at underscores, between letters and digits, before a capital after a lower-case letter, and
/// before the last of several capitals if a lower-case letter follows (`#NASAHubble`, `NASA Hubble`). O(scalars).
func splittingHashtags(_ text: some ScalarText) -> [Unicode.Scalar] {
  var result: [Unicode.Scalar] = []
  result.reserveCapacity(text.count)
  var position = 0
  var previousEnd = 0
  while position < text.count {
    let isMark = text[position] == "#" || text[position] == "\u{FF03}"
    guard isMark, position == previousEnd || !text.hasWord(before: position) else {
      result.append(text[position])
      position += 1
      continue
    }
    var end = position + 1
    var hasLetter = false
    while text.hasWord(at: end) {
      if text[end] != "_", !text[end].isDigit { hasLetter = true }
      end += 1
    }
    if hasLetter {
      if result.hasWord(before: result.count) { result.append(" ") }
      appendWords(of: text[(position + 1)..<end], to: &result)
      previousEnd = end
    } else {
      result += text[position..<end]
    }
    position = end
  }
  return result
}

private func appendWords<Tag: RandomAccessCollection>(of tag: Tag, to result: inout [Unicode.Scalar])
where Tag.Element == Unicode.Scalar, Tag.Index == Int {
  var previous: Kind?
  var apart = false
  for (index, scalar) in zip(tag.indices, tag) {
    if scalar == "_" {
      apart = previous != nil
      continue
    }
    let kind = Kind(scalar) ?? previous ?? .caseless
    let next = index + 1 < tag.endIndex ? Kind(tag[index + 1]) : nil
    if let previous, apart || isBorder(previous, kind, next) { result.append(" ") }
    result.append(scalar)
    previous = kind
    apart = false
  }
}

/// Whether a word ends between two scalars, given the one after them.
private func isBorder(_ previous: Kind, _ kind: Kind, _ next: Kind?) -> Bool {
  if (previous == .digit) != (kind == .digit) { return true }
  guard kind == .capital else { return false }
  return previous == .small || (previous == .capital && next == .small)
}

/// The kinds of scalars that decide where a hashtag is split.
private enum Kind {
  case capital, small, caseless, digit

  /// The kind of a scalar; `nil` for combining marks, which take the kind of their base.
  init?(_ scalar: Unicode.Scalar) {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .titlecaseLetter: self = .capital
    case .lowercaseLetter: self = .small
    case .decimalNumber, .letterNumber: self = .digit
    case .nonspacingMark, .spacingMark: return nil
    default: self = .caseless
    }
  }
}
