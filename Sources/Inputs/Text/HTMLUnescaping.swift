/// Puts what they stand for in the place of entities, once: `&amp;lt;` becomes `&lt;`.
///
/// An entity needs its semicolon, so that `AT&T` or `?a=1&copy=2` stay as they are. A name that HTML 4 does
/// not know stays. O(scalars).
func unescapingHTML(_ text: some ScalarText) -> [Unicode.Scalar] {
  var result: [Unicode.Scalar] = []
  result.reserveCapacity(text.count)
  var position = 0
  while position < text.count {
    if text[position] == "&", let entity = entity(in: text, at: position) {
      result.append(entity.scalar)
      position = entity.end
    } else {
      result.append(text[position])
      position += 1
    }
  }
  return result
}

/// The scalar that an entity stands for, and where it ends.
private func entity(in text: some ScalarText, at start: Int) -> (scalar: Unicode.Scalar, end: Int)? {
  var position = start + 1
  guard position < text.count else { return nil }
  if text[position] == "#" {
    position += 1
    var radix: UInt32 = 10
    if position < text.count, text[position] == "x" || text[position] == "X" {
      radix = 16
      position += 1
    }
    let digits = position
    var value: UInt32 = 0
    while position < text.count, let digit = hexDigit(text[position]), digit < radix {
      // Above the last code point every value means the same, so it may stop growing there.
      value = min(value * radix + digit, 0x11_0000)
      position += 1
    }
    guard position > digits, position < text.count, text[position] == ";" else { return nil }
    return (HTMLEntities.scalar(numbered: value), position + 1)
  }
  var name = ""
  while position < text.count, name.utf8.count <= HTMLEntities.longestName, isNameCharacter(text[position]) {
    name.unicodeScalars.append(text[position])
    position += 1
  }
  guard position < text.count, text[position] == ";", let scalar = HTMLEntities.named[name] else {
    return nil
  }
  return (scalar, position + 1)
}

private func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar {
  case "a"..."z", "A"..."Z", "0"..."9": true
  default: false
  }
}

private func hexDigit(_ scalar: Unicode.Scalar) -> UInt32? {
  switch scalar {
  case "0"..."9": scalar.value - 0x30
  case "a"..."f": scalar.value - 0x61 + 10
  case "A"..."F": scalar.value - 0x41 + 10
  default: nil
  }
}
