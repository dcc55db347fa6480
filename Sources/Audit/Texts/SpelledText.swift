internal import Bytes

extension String {
  /// The text with what cannot be seen spelled by code point: `yes<U+200B>`; a text of nothing else as `U+200B U+FE0F`.
  /// What belongs where it is, such as a selector behind its emoji, is spelled like what does not. O(scalars).
  package var spelled: String { spelled(asWord: false) }

  /// A word with all spelled that tells it from another one which looks the same: what cannot be seen, marks that could
  /// be part of their letter or stand in an unusual order, and letters of other scripts in a Latin word. O(scalars).
  package var spelledWord: String { spelled(asWord: true) }

  /// The text with what cannot be seen, and no terminal obeys, spelled by code point: a name of a file. O(scalars).
  package var spelledName: String {
    rewritten { $0.properties.isDefaultIgnorableCodePoint && !$0.isTerminalControl }
  }

  private func spelled(asWord: Bool) -> String {
    if utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return self }
    let scalars = Array(unicodeScalars), kinds = StrayScalars.kinds(scalars)
    func isUnseen(_ place: Int) -> Bool {
      switch kinds[place] {
      case .blank, .otherBlank, .invisible: true
      default: scalars[place].properties.isDefaultIgnorableCodePoint
      }
    }
    if !isEmpty, scalars.indices.allSatisfy(isUnseen) { return scalars.map(\.codePoint).joined(separator: " ") }
    let letters = asWord ? WordLetters(scalars, kinds) : nil
    var spelled = ""
    for (place, scalar) in scalars.enumerated() {
      let isSpelled =
        kinds[place] == .invisible && scalar.value != 0xFFFD || scalar.properties.isDefaultIgnorableCodePoint
        || letters.map { !$0.signs(at: place).isEmpty } ?? false
      if isSpelled { spelled += "<\(scalar.codePoint)>" } else { spelled.unicodeScalars.append(scalar) }
    }
    return spelled
  }

  private func rewritten(_ isSpelled: (Unicode.Scalar) -> Bool) -> String {
    guard unicodeScalars.contains(where: isSpelled) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if isSpelled(scalar) { result += "<\(scalar.codePoint)>" } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
