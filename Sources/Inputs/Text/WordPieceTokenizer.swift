/// Converts a text to the ids of word pieces: added tokens, BERT's basic tokenizer, then greedy longest-match-first
/// pieces.
package struct WordPieceTokenizer: Sendable {
  /// What it is made of, behind one reference: a copy of the tokenizer then counts one reference, not a dozen.
  private final class Parts: Sendable {
    let vocabulary: Vocabulary
    let basic: BasicTokenizer
    let isPretokenized: Bool
    /// The tokens in the text as posted, and those in the normalized text.
    let (literal, normalised): (AddedTokens, AddedTokens)
    /// The words that stay whole, with their ids.
    let neverSplit: [[UInt8]: Int32]
    /// Cleans a text in which words that stay whole are sought, and normalizes a word; nil without such words, since the
    /// tables take some time to make.
    let whole: (cleaning: BasicTokenizer, normalising: BasicTokenizer)?

    init(_ vocabulary: Vocabulary, _ settings: WordPieceSettings) {
      self.vocabulary = vocabulary
      let basic = BasicTokenizer(
        lowercase: settings.lowercase, stripAccents: settings.stripAccents, separatesChinese: settings.separatesChinese)
      self.basic = basic
      isPretokenized = settings.isPretokenized
      let tokens = vocabulary.addedTokens
      literal = .literal(tokens)
      normalised = .normalised(tokens) { settings.isPretokenized ? $0 : basic.normalised($0.span) }
      neverSplit = Dictionary(
        (settings.isPretokenized ? [] : settings.neverSplit).map {
          (Array($0.utf8), vocabulary[$0.utf8] ?? vocabulary.unknown)
        }, uniquingKeysWith: { first, _ in first })
      whole =
        neverSplit.isEmpty
        ? nil
        : (
          BasicTokenizer(lowercase: false, stripAccents: false, separatesChinese: settings.separatesChinese),
          BasicTokenizer(lowercase: settings.lowercase, stripAccents: settings.stripAccents, separatesChinese: false)
        )
    }
  }

  private let parts: Parts

  /// The pieces.
  package var vocabulary: Vocabulary { parts.vocabulary }

  /// Creates the tokenizer of a BERT.
  ///
  /// - Parameters:
  ///   - vocabulary: the model's pieces.
  ///   - lowercase: whether the model was trained on lower-cased text.
  ///   - stripAccents: whether it was trained on text without accents; models that lower-case usually were.
  package init(vocabulary: Vocabulary, lowercase: Bool, stripAccents: Bool) {
    var settings = WordPieceSettings()
    (settings.lowercase, settings.stripAccents) = (lowercase, stripAccents)
    self.init(vocabulary, settings)
  }

  /// Creates a tokenizer.
  ///
  /// - Parameters:
  ///   - vocabulary: the model's pieces, read with the same settings.
  ///   - settings: how a text is read.
  /// - Throws: an error for an added token of which normalization leaves nothing, or the same as of another.
  package init(vocabulary: Vocabulary, _ settings: WordPieceSettings) throws(VocabularyError) {
    self.init(vocabulary, settings)
    if let token = parts.normalised.unusable { throw .unusableToken(String(decoding: token.bytes, as: UTF8.self)) }
  }

  private init(_ vocabulary: Vocabulary, _ settings: WordPieceSettings) { parts = Parts(vocabulary, settings) }

  /// The ids of a text including `[CLS]` and `[SEP]`, at most `limit` in total; an empty text gives only these two.
  ///
  /// Added tokens are found first; without others in the settings, these are `[UNK]`, `[CLS]`, `[SEP]`, `[PAD]` and
  /// `[MASK]` in exactly this spelling, in upper case and anywhere, even inside a word, if the vocabulary has them. Text
  /// beyond the limit is cut off before `[SEP]`. O(bytes).
  ///
  /// - Parameters:
  ///   - text: the text as posted.
  ///   - limit: the maximum number of ids; less than 2 counts as 2.
  /// - Returns: the ids, and the numbers of all pieces, unknown pieces, and truncated pieces.
  package func encode(_ text: String, limit: Int) -> TokenizedText {
    var pieces = Pieces(vocabulary: vocabulary, room: max(limit, 2) - 2)
    read(text, into: &pieces)
    return pieces.tokenized
  }

  /// The same ids as ``encode(_:limit:)``, and the words to which they belong. O(bytes).
  package func encodeWords(_ text: String, limit: Int) -> TokenizedWords {
    var pieces = Pieces(vocabulary: vocabulary, room: max(limit, 2) - 2, keepsWords: true)
    read(text, into: &pieces)
    return TokenizedWords(text: pieces.tokenized, words: pieces.words)
  }

  /// The words of a text before they are split into pieces; added tokens are not sought.
  func words(of text: String) -> [[UInt8]] {
    var words: [[UInt8]] = []
    split(Array(text.utf8)[...]) { word, _ in words.append(word) }
    return words
  }

  private func read(_ text: String, into pieces: inout Pieces) {
    let bytes = Array(text.utf8)
    var work = StepCounter()
    for part in parts.literal.parts(of: bytes, &work) {
      switch part {
      case .token(let token): pieces.add(literal: token.bytes, id: token.id)
      case .text(let range) where parts.normalised.isEmpty: split(bytes[range]) { add($0, $1, to: &pieces) }
      case .text(let range):
        let text = parts.isPretokenized ? Array(bytes[range]) : parts.basic.normalised(bytes.span.extracting(range))
        for part in parts.normalised.parts(of: text, &work) {
          switch part {
          case .token(let token): pieces.add(literal: token.bytes, id: token.id)
          case .text(let range) where parts.isPretokenized: split(text[range]) { add($0, $1, to: &pieces) }
          case .text(let range):
            BasicTokenizer.plain.split(text.span.extracting(range)) { add($0, $1, to: &pieces) }
          }
        }
      }
    }
  }

  private func add(_ word: [UInt8], _ scalars: Int, to pieces: inout Pieces) {
    if parts.whole != nil, let id = parts.neverSplit[word] {
      pieces.add(literal: word, id: id)
    } else {
      pieces.add(word: word, scalars: scalars)
    }
  }

  /// Passes on every word of a text that is not yet normalized, in order, with its number of scalars.
  private func split(_ text: ArraySlice<UInt8>, emit: (_ word: [UInt8], _ scalars: Int) -> Void) {
    if parts.isPretokenized { return Self.splitAtBlanks(text, emit) }
    let bytes = Array(text)
    guard let whole = parts.whole else { return parts.basic.split(bytes.span, emit: emit) }
    var work = StepCounter()
    let cleaned = NormalisationStep.composed(
      String(decoding: whole.cleaning.normalised(bytes.span), as: UTF8.self), &work)
    Self.splitAtBlanks(Array(cleaned.utf8)[...]) { word, scalars in
      if parts.neverSplit[word] != nil { return emit(word, scalars) }
      let word = whole.normalising.normalised(word.span)
      if parts.neverSplit[word] != nil {
        emit(word, scalars)
      } else {
        BasicTokenizer.plain.split(word.span, emit: emit)
      }
    }
  }

  /// Splits at white space, to which Python counts four control characters as well.
  private static func splitAtBlanks(_ text: ArraySlice<UInt8>, _ emit: (_ word: [UInt8], _ scalars: Int) -> Void) {
    let scalars = Substring(decoding: text, as: UTF8.self).unicodeScalars
    for word in scalars.split(whereSeparator: { $0.properties.isWhitespace || (0x1C...0x1F).contains($0.value) }) {
      emit(Array(String(word).utf8), word.count)
    }
  }
}

/// The pieces of one text that fit, and the count of all.
private struct Pieces {
  private let vocabulary: Vocabulary
  private let room: Int
  private var ids: [Int32]
  private var count = 0
  private var unknown = 0
  /// The pieces of one word, until it is known that the whole word has pieces.
  private var word: [Int32] = []
  /// The words of the pieces that fit, if requested.
  private(set) var words: [TokenizedWords.Word] = []
  private let keepsWords: Bool

  init(vocabulary: Vocabulary, room: Int, keepsWords: Bool = false) {
    self.vocabulary = vocabulary
    self.room = room
    self.keepsWords = keepsWords
    ids = [vocabulary.classification]
  }

  var tokenized: TokenizedText {
    TokenizedText(
      ids: ids + [vocabulary.separator], pieces: count, unknown: unknown, truncated: max(count - room, 0))
  }

  /// Adds a literal piece.
  mutating func add(literal bytes: [UInt8], id: Int32) {
    let first = ids.count
    add(id)
    keep(bytes, from: first)
  }

  /// Adds a word's pieces, or `[UNK]` if it has none or is too long.
  mutating func add(word bytes: [UInt8], scalars: Int) {
    let first = ids.count
    addPieces(of: bytes, scalars: scalars)
    keep(bytes, from: first)
  }

  private mutating func add(_ id: Int32) {
    if count < room { ids.append(id) }
    count += 1
    if id == vocabulary.unknown { unknown += 1 }
  }

  private mutating func keep(_ word: [UInt8], from first: Int) {
    guard keepsWords, first < ids.count else { return }
    words.append(TokenizedWords.Word(bytes: word, pieces: first..<ids.count))
  }

  private mutating func addPieces(of bytes: [UInt8], scalars: Int) {
    guard scalars <= vocabulary.wordLimit else { return add(vocabulary.unknown) }
    word.removeAll(keepingCapacity: true)
    var node: PieceTrie.Node? = PieceTrie.root
    var position = 0
    while position < bytes.count {
      guard let from = node, let match = vocabulary.trie.longestMatch(in: bytes, from: position, at: from)
      else {
        return add(vocabulary.unknown)
      }
      word.append(match.id)
      position = match.end
      node = vocabulary.continuation
    }
    for id in word { add(id) }
  }
}
