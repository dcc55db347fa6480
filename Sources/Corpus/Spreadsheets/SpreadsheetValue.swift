/// What a spreadsheet takes for something else than text when it opens a CSV file.
package enum SpreadsheetValue {
  /// The longest text in bytes that a formula can contain.
  private static let longest = 255
  /// The number of digits that a spreadsheet keeps of a number.
  private static let digits = 15

  /// Whether a spreadsheet would show another text than this one: `0042`, `1.50`, `2020-01-02`, `1/2`, `10:30`, `5 %`,
  /// `1E5`, `(3)`, `Mar 1`, `true`. A plain number such as `-0.5` is left to it.
  ///
  /// A spreadsheet's language decides about some of them, such as `1.2` and `1. Mai`; these count in any case.
  package static func changes(_ text: String) -> Bool {
    guard text.utf8.count <= longest, text.utf8.contains(where: isDigit) else { return isTruth(text) }
    guard let first = text.unicodeScalars.first(where: { $0 != " " }), isStart(first) || first.properties.isAlphabetic
    else { return false }
    return !isPlainNumber(text) && hasOnlyParts(text, begins: first)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isTruth(_ text: String) -> Bool {
    text.utf8.count < 10 && ["true", "false"].contains(text.lowercased().filter { $0 != " " })
  }

  /// Whether a number, a date, a time, a fraction or an amount of money may begin so.
  private static func isStart(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar) || ".,(".unicodeScalars.contains(scalar)
      || scalar.properties.generalCategory == .currencySymbol
  }

  /// Whether a number is shown as it is written: no zeros at its beginning or end, and few enough digits.
  private static func isPlainNumber(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else { return false }
    let zero = UInt8(ascii: "0")
    if parts[0].count > 1, parts[0].first == zero { return false }
    if parts.count == 2, parts[1].last == zero { return false }
    return parts.reduce(0) { $0 + $1.count } <= digits
  }

  /// Whether a text has only digits, the signs between them, and the few words that belong to numbers and dates.
  private static func hasOnlyParts(_ text: String, begins first: Unicode.Scalar) -> Bool {
    var rest = text.unicodeScalars[...]
    var isFirst = true
    while let scalar = rest.first {
      guard scalar.properties.isAlphabetic else {
        guard isStart(scalar) || " /-:+%)\u{A0}".unicodeScalars.contains(scalar) else { return false }
        rest.removeFirst()
        continue
      }
      let word = String(String.UnicodeScalarView(rest.prefix { $0.properties.isAlphabetic })).lowercased()
      rest = rest.drop { $0.properties.isAlphabetic }
      // Words may follow digits; at the beginning, only a month can.
      let isMonth = months.contains(String(word.prefix(3)))
      let isUnit =
        word == "e"
        ? rest.first.map { ("0"..."9").contains($0) || $0 == "+" || $0 == "-" } == true : units.contains(word)
      guard isMonth || isUnit && !(isFirst && scalar == first && first.properties.isAlphabetic) else { return false }
      isFirst = false
    }
    return true
  }

  /// Halves of the day, and the letters of ISO 8601.
  private static let units: Set = ["am", "pm", "a", "p", "t", "z"]

  /// The first letters of months in English, German, French, Spanish, Italian, Portuguese and Dutch.
  private static let months: Set = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "jän", "mär", "mrz", "mai",
    "okt", "dez", "fév", "avr", "jui", "aoû", "déc", "ene", "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set",
    "ott",
    "fev", "out", "mrt", "mei",
  ]
}
