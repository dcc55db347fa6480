import Inputs

/// Vocabularies, tokenizers of hubs, steps of text preparation, lexicons. The first byte chooses one of them; the file,
/// a zero byte, and the text to tokenize follow.
enum TokenizerFuzzing {
  private static let pieces = "[PAD] [UNK] [CLS] [SEP] a b c ab ##a ##b ##c ##bc good bad not ! , # @"

  static func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    guard let choice = bytes.first else { return false }
    let file = Array(bytes.dropFirst().prefix { $0 != 0 })
    let text = String(decoding: bytes.dropFirst(file.count + 2), as: UTF8.self)
    _ = (TextMarks(of: text), text.unicodeScalars.map { WritingSystem($0) })
    return switch choice & 3 {
    case 0: try readVocabulary(file, text, lowercase: choice & 4 != 0)
    case 1: try choice & 4 != 0 ? readWordPieces(file, text, choice) : readSubwords(file, text)
    case 2: try prepare(String(decoding: file, as: UTF8.self), text)
    default: try readLexicon(file, text)
    }
  }

  private static func readVocabulary(
    _ file: [UInt8], _ text: String, lowercase: Bool
  ) throws(BrokenPromise) -> Bool {
    try BrokenPromise.accepts {
      let vocabulary = try Vocabulary(bytes: file)
      let tokenizer = WordPieceTokenizer(vocabulary: vocabulary, lowercase: lowercase, stripAccents: lowercase)
      try check(.wordPieces(tokenizer), text, pieces: vocabulary.count)
    }
  }

  /// Word pieces of a `tokenizer.json`, with added tokens and settings that follow from the choice.
  private static func readWordPieces(
    _ file: [UInt8], _ text: String, _ choice: UInt8
  ) throws(BrokenPromise) -> Bool {
    var settings = WordPieceSettings()
    (settings.isPretokenized, settings.separatesChinese) = (choice & 8 != 0, choice & 16 != 0)
    settings.neverSplit = choice & 32 != 0 ? ["@a", "é"] : []
    settings.addedTokens = [
      AddedToken("a", id: 7, takesBlanksBefore: true, isWholeWord: choice & 64 != 0),
      AddedToken(" b", id: 8, takesBlanksBehind: true), AddedToken("Éc", id: 9, isNormalised: choice & 128 != 0),
    ]
    return try BrokenPromise.accepts {
      let vocabulary = try Vocabulary(json: file, settings)
      try check(
        .wordPieces(try WordPieceTokenizer(vocabulary: vocabulary, settings)), text, pieces: vocabulary.count)
    }
  }

  private static func readSubwords(_ file: [UInt8], _ text: String) throws(BrokenPromise) -> Bool {
    _ = PieceNames(json: file)
    return try BrokenPromise.accepts {
      let tokenizer = try SubwordTokenizer(json: file)
      try check(.subwords(tokenizer), text, pieces: 1 << 24)
    }
  }

  private static func prepare(_ steps: String, _ text: String) throws(BrokenPromise) -> Bool {
    try BrokenPromise.accepts {
      let prepare = try TextPreparation(steps: steps.split(separator: "\n").map(String.init))
      _ = prepare(text)
    }
  }

  private static func readLexicon(_ file: [UInt8], _ text: String) throws(BrokenPromise) -> Bool {
    guard let vocabulary = try? Vocabulary(bytes: pieces.utf8.map { $0 == 0x20 ? 0x0A : $0 }) else {
      throw BrokenPromise(description: "the vocabulary is refused")
    }
    let tokenizer = WordPieceTokenizer(vocabulary: vocabulary, lowercase: true, stripAccents: true)
    return try BrokenPromise.accepts {
      let lexicon = try PolarityLexicon(bytes: file, tokenizer: tokenizer)
      let words = tokenizer.encodeWords(text, limit: 64)
      let biases = lexicon.biases(text: words).text ?? []
      try BrokenPromise.unless(biases.allSatisfy(\.isFinite), "a bias that is not finite")
      try BrokenPromise.unless(
        lexicon.polarities(of: words).allSatisfy { (-1...1).contains($0 ?? 0) }, "a polarity out of range")
    }
  }

  /// Ids must be in the vocabulary and within the limit, and words must match them.
  static func check(
    _ tokenizer: TextTokenizer, _ text: String, pieces: Int
  ) throws(BrokenPromise) {
    for limit in [2, 3, 16, 512] {
      let found = tokenizer.encode(text, limit: limit), words = tokenizer.encodeWords(text, limit: limit)
      try BrokenPromise.unless(found == words.text, "other ids where words are asked for")
      try BrokenPromise.unless(found.ids.count <= limit, "\(found.ids.count) ids where \(limit) are allowed")
      try BrokenPromise.unless(
        found.ids.allSatisfy { 0 <= $0 && Int($0) < pieces }, "an id that is not in the vocabulary")
      try BrokenPromise.unless(
        found.unknown <= found.pieces && found.truncated <= found.pieces, "more pieces lost than there are")
      var end = 0
      for word in words.words {
        try BrokenPromise.unless(
          word.pieces.lowerBound >= end && word.pieces.upperBound <= found.ids.count, "words out of order")
        end = word.pieces.upperBound
      }
    }
  }
}
