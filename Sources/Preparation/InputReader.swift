private import Files
package import Inputs
package import Models

/// Converts posts to a model's inputs according to its configuration.
package struct InputReader: Sendable {
  private let tokenizer: TextTokenizer
  private let preparation: TextPreparation
  private let preprocessing: PicturePreprocessing
  /// The largest picture files and pictures accepted.
  package let limits: PictureLimits
  private let decoding: PictureDecoding
  private let maxText: Int
  private let maxKnowledge: Int
  /// Whether the model reads knowledge.
  package let readsKnowledge: Bool
  /// The lexicon that biases the model's attention scores, if it has one.
  private let lexicon: PolarityLexicon?

  /// Reads the vocabulary, the steps and the lexicon that a model's folder names.
  package init(folder: ModelFolder, limits: PictureLimits, decoding: PictureDecoding) throws {
    try self.init(
      configuration: folder.configuration, vocabularyPath: folder.vocabularyPath, lexiconPath: folder.lexiconPath,
      limits: limits, decoding: decoding)
  }

  /// Reads the vocabulary and the lexicon of a model that may not have a folder yet.
  package init(
    configuration: ModelConfiguration, vocabularyPath: String, lexiconPath: String? = nil, limits: PictureLimits,
    decoding: PictureDecoding
  ) throws {
    let settings = configuration.tokenizer
    tokenizer = try Self.tokenizer(settings, at: vocabularyPath, rows: configuration.text.vocabularySize)
    preparation = try TextPreparation(steps: configuration.preparation)
    preprocessing = try PicturePreprocessing(configuration.preprocessing, size: configuration.image.size)
    self.limits = limits
    self.decoding = decoding
    maxText = settings.maxText
    maxKnowledge = settings.maxKnowledge
    readsKnowledge = configuration.knowledge
    lexicon = try lexiconPath.map { [tokenizer] path in
      guard case .wordPieces(let tokenizer) = tokenizer else {
        throw PreparationError.lexiconNeedsWordPieces(path: path)
      }
      return try PolarityLexicon.load(path, tokenizer: tokenizer)
    }
  }

  private static func tokenizer(_ settings: TokenizerSettings, at path: String, rows: Int) throws -> TextTokenizer {
    switch settings.kind {
    case .wordPiece, .wordPieceJSON:
      let pieces = WordPieceSettings(settings)
      return .wordPieces(
        try WordPieceTokenizer(vocabulary: vocabulary(at: path, settings.kind, pieces, rows: rows), pieces))
    case .subword: return .subwords(try subwords(at: path, rows: rows))
    }
  }

  /// A tokenizer of subwords from its file.
  ///
  /// - Parameters:
  ///   - path: a `tokenizer.json`, or a file that is converted to one.
  ///   - rows: the most pieces that it may have.
  /// - Returns: the tokenizer.
  /// - Throws: `PreparationError`.
  package static func subwords(at path: String, rows: Int) throws(PreparationError) -> SubwordTokenizer {
    let bytes = try TokenizerFile.json(at: path), tokenizer: SubwordTokenizer
    do throws(TokenizerError) {
      tokenizer = try SubwordTokenizer(json: bytes)
    } catch {
      throw .tokenizer(path: path, error)
    }
    guard tokenizer.count <= rows else {
      throw .vocabularyTooLong(path: path, pieces: tokenizer.count, rows: rows)
    }
    return tokenizer
  }

  /// The number of pieces of a model's tokenizer, of any kind, including added tokens.
  package static func pieces(of folder: ModelFolder) throws -> Int {
    try pieces(at: folder.vocabularyPath, folder.tokenizer, rows: folder.configuration.text.vocabularySize)
  }

  /// The number of pieces of a tokenizer's file, including added tokens; without settings, of a `vocab.txt`.
  package static func pieces(
    at path: String, _ settings: TokenizerSettings = TokenizerSettings(), rows: Int = .max
  ) throws -> Int {
    switch try tokenizer(settings, at: path, rows: rows) {
    case .wordPieces(let tokenizer): tokenizer.vocabulary.count
    case .subwords(let tokenizer): tokenizer.count
    }
  }

  private static func vocabulary(
    at path: String, _ kind: TokenizerSettings.Kind, _ settings: WordPieceSettings, rows: Int
  ) throws -> Vocabulary {
    let vocabulary =
      kind == .wordPiece
      ? try Vocabulary(bytes: contents(of: path, limit: Vocabulary.byteLimit), settings)
      : try Vocabulary(json: contents(of: path, limit: SubwordTokenizer.byteLimit), settings)
    guard vocabulary.count <= rows else {
      throw PreparationError.vocabularyTooLong(path: path, pieces: vocabulary.count, rows: rows)
    }
    return vocabulary
  }

  /// A file's bytes; one byte more than allowed is enough to reject it.
  package static func contents(of path: String, limit: Int) throws(PreparationError) -> [UInt8] {
    do throws(FileError) {
      return try OpenFile(path).beginning(limit + 1)
    } catch {
      throw PreparationError.unreadableVocabulary(path: path, reason: error.description)
    }
  }

  /// Whether the model sees pictures upright, as their EXIF data say.
  package var appliesOrientation: Bool { preprocessing.orientation == .apply }

  /// A picture before it is resized to the model's square.
  package func decoded(_ file: PictureFile) throws(PictureFileError) -> Picture {
    try preprocessing.decoded(file, decoding, limits: limits)
  }

  /// The inputs from a post's texts, without its picture: the pieces of its text, those of its knowledge if the model
  /// reads it, and the lexicon's biases for both.
  package func words(text: String, knowledge: String) -> (inputs: PostInputs, text: TokenizedText) {
    let text = preparation(text), knowledge = readsKnowledge ? preparation(knowledge) : nil
    guard let lexicon, case .wordPieces(let tokenizer) = tokenizer else {
      let pieces = tokenizer.encode(text, limit: maxText)
      let known = knowledge.map { tokenizer.encode($0, limit: maxKnowledge).ids }
      return (PostInputs(text: pieces.ids, knowledge: known), pieces)
    }
    let words = tokenizer.encodeWords(text, limit: maxText)
    let known = knowledge.map { tokenizer.encodeWords($0, limit: maxKnowledge) }
    let biases = lexicon.biases(text: words, knowledge: known)
    let inputs = PostInputs(
      text: words.text.ids, knowledge: known?.text.ids, selfBias: biases.text, crossBias: biases.knowledge)
    return (inputs, words.text)
  }

  /// Whether texts are normalised before they are tokenized.
  package var prepares: Bool { !preparation.steps.isEmpty }

  /// A text after normalisation.
  package func prepared(_ text: String) -> String { preparation(text) }

  /// The inputs of ``words(text:knowledge:)``, and the pieces of each word.
  package func spelled(text: String, knowledge: String) -> (inputs: PostInputs, words: TokenizedWords) {
    (words(text: text, knowledge: knowledge).inputs, tokenizer.encodeWords(preparation(text), limit: maxText))
  }

  /// A decoded picture's numbers.
  package func pixels(decoded picture: Picture) -> [Float] { preprocessing(picture) }

  /// A picture's numbers; `nil` for none.
  package func pixels(of file: PictureFile?) throws(PictureFileError) -> [Float]? {
    guard let file else { return nil }
    return try preprocessing(file, decoding, limits: limits)
  }

  /// A picture fitted to the model's square, as RGB bytes, which take less memory.
  package func square(of file: PictureFile) throws(PictureFileError) -> Picture {
    try preprocessing.square(file, decoding, limits: limits)
  }

  /// The numbers of the samples returned by ``square(of:)``.
  package func numbers(of square: [UInt8]) -> [Float] { preprocessing.numbers(of: square) }
}

extension PicturePreprocessing {
  /// The preprocessing of a model's pictures to a square of `size` pixels a side.
  ///
  /// - Throws: an error if the size, a mean or a deviation is invalid.
  package init(_ preprocessing: Preprocessing, size: Int) throws(PicturePreprocessingError) {
    let side = preprocessing.resizeTo ?? size
    try self.init(
      size: size, mean: preprocessing.mean, std: preprocessing.std,
      fit: PictureFit(
        sides: preprocessing.resize == .squash ? .squashed(side) : .shorter(side),
        filter: preprocessing.resample == .bilinear ? .bilinear : .bicubic),
      orientation: preprocessing.exifOrientation == .apply ? .apply : .ignore)
  }
}
