import Bytes

extension String {
  /// The columns a terminal shows the text in: 2 for wide East Asian letters and emoji, 0 for marks that
  /// join the letter before them.
  ///
  /// Widths are counted by grapheme, so an emoji of several scalars is 2, as in today's terminals.
  package var displayWidth: Int {
    if isPlain { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }

  /// Whether every byte is one visible column: ASCII without controls.
  var isPlain: Bool {
    utf8.allSatisfy { 0x20 <= $0 && $0 < 0x7F }
  }

  /// The text within a width: unchanged, or cut between graphemes and ended with `…`. An isolate that the cut leaves
  /// open is closed.
  package func cut(toWidth width: Int) -> String {
    if isPlain {
      guard utf8.count > width else { return self }
      return width > 0 ? self[..<utf8.index(startIndex, offsetBy: width - 1)] + "…" : ""
    }
    var used = 0
    var kept = startIndex
    for index in indices {
      let next = used + self[index].displayWidth
      if next > width { return width > 0 ? String(self[..<kept]).cutShort : "" }
      used = next
      // There must be space for the dots.
      if used <= width - 1 { kept = self.index(after: index) }
    }
    return self
  }

  private var cutShort: String {
    guard let open = unicodeScalars.lastIndex(of: .isolate), !unicodeScalars[open...].contains(.endOfIsolate) else {
      return self + "…"
    }
    var result = self + "…"
    // If nothing of the name is left, there is nothing to isolate.
    if unicodeScalars[open...].contains(where: \.isRightToLeft) {
      result.unicodeScalars.append(.endOfIsolate)
    } else {
      result.unicodeScalars.remove(at: open)
    }
    return result
  }
}

extension Character {
  /// The columns a terminal shows the grapheme in.
  package var displayWidth: Int {
    let scalars = unicodeScalars
    guard let first = scalars.first else { return 0 }
    if scalars.count == 1 { return first.displayWidth }
    // Flags, sequences joined by U+200D, skin tones, and symbols asked to be pictures by U+FE0F.
    let isPicture = scalars.dropFirst().contains { scalar in
      switch scalar.value {
      case 0x200D where first.properties.isEmoji, 0xFE0F where first.properties.isEmoji: true
      case 0x1F1E6...0x1F1FF, 0x1F3FB...0x1F3FF: true
      default: false
      }
    }
    return isPicture ? 2 : scalars.reduce(0) { $0 + $1.displayWidth }
  }
}

extension Unicode.Scalar {
  /// The columns of the scalar on its own: 0, 1 or 2.
  package var displayWidth: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The vowels and finals of Hangul join the initial before them.
    if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FB).contains(value) { return 0 }
    return isWide ? 2 : 1
  }

  /// East Asian Width W or F, by block; the gaps inside a block are unassigned.
  private var isWide: Bool {
    if properties.isEmojiPresentation { return !(0x1F1E6...0x1F1FF).contains(value) }
    switch value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
      0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B,
      0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x18D00...0x18DFF, 0x1AFF0...0x1B2FB,
      0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD:
      return true
    default: return false
    }
  }
}
