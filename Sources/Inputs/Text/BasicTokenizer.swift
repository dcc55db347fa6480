/// Splits a text into words as BERT's basic tokenizer does.
///
/// In this order: control characters are removed, white space becomes a blank, Chinese characters are separated; if
/// requested, accents are stripped (canonical decomposition without nonspacing marks) and letters lower-cased, scalar
/// by scalar; then words end at blanks, and every punctuation mark is a separate word. One pass, O(bytes).
package struct BasicTokenizer: Sendable {
  private let rules: ScalarRules

  // The tables of the two usual variants, made once: they cover all of Unicode.
  private static let uncased = ScalarRules(lowercase: true, stripAccents: true)
  private static let cased = ScalarRules(lowercase: false, stripAccents: false)

  /// Splits a text that is already normalized: words end at blanks, and every punctuation mark is a separate word.
  static let plain = BasicTokenizer(
    ScalarRules(lowercase: false, stripAccents: false, separatesChinese: false, cleans: false))

  /// Creates a tokenizer.
  package init(lowercase: Bool, stripAccents: Bool, separatesChinese: Bool = true) {
    switch (lowercase, stripAccents, separatesChinese) {
    case (true, true, true): self.init(Self.uncased)
    case (false, false, true): self.init(Self.cased)
    default:
      self.init(
        ScalarRules(lowercase: lowercase, stripAccents: stripAccents, separatesChinese: separatesChinese))
    }
  }

  private init(_ rules: ScalarRules) { self.rules = rules }

  /// The words of a text, in order.
  package func words(_ text: String) -> [String] {
    var words: [String] = []
    split(text.utf8.span) { word, _ in words.append(String(decoding: word, as: UTF8.self)) }
    return words
  }

  /// Passes on every word of a text, in order, with its number of scalars.
  ///
  /// - Parameters:
  ///   - text: the UTF-8 of a whole `String`, or a part of it that begins and ends between scalars.
  ///   - emit: called with a word's UTF-8 and its number of scalars, at least 1.
  func split(_ text: Span<UInt8>, emit: (_ word: [UInt8], _ scalars: Int) -> Void) {
    var word = Word()
    read(text, into: &word, emit)
    word.end(emit)
  }

  /// The text before it is split into words, as one text: cleaned, with blanks around Chinese characters, and, if
  /// requested, without accents and in lower case. O(bytes).
  func normalised(_ text: Span<UInt8>) -> [UInt8] {
    var whole = Word(isWhole: true)
    read(text, into: &whole) { _, _ in }
    whole.settle { _, _ in }
    return whole.bytes
  }

  private func read(_ text: Span<UInt8>, into word: inout Word, _ emit: ([UInt8], Int) -> Void) {
    var position = 0
    while position < text.count {
      let scalar = Self.scalar(in: text, at: &position)
      switch rules[scalar] {
      case .removed: break
      case .blank: word.blank(emit)
      case .letter(let letter):
        word.settle(emit)
        word.append(letter)
      case .single(let mark): word.single(mark, between: rules.separates(scalar), emit)
      case .barrier: word.settle(emit)
      case .syllable:
        word.settle(emit)
        HangulSyllable.forEachLetter(of: scalar) { word.append($0) }
      case .composite:
        for part in rules.parts(of: scalar) { word.add(part, emit) }
      }
    }
  }

  /// Decodes the scalar at a position and moves past it; U+FFFD if the bytes end too early.
  private static func scalar(in text: Span<UInt8>, at position: inout Int) -> Unicode.Scalar {
    let lead = text[position]
    position += 1
    if lead < 0x80 { return Unicode.Scalar(lead) }
    let (width, bits) = lead < 0xE0 ? (1, lead & 0x1F) : lead < 0xF0 ? (2, lead & 0x0F) : (3, lead & 0x07)
    var value = UInt32(bits)
    for _ in 0..<width where position < text.count {
      value = value << 6 | UInt32(text[position] & 0x3F)
      position += 1
    }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }
}

/// The word that is being read, or a whole text in which words are not ended.
private struct Word {
  private(set) var bytes: [UInt8] = []
  private var scalars = 0
  /// Combining scalars whose order is not known until the next base.
  private var pending: [ScalarRules.Part] = []
  private let isWhole: Bool

  init(isWhole: Bool = false) {
    self.isWhole = isWhole
    bytes.reserveCapacity(64)
  }

  /// Adds a blank, which ends the word.
  mutating func blank(_ emit: ([UInt8], Int) -> Void) {
    end(emit)
    if isWhole { append(" ") }
  }

  /// Adds a scalar that is a separate word; a Chinese one is `between` blanks.
  mutating func single(_ mark: Unicode.Scalar, between isBetween: Bool, _ emit: ([UInt8], Int) -> Void) {
    end(emit)
    if isWhole, isBetween { append(" ") }
    append(mark)
    if isWhole, isBetween { append(" ") }
    end(emit)
  }

  mutating func append(_ scalar: Unicode.Scalar) {
    if scalar.isASCII {
      bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    } else {
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    scalars += 1
  }

  /// Adds a part of a decomposed scalar; combining ones wait for those after them.
  mutating func add(_ part: ScalarRules.Part, _ emit: ([UInt8], Int) -> Void) {
    if part.combiningClass != 0 {
      if !part.letters.isEmpty { pending.append(part) }
    } else {
      settle(emit)
      part.letters.forEach { spell($0, emit) }
    }
  }

  /// Puts the pending scalars in canonical order: by class, and equal ones in their original order.
  mutating func settle(_ emit: ([UInt8], Int) -> Void) {
    if pending.isEmpty { return }
    let ordered = pending.enumerated().sorted {
      ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
    }
    pending.removeAll()
    for part in ordered { part.element.letters.forEach { spell($0, emit) } }
  }

  /// Ends the word, if one has begun.
  mutating func end(_ emit: ([UInt8], Int) -> Void) {
    settle(emit)
    if scalars == 0 || isWhole { return }
    emit(bytes, scalars)
    bytes.removeAll(keepingCapacity: true)
    scalars = 0
  }

  private mutating func spell(_ scalar: Unicode.Scalar, _ emit: ([UInt8], Int) -> Void) {
    guard !isWhole, ScalarClass.isPunctuation(scalar) else { return append(scalar) }
    if scalars > 0 { emit(bytes, scalars) }
    bytes.removeAll(keepingCapacity: true)
    scalars = 0
    append(scalar)
    emit(bytes, scalars)
    bytes.removeAll(keepingCapacity: true)
    scalars = 0
  }
}

/// The basic tokenizer's treatment of every scalar.
///
/// Clean-up, the blanks around Chinese characters, decomposition, accent stripping and lower-casing all depend on one
/// scalar at a time; only the order of combining scalars needs its neighbours. So the whole pipeline is a function of a
/// scalar, and a table for the common blocks.
struct ScalarRules: Sendable {
  /// The treatment of a scalar.
  enum Rule: Equatable, Sendable {
    /// It is removed.
    case removed
    /// It ends a word.
    case blank
    /// This scalar joins the word.
    case letter(Unicode.Scalar)
    /// It is a separate word.
    case single(Unicode.Scalar)
    /// It is removed, but combining scalars before and after it are not reordered.
    case barrier
    /// It is a Hangul syllable, whose letters join the word.
    case syllable
    /// Its parts must be examined one by one: see ``ScalarRules/parts(of:)``.
    case composite
  }

  /// A scalar after decomposition and lower-casing.
  struct Part: Equatable, Sendable {
    /// Its rank among the combining scalars after a base, 0 for a base.
    var combiningClass: UInt8
    /// The letters that it adds to the words, in order; empty if it was stripped.
    var letters: [Unicode.Scalar]
  }

  /// The scalars whose rules are stored: all scripts in wide use except Chinese and Hangul, and the emoji.
  private static let common: [Range<UInt32>] = [0..<0x3100, 0xFE00..<0x1_0000, 0x1_F000..<0x1_FB00]

  private let lowercase: Bool
  private let stripAccents: Bool
  private let separatesChinese: Bool
  private let cleans: Bool
  private var tables: [[Rule]] = []

  /// Creates the rules of a tokenizer that lower-cases and strips accents, or not; `cleans`: whether it removes control
  /// characters.
  init(lowercase: Bool, stripAccents: Bool, separatesChinese: Bool = true, cleans: Bool = true) {
    (self.lowercase, self.stripAccents) = (lowercase, stripAccents)
    (self.separatesChinese, self.cleans) = (separatesChinese, cleans)
    tables = Self.common.map { range in range.map { Unicode.Scalar($0).map(derive) ?? .removed } }
  }

  /// Whether a scalar is a word because it is Chinese.
  func separates(_ scalar: Unicode.Scalar) -> Bool { separatesChinese && ScalarClass.isChinese(scalar) }

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
    if separates(scalar) {
      // A compatibility ideograph decomposes to a unified one.
      return .single(stripAccents ? CanonicalDecomposition.scalars(of: scalar)[0] : scalar)
    }
    if HangulSyllable.range.contains(scalar.value) { return stripAccents ? .syllable : .letter(scalar) }
    if scalar.properties.generalCategory == .unassigned { return .letter(scalar) }
    if cleans, ScalarClass.isRemoved(scalar) { return .removed }
    if scalar.properties.isWhitespace { return .blank }
    // A base that keeps only one scalar, regardless of the accents stripped from it.
    let parts = parts(of: scalar)
    let letters = parts.flatMap(\.letters)
    if letters.isEmpty { return parts.allSatisfy { $0.combiningClass != 0 } ? .removed : .barrier }
    guard letters.count == 1, parts.first?.combiningClass == 0, parts[0].letters.count == 1,
      parts.dropFirst().allSatisfy({ $0.combiningClass != 0 })
    else { return .composite }
    return ScalarClass.isPunctuation(letters[0]) ? .single(letters[0]) : .letter(letters[0])
  }
}
