/// Replaces every emoji by its Unicode name, in lower case and with blanks around it.
///
/// Skin tones, joiners, variation selectors and tags after an emoji are removed; a keycap becomes its digit. A text
/// symbol that can also be an emoji (`©`, `™`) counts as one only with a variation selector, but all symbols from
/// U+2190 on do, since posts often lack the selector (`❤`). O(scalars).
func namingEmoji(_ text: some ScalarText) -> [Unicode.Scalar] {
  var result: [Unicode.Scalar] = []
  result.reserveCapacity(text.count)
  var isAfterEmoji = false
  var isAfterName = false
  for position in text.indices {
    let scalar = text[position]
    if isAfterEmoji || isKeycap(text, at: position), isAttachment(scalar) { continue }
    isAfterEmoji = isEmoji(text, at: position)
    if isAfterEmoji, let name = scalar.properties.name {
      if let last = result.last, !last.properties.isWhitespace { result.append(" ") }
      result += name.lowercased().unicodeScalars
      isAfterName = true
    } else {
      if isAfterName, !scalar.properties.isWhitespace { result.append(" ") }
      result.append(scalar)
      isAfterName = false
    }
  }
  return result
}

private let textSelector: Unicode.Scalar = "\u{FE0E}"
private let emojiSelector: Unicode.Scalar = "\u{FE0F}"
private let keycap: Unicode.Scalar = "\u{20E3}"

private func isEmoji(_ text: some ScalarText, at position: Int) -> Bool {
  let scalar = text[position]
  guard !scalar.isASCII, scalar.properties.isEmoji else { return false }
  let next = position + 1 < text.count ? text[position + 1] : nil
  if next == textSelector { return false }
  return scalar.properties.isEmojiPresentation || next == emojiSelector || scalar.value >= 0x2190
}

/// Whether a scalar only modifies the look of the emoji before it.
private func isAttachment(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar {
  case "\u{200D}", textSelector, emojiSelector, keycap, "\u{E0020}"..."\u{E007F}": true
  default: scalar.properties.isEmojiModifier
  }
}

/// Whether a scalar belongs to the keycap of the digit, `#` or `*` before it.
private func isKeycap(_ text: some ScalarText, at position: Int) -> Bool {
  guard position > 0 else { return false }
  if text[position] == keycap {
    let isSelected = text[position - 1] == emojiSelector
    return position > (isSelected ? 1 : 0) && isKeycapBase(text[position - (isSelected ? 2 : 1)])
  }
  return text[position] == emojiSelector && position + 1 < text.count && text[position + 1] == keycap
    && isKeycapBase(text[position - 1])
}

private func isKeycapBase(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar {
  case "0"..."9", "#", "*": true
  default: false
  }
}
