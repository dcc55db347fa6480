/// Counts damaged texts.
struct TextDamageTally {
  private static let shown = 3, excerpt = 30
  /// The least number of texts that are a finding if a text may be about it.
  private static let few = 3
  private var texts = 0
  private var found: [TextDamage: DamagedTexts] = [:]
  /// Texts that may have been encoded twice or read as Windows-1252: they count as most others of the corpus do.
  private var undecided = DamagedTexts(damage: .readAsWindows1252, posts: 0, examples: [])

  mutating func add(_ damages: [(damage: TextDamage?, repaired: String)], of text: String, file: String, line: Int) {
    if !text.isEmpty { texts += 1 }
    for (damage, repaired) in damages {
      var all =
        damage.map { found[$0] ?? DamagedTexts(damage: $0, posts: 0, examples: []) } ?? undecided
      all.posts += 1
      if all.examples.count < Self.shown {
        let (before, after) = Self.excerpts(text, repaired)
        all.examples.append(.init(file: file, line: line, text: before, repaired: after))
      }
      if let damage { found[damage] = all } else { undecided = all }
    }
  }

  var summary: [DamagedTexts] {
    var found = found
    if undecided.posts > 0 {
      let kind = decision
      var all = found[kind] ?? DamagedTexts(damage: kind, posts: 0, examples: [])
      all.posts += undecided.posts
      all.examples = Array((all.examples + undecided.examples).prefix(Self.shown))
      found[kind] = all
    }
    return TextDamage.allCases.compactMap { damage in
      guard var texts = found[damage] else { return nil }
      if damage.mayBeText, texts.posts < max(Self.few, self.texts / 10_000) { return nil }
      texts.of = self.texts
      return texts
    }
  }

  /// The bit of a kind in the list of all rows; the last one is for texts that may have either of two.
  static func bit(_ damage: TextDamage?) -> UInt8 {
    damage.flatMap(TextDamage.allCases.firstIndex).map { 1 << UInt8($0) } ?? 0x80
  }

  /// The bits of the kinds that are findings, with the kind.
  var bits: [(bit: UInt8, kind: TextDamage)] {
    summary.map { (Self.bit($0.damage), $0.damage) } + (undecided.posts > 0 ? [(Self.bit(nil), decision)] : [])
  }

  /// The kind of texts that may have either of two: that of most others of the corpus.
  private var decision: TextDamage {
    (found[.encodedTwice]?.posts ?? 0) > (found[.readAsWindows1252]?.posts ?? 0) ? .encodedTwice : .readAsWindows1252
  }

  /// The beginnings of two texts from the word on in which they first differ.
  private static func excerpts(_ text: String, _ repaired: String) -> (String, String) {
    let (a, b) = (Array(text.unicodeScalars), Array(repaired.unicodeScalars))
    // Of a lost character, the text says where it was.
    var start = repaired == text ? a.firstIndex(of: "\u{FFFD}") ?? 0 : zip(a, b).prefix { $0 == $1 }.count
    while start > 0, a[start - 1] != " " { start -= 1 }
    func cut(_ scalars: [Unicode.Scalar]) -> String {
      String(String.UnicodeScalarView(scalars[min(start, scalars.count)...].prefix(excerpt)))
    }
    return (cut(a), cut(b))
  }
}
