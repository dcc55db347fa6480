import Foundation

/// A step of normalisation before a tokenizer splits a text into words.
enum NormalisationStep: Sendable {
  /// Canonical composition.
  case composed
  /// Decomposition, canonical or compatible.
  case decomposed(isCompatible: Bool)
  /// Removes all combining marks.
  case withoutMarks
  /// Letters in lower case, scalar by scalar.
  case lowercased
  /// White space anywhere to one blank.
  case blanked
  /// Several blanks to one.
  case singleBlanks
  /// Several characters of white space, and each end of a line and tab, to one blank.
  case singleLines
  /// Some bytes by others, wherever they are from left to right.
  case replaced([UInt8], [UInt8])
  /// Removes all characters of a set.
  case without(Set<Unicode.Scalar>)
  /// Removes white space at both ends.
  case trimmed(start: Bool, end: Bool)
  /// Characters by a table.
  case mapped(Charsmap)
  /// BERTweet's normalisation.
  case tweets
  /// SigLIP's: no punctuation of ASCII, perhaps lower case, one blank for white space and none at the ends.
  case canonical(isLower: Bool)

  /// The text after the step. O(bytes).
  func callAsFunction(_ text: String, _ work: inout StepCounter) -> String {
    work.add(text.utf8.count)
    return switch self {
    case .composed: CanonicalComposition.composed(text, &work)
    case .decomposed(let isCompatible): Decomposition.decomposed(text, isCompatible: isCompatible, &work)
    case .withoutMarks: String(String.UnicodeScalarView(text.unicodeScalars.filter { !Decomposition.isMark($0) }))
    case .replaced(let old, let new):
      String(decoding: Array(text.utf8).replacing(old, by: new, &work), as: UTF8.self)
    case .lowercased: Self.lowercased(text)
    case .blanked: Self.squeezed(text) { $0.properties.isWhitespace }
    case .singleBlanks: Self.squeezed(text) { $0 == " " }
    case .singleLines: Self.withoutLines(text)
    case .without(let set): String(String.UnicodeScalarView(text.unicodeScalars.filter { !set.contains($0) }))
    case .trimmed(let start, let end): Self.trimmed(text, start: start, end: end)
    case .mapped(let table): table(text)
    case .tweets: TweetNormalisation.normalised(text, &work)
    case .canonical(let isLower): CanonicalText.canonical(text, isLower: isLower)
    }
  }

  private static func lowercased(_ text: String) -> String {
    // Collects bytes, because appending to a view of scalars copies everything each time.
    var lower: [UInt8] = []
    lower.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        lower.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
      } else {
        lower += scalar.properties.lowercaseMapping.utf8
      }
    }
    return String(decoding: lower, as: UTF8.self)
  }

  private static func trimmed(_ text: String, start: Bool, end: Bool) -> String {
    var scalars = text.unicodeScalars[...]
    if start { scalars = scalars.drop { $0.properties.isWhitespace } }
    while end, let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }

  private static func withoutLines(_ text: String) -> String {
    var out = String.UnicodeScalarView(), run: [Unicode.Scalar] = []
    func close() {
      guard let first = run.first else { return }
      out.append(run.count > 1 || ["\n", "\r", "\t"].contains(first) ? " " : first)
      run.removeAll(keepingCapacity: true)
    }
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        run.append(scalar)
      } else {
        close()
        out.append(scalar)
      }
    }
    close()
    return String(out)
  }

  private static func squeezed(_ text: String, _ isBlank: (Unicode.Scalar) -> Bool) -> String {
    var squeezed = String.UnicodeScalarView()
    var wasBlank = false
    for scalar in text.unicodeScalars {
      let isBlank = isBlank(scalar)
      if !isBlank { squeezed.append(scalar) } else if !wasBlank { squeezed.append(" ") }
      wasBlank = isBlank
    }
    return String(squeezed)
  }
}

/// A table of SentencePiece in a `tokenizer.json` that replaces characters before a text is split into pieces.
///
/// The table is a double-array trie (Aoe, *An Efficient Digital Search Algorithm by Using a Double-Array Structure*,
/// 1989) whose values are offsets into a list of zero-terminated replacements. It comes from an untrusted file, so no
/// index is followed out of bounds.
struct Charsmap: Sendable {
  private let units: [UInt32]
  private let substitutes: [UInt8]
  /// The maximum size of a replacement in bytes: the longest ligature of Unicode takes 33, and a text can grow by this
  /// factor.
  private static let longestSubstitute = 256

  /// Reads a table: the trie's size in bytes as four little-endian bytes, the trie, the substitutes.
  ///
  /// - Returns: `nil` if the sizes do not fit or a substitute is too long.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    func word(_ at: Int) -> UInt32 {
      UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
    }
    let size = Int(word(0))
    guard size % 4 == 0, size <= bytes.count - 4 else { return nil }
    units = (0..<(size / 4)).map { word(4 + 4 * $0) }
    substitutes = Array(bytes[(4 + size)...])
    guard substitutes.split(separator: 0).allSatisfy({ $0.count <= Self.longestSubstitute }) else { return nil }
  }

  /// Replaces the characters of a text. A grapheme of fewer than six bytes is looked up as a whole, otherwise each of
  /// its scalars; the shortest matching entry counts. O(bytes).
  func callAsFunction(_ text: String) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count)
    for character in text {
      let bytes = Array(character.utf8)
      if bytes.count < 6, let substitute = substitute(for: bytes) {
        out += substitute
        continue
      }
      for scalar in character.unicodeScalars {
        let bytes = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        out += substitute(for: bytes).map(Array.init) ?? bytes
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// The replacement of the longest entry that a text from a position on begins with, and the entry's end; nil for
  /// none. O(longest entry).
  func longest(in text: [UInt8], from start: Int) -> (substitute: ArraySlice<UInt8>, end: Int)? {
    guard let root = units.first else { return nil }
    var place = Self.offset(root), position = start, found: (substitute: ArraySlice<UInt8>, end: Int)?
    while position < text.count, text[position] != 0 {
      place ^= Int(text[position])
      guard place < units.count else { break }
      let unit = units[place]
      guard unit & (1 << 31 | 0xFF) == UInt32(text[position]) else { break }
      position += 1
      place ^= Self.offset(unit)
      guard unit >> 8 & 1 == 1 else { continue }
      guard place < units.count else { break }
      let start = Int(units[place] & (1 << 31 - 1))
      guard start < substitutes.count else { break }
      found = (substitutes[start...].prefix { $0 != 0 }, position)
    }
    return found
  }

  private func substitute(for key: [UInt8]) -> ArraySlice<UInt8>? {
    guard let root = units.first else { return nil }
    var place = Self.offset(root)
    for byte in key where byte != 0 {
      place ^= Int(byte)
      guard place < units.count else { return nil }
      let unit = units[place]
      guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { return nil }
      place ^= Self.offset(unit)
      guard unit >> 8 & 1 == 1 else { continue }
      guard place < units.count else { return nil }
      let start = Int(units[place] & (1 << 31 - 1))
      guard start < substitutes.count else { return nil }
      return substitutes[start...].prefix { $0 != 0 }
    }
    return nil
  }

  private static func offset(_ unit: UInt32) -> Int {
    Int(unit >> 10) << Int((unit & (1 << 9)) >> 6)
  }
}

/// Canonical composition (NFC) of texts, by the version of Unicode that tokenizers normalise with.
package enum CanonicalComposition {
  /// A text in composed form. A scalar newer than ``CanonicalDecomposition/version`` composes with nothing. O(bytes),
  /// even for long runs of marks.
  package static func composed(_ text: String, _ work: inout StepCounter) -> String {
    work.add(text.utf8.count)
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var composer = Composer()
    for scalar in text.unicodeScalars { composer.take(scalar, &work) }
    return composer.finished(&work)
  }
}

/// Composes a text scalar by scalar.
///
/// Foundation sorts the marks after a base in time that grows with the square of their number, and does not move marks
/// that decompose into several. Runs of up to ``longRun`` marks without such marks are passed to it unchanged. Other
/// runs are first put in canonical order here, and only the marks of each class that could still compose are passed to
/// it; all others are blocked by those before them.
private struct Composer {
  /// The maximum run of marks that is passed to Foundation unchanged: Unicode's limit for stream-safe text (UAX #15,
  /// section 13).
  private static let longRun = 30
  /// Marks of one class that may compose with one base; the longest chain in Unicode has three.
  private static let mostComposing = 8

  private var done: [UInt8] = []
  /// The scalars that may still compose with later ones.
  private var part = String.UnicodeScalarView()
  /// The marks behind it.
  private var marks: [Unicode.Scalar] = []

  mutating func take(_ scalar: Unicode.Scalar, _ work: inout StepCounter) {
    if scalar.value >= 0x300 {
      guard CanonicalDecomposition.isKnown(scalar) else {
        closeRun(&work)
        flush(&work)
        emit(scalar)
        return
      }
      if CanonicalDecomposition.combiningClass(of: scalar) != 0 || Self.isSignOfMarks(scalar) {
        marks.append(scalar)
        return
      }
    }
    closeRun(&work)
    part.append(scalar)
  }

  mutating func finished(_ work: inout StepCounter) -> String {
    closeRun(&work)
    flush(&work)
    return String(decoding: done, as: UTF8.self)
  }

  /// Whether a base decomposes only into marks, as three Tibetan vowel signs do.
  private static func isSignOfMarks(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0x0F73 || scalar.value == 0x0F75 || scalar.value == 0x0F81
  }

  /// Whether a scalar decomposes into several marks.
  private static func becomesMarks(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0x0344 || isSignOfMarks(scalar)
  }

  private mutating func closeRun(_ work: inout StepCounter) {
    guard !marks.isEmpty else { return }
    if marks.count <= Self.longRun, !marks.contains(where: Self.becomesMarks) {
      for mark in marks { part.append(mark) }
    } else {
      composeRun(&work)
    }
    marks.removeAll(keepingCapacity: true)
  }

  /// Composes a run with the scalars before it. No base composes with an earlier base across such a run.
  private mutating func composeRun(_ work: inout StepCounter) {
    var byClass = [[Unicode.Scalar]](repeating: [], count: 256)
    for mark in marks.flatMap(CanonicalDecomposition.scalars) {
      work.add()
      byClass[Int(CanonicalDecomposition.combiningClass(of: mark))].append(mark)
    }
    for equal in byClass {
      for mark in equal.prefix(Self.mostComposing) { part.append(mark) }
    }
    let composed = Array(String(part).precomposedStringWithCanonicalMapping.unicodeScalars)
    work.add(part.count)
    part = String.UnicodeScalarView()
    let end = composed.lastIndex { CanonicalDecomposition.combiningClass(of: $0) == 0 }.map { $0 + 1 } ?? 0
    var remaining = [[Unicode.Scalar]](repeating: [], count: 256)
    for mark in composed[end...] { remaining[Int(CanonicalDecomposition.combiningClass(of: mark))].append(mark) }
    composed[..<end].forEach { emit($0) }
    for (first, rest) in zip(remaining, byClass) {
      first.forEach { emit($0) }
      rest.dropFirst(Self.mostComposing).forEach { emit($0) }
    }
  }

  private mutating func flush(_ work: inout StepCounter) {
    guard !part.isEmpty else { return }
    let composed = String(part).precomposedStringWithCanonicalMapping
    work.add(composed.utf8.count)
    done += composed.utf8
    part = String.UnicodeScalarView()
  }

  private mutating func emit(_ scalar: Unicode.Scalar) {
    done += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
  }
}
