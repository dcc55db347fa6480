import Foundation
public import Inputs
public import Models
import Store

/// What turns a post into what the model reads, as the model's configuration says.
public struct InputReader: Sendable {
  private let tokenizer: WordPieceTokenizer
  private let preparation: TextPreparation
  private let preprocessing: PicturePreprocessing
  /// What a picture may be.
  package let limits: PictureLimits
  private let decoding: PictureDecoding
  private let maxText: Int
  private let maxKnowledge: Int
  private let readsKnowledge: Bool
  /// What biases the model's scores, where it has such a lexicon.
  private let lexicon: PolarityLexicon?

  /// Reads the vocabulary, the steps and the lexicon that a model's folder names.
  public init(folder: ModelFolder, limits: PictureLimits, decoding: PictureDecoding) throws {
    try self.init(
      configuration: folder.configuration, vocabularyPath: folder.vocabularyPath, lexiconPath: folder.lexiconPath,
      limits: limits, decoding: decoding)
  }

  /// Reads the vocabulary and the lexicon of a model that need not have a folder yet.
  public init(
    configuration: ModelConfiguration, vocabularyPath: String, lexiconPath: String? = nil, limits: PictureLimits,
    decoding: PictureDecoding
  ) throws {
    let settings = configuration.tokenizer
    tokenizer = WordPieceTokenizer(
      vocabulary: try Self.vocabulary(at: vocabularyPath, rows: configuration.text.vocabularySize),
      lowercase: settings.lowercase, stripAccents: settings.stripAccents)
    preparation = try TextPreparation(steps: configuration.preparation)
    preprocessing = try PicturePreprocessing(
      size: configuration.image.size, mean: configuration.preprocessing.mean, std: configuration.preprocessing.std)
    self.limits = limits
    self.decoding = decoding
    maxText = settings.maxText
    maxKnowledge = settings.maxKnowledge
    readsKnowledge = configuration.knowledge
    lexicon = try lexiconPath.map { [tokenizer] in try PolarityLexicon.load($0, tokenizer: tokenizer) }
  }

  /// How many pieces a vocabulary has.
  public static func pieces(at path: String) throws -> Int { try vocabulary(at: path, rows: .max).count }

  private static func vocabulary(at path: String, rows: Int) throws -> Vocabulary {
    // One byte more than a vocabulary may have is enough to be refused.
    guard let file = FileHandle(forReadingAtPath: path), let bytes = try file.read(upToCount: Vocabulary.byteLimit + 1)
    else { throw ScoringError.unreadableVocabulary(path: path) }
    let vocabulary = try Vocabulary(bytes: [UInt8](bytes))
    guard vocabulary.count <= rows else {
      throw ScoringError.vocabularyTooLong(path: path, pieces: vocabulary.count, rows: rows)
    }
    return vocabulary
  }

  /// A post's inputs, and what the text lost on the way.
  struct Reading {
    var inputs: PostInputs
    var text: TokenizedText
  }

  /// Tokens and pixels of a post; a picture that cannot be decoded is the row's fault, one that is encoded already is
  /// not decoded again.
  func callAsFunction(
    _ row: PendingRow, reusing cache: TowerCache?, _ clock: StageClock
  ) throws(PictureFault) -> Reading {
    var (inputs, text) = clock.time(.text) { words(text: row.record.text, knowledge: row.record.knowledge) }
    inputs.pictureIdentity = row.picture?.sha256
    inputs.encodedPicture = row.picture.flatMap { cache?.picture($0.sha256) }
    if inputs.encodedPicture == nil {
      inputs.pixels = try clock.time(.pictures) { () throws(PictureFault) in try pixels(of: row.picture) }
    }
    return Reading(inputs: inputs, text: text)
  }

  /// What the model reads of a post's words, without a picture as yet: the pieces of its text, and of its knowledge
  /// where the model reads that, and what a lexicon makes of both.
  package func words(text: String, knowledge: String) -> (inputs: PostInputs, text: TokenizedText) {
    let text = preparation(text), knowledge = readsKnowledge ? preparation(knowledge) : nil
    guard let lexicon else {
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

  /// What the model reads of a post's words, as ``words(text:knowledge:)`` has it, and which pieces make which word.
  package func spelled(text: String, knowledge: String) -> (inputs: PostInputs, words: TokenizedWords) {
    (words(text: text, knowledge: knowledge).inputs, tokenizer.encodeWords(preparation(text), limit: maxText))
  }

  /// A picture's numbers; `nil` for none.
  package func pixels(of file: PictureFile?) throws(PictureFault) -> [Float]? {
    guard let file else { return nil }
    return try preprocessing(file, decoding, limits: limits)
  }

  /// A picture squashed to the model's square: RGB bytes, for those who keep many.
  package func square(of file: PictureFile) throws(PictureFault) -> [UInt8] {
    try preprocessing.square(file, decoding, limits: limits).pixels
  }

  /// The numbers of a picture as ``square(of:)`` left it.
  package func numbers(of square: [UInt8]) -> [Float] { preprocessing.numbers(of: square) }
}
