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

  /// Creates a tokenizer.
  package init(lowercase: Bool, stripAccents: Bool) {
    rules =
      switch (lowercase, stripAccents) {
      case (true, true): Self.uncased
      case (false, false): Self.cased
      default: ScalarRules(lowercase: lowercase, stripAccents: stripAccents)
      }
  }

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
    var position = 0
    while position < text.count {
      let scalar = Self.scalar(in: text, at: &position)
      switch rules[scalar] {
      case .removed: break
      case .blank: word.end(emit)
      case .letter(let letter):
        word.settle(emit)
        word.append(letter)
      case .single(let mark):
        word.end(emit)
        word.append(mark)
        word.end(emit)
      case .barrier: word.settle(emit)
      case .syllable:
        word.settle(emit)
        HangulSyllable.forEachLetter(of: scalar) { word.append($0) }
      case .composite:
        for part in rules.parts(of: scalar) { word.add(part, emit) }
      }
    }
    word.end(emit)
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

/// The word that is being read.
private struct Word {
  private var bytes: [UInt8] = []
  private var scalars = 0
  /// Combining scalars whose order is not known until the next base.
  private var pending: [ScalarRules.Part] = []

  init() {
    bytes.reserveCapacity(64)
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
    if scalars == 0 { return }
    emit(bytes, scalars)
    bytes.removeAll(keepingCapacity: true)
    scalars = 0
  }

  private mutating func spell(_ scalar: Unicode.Scalar, _ emit: ([UInt8], Int) -> Void) {
    guard ScalarClass.isPunctuation(scalar) else { return append(scalar) }
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
      // A compatibility ideograph decomposes to a unified one.
      return .single(stripAccents ? CanonicalDecomposition.scalars(of: scalar)[0] : scalar)
    }
    if HangulSyllable.range.contains(scalar.value) { return stripAccents ? .syllable : .letter(scalar) }
    if scalar.properties.generalCategory == .unassigned { return .letter(scalar) }
    if ScalarClass.isRemoved(scalar) { return .removed }
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
