import Foundation

/// Canonical composition (NFC) of texts, by the version of Unicode that tokenizers normalise with.
package enum CanonicalComposition {
  /// A text in composed form. A scalar that came after ``CanonicalDecomposition/version`` is a base of its own that
  /// composes with nothing. O(bytes), however many marks stand together.
  package static func composed(_ text: String, _ work: inout WorkCount) -> String {
    work.add(text.utf8.count)
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var composer = Composer()
    for scalar in text.unicodeScalars { composer.take(scalar, &work) }
    return composer.finished(&work)
  }
}

/// Composes a text as it comes.
///
/// Foundation sorts the marks behind a base in time that grows with the square of their number. Runs of up to
/// ``longRun`` marks go there as they are. Longer ones are put in canonical order here first, and only the marks of each
/// class that could still compose go there; all others are blocked by those before them.
private struct Composer {
  /// The marks together that are left to Foundation: Unicode's limit for text that is safe to stream (UAX #15,
  /// section 13).
  private static let longRun = 30
  /// Marks of one class that may compose with one base; the longest chain in Unicode has three.
  private static let mostComposing = 8

  private var done: [UInt8] = []
  /// What may still compose with what follows.
  private var part = String.UnicodeScalarView()
  /// The marks behind it.
  private var marks: [Unicode.Scalar] = []

  mutating func take(_ scalar: Unicode.Scalar, _ work: inout WorkCount) {
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

  mutating func finished(_ work: inout WorkCount) -> String {
    closeRun(&work)
    flush(&work)
    return String(decoding: done, as: UTF8.self)
  }

  /// Whether a scalar that is a base decomposes into marks alone: the three Tibetan vowel signs that do.
  private static func isSignOfMarks(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0x0F73 || scalar.value == 0x0F75 || scalar.value == 0x0F81
  }

  private mutating func closeRun(_ work: inout WorkCount) {
    guard !marks.isEmpty else { return }
    if marks.count <= Self.longRun {
      for mark in marks { part.append(mark) }
    } else {
      composeRun(&work)
    }
    marks.removeAll(keepingCapacity: true)
  }

  /// Composes a long run with what stands before it. Some of its marks always remain, so nothing behind them composes
  /// with what is before.
  private mutating func composeRun(_ work: inout WorkCount) {
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

  private mutating func flush(_ work: inout WorkCount) {
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
