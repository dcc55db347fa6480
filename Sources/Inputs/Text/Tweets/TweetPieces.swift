import Bytes

/// BERTweet's pieces: byte-pair encoding of a word's scalars, the last of which has the ending `</w>`. Pieces that do not
/// end a word are written with `@@` behind them.
struct TweetPieces: Sendable {
  private let merging: BytePairMerging
  /// The symbols of single scalars, inside a word and at its end.
  private let scalars: [Unicode.Scalar: (inside: Int32, last: Int32)]
  /// The pieces' ids by their symbols.
  private let ids: [Int32]
  private let unknown: Int32

  /// The symbol of a scalar that neither a merge nor a piece has.
  private static let other: Int32 = -1
  private static let ending = "</w>"

  /// Creates the model of a vocabulary and merges in the order learnt; if merges are equal, the last counts.
  /// O(merges + pieces).
  init(vocabulary: [ByteText: Int32], merges: [(left: String, right: String)], unknown: Int32) {
    var symbols: [ByteText: Int32] = [:], ids: [Int32] = []
    func symbol(_ text: String) -> Int32 {
      if let known = symbols[ByteText(text)] { return known }
      let isLast = Self.ends(text, with: Self.ending)
      let piece = isLast ? String(text.unicodeScalars.dropLast(Self.ending.unicodeScalars.count)) : text + "@@"
      let symbol = Int32(ids.count)
      symbols[ByteText(text)] = symbol
      ids.append(vocabulary[ByteText(piece)] ?? unknown)
      return symbol
    }
    var lastRank: [UInt64: Int] = [:], rules: [(left: Int32, right: Int32, piece: Int32)] = []
    for (rank, merge) in merges.enumerated() {
      let (left, right) = (symbol(merge.left), symbol(merge.right))
      rules.append((left, right, symbol(merge.left + merge.right)))
      lastRank[UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))] = rank
    }
    let kept = rules.enumerated().filter { rank, rule in
      lastRank[UInt64(UInt32(bitPattern: rule.left)) << 32 | UInt64(UInt32(bitPattern: rule.right))] == rank
    }
    merging = BytePairMerging(kept.map(\.element), inRounds: true)
    var scalars: [Unicode.Scalar: (inside: Int32, last: Int32)] = [:]
    func add(_ text: String.UnicodeScalarView.SubSequence) {
      guard text.count == 1, let scalar = text.first, scalars[scalar] == nil else { return }
      scalars[scalar] = (symbol(String(scalar)), symbol(String(scalar) + Self.ending))
    }
    for (left, right) in merges {
      for text in [left, right] {
        add(text.unicodeScalars[...])
        if Self.ends(text, with: Self.ending) { add(text.unicodeScalars.dropLast(Self.ending.unicodeScalars.count)) }
      }
    }
    for piece in vocabulary.keys {
      add(piece.text.unicodeScalars[...])
      if Self.ends(piece.text, with: "@@") { add(piece.text.unicodeScalars.dropLast(2)) }
    }
    (self.scalars, self.ids, self.unknown) = (scalars, ids, unknown)
  }

  private static func ends(_ text: String, with ending: String) -> Bool {
    text.utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8)
  }

  /// The ids of a word's pieces. O(n · log n) for n scalars.
  func callAsFunction(_ word: [UInt8], _ work: inout StepCounter) -> [Int32] {
    let text = Array(String(decoding: word, as: UTF8.self).unicodeScalars)
    let symbols = text.enumerated().map { place, scalar in
      let known = scalars[scalar] ?? (Self.other, Self.other)
      return place == text.count - 1 ? known.last : known.inside
    }
    return merging(symbols, &work).map { $0 == Self.other ? unknown : ids[Int($0)] }
  }
}
