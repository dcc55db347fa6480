/// What the basic tokenizer makes of every scalar.
///
/// Clean-up, the blanks around Chinese characters, decomposition, accent stripping and lower-casing all look
/// at one scalar at a time; only the order of combining scalars needs neighbours. So the whole pipeline is a
/// function of a scalar, and for the common blocks a table.
struct ScalarRules: Sendable {
  /// What becomes of a scalar.
  enum Rule: Equatable, Sendable {
    /// It vanishes.
    case removed
    /// It ends a word.
    case blank
    /// This scalar joins the word.
    case letter(Unicode.Scalar)
    /// This scalar is a word of its own.
    case single(Unicode.Scalar)
    /// It vanishes, but combining scalars on its two sides do not change places.
    case barrier
    /// It is a Hangul syllable, whose letters join the word.
    case syllable
    /// Its parts must be looked at one by one: see ``ScalarRules/parts(of:)``.
    case composite
  }

  /// A scalar after decomposition and lower-casing.
  struct Part: Equatable, Sendable {
    /// Its rank among the combining scalars after a base, 0 for a base.
    var combiningClass: UInt8
    /// What it adds to the words, in order; empty where it was stripped.
    var letters: [Unicode.Scalar]
  }

  /// The scalars whose rules are kept: all scripts in wide use but Chinese and Hangul, and the emoji.
  private static let common: [Range<UInt32>] = [0..<0x3100, 0xFE00..<0x1_0000, 0x1_F000..<0x1_FB00]

  private let lowercase: Bool
  private let stripAccents: Bool
  private var tables: [[Rule]] = []

  /// Creates the rules of a tokenizer that lower-cases and strips accents, or not.
  init(lowercase: Bool, stripAccents: Bool) {
    self.lowercase = lowercase
    self.stripAccents = stripAccents
    tables = Self.common.map { range in range.map { Unicode.Scalar($0).map(derive) ?? .removed } }
  }

  /// The rule of a scalar.
  subscript(scalar: Unicode.Scalar) -> Rule {
    for (range, table) in zip(Self.common, tables) where range.contains(scalar.value) {
      return table[Int(scalar.value - range.lowerBound)]
    }
    return derive(scalar)
  }

  /// The parts of a scalar whose rule is `composite`.
  func parts(of scalar: Unicode.Scalar) -> [Part] {
    guard stripAccents else { return [Part(combiningClass: 0, letters: lower(scalar))] }
    return CanonicalDecomposition.scalars(of: scalar).map { part in
      Part(
        combiningClass: CanonicalDecomposition.combiningClass(of: part),
        letters: ScalarClass.isNonspacingMark(part) ? [] : lower(part))
    }
  }

  private func lower(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    lowercase ? Array(scalar.properties.lowercaseMapping.unicodeScalars) : [scalar]
  }

  private func derive(_ scalar: Unicode.Scalar) -> Rule {
    if ScalarClass.isChinese(scalar) {
      // A compatibility ideograph decomposes to one that is unified.
      return .single(stripAccents ? CanonicalDecomposition.scalars(of: scalar)[0] : scalar)
    }
    if HangulSyllable.range.contains(scalar.value) { return stripAccents ? .syllable : .letter(scalar) }
    if scalar.properties.generalCategory == .unassigned { return .letter(scalar) }
    if ScalarClass.isRemoved(scalar) { return .removed }
    if scalar.properties.isWhitespace { return .blank }
    // A base that keeps nothing but one scalar, whatever accents were stripped from it.
    let parts = parts(of: scalar)
    let letters = parts.flatMap(\.letters)
    if letters.isEmpty { return parts.allSatisfy { $0.combiningClass != 0 } ? .removed : .barrier }
    guard letters.count == 1, parts.first?.combiningClass == 0, parts[0].letters.count == 1,
      parts.dropFirst().allSatisfy({ $0.combiningClass != 0 })
    else { return .composite }
    return ScalarClass.isPunctuation(letters[0]) ? .single(letters[0]) : .letter(letters[0])
  }
}
