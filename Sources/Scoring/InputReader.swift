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

  /// Reads the vocabulary and the steps that a model's folder names.
  public init(folder: ModelFolder, limits: PictureLimits, decoding: PictureDecoding) throws {
    try self.init(
      configuration: folder.configuration, vocabularyPath: folder.vocabularyPath, limits: limits, decoding: decoding)
  }

  /// Reads the vocabulary of a model that need not have a folder yet.
  public init(
    configuration: ModelConfiguration, vocabularyPath: String, limits: PictureLimits, decoding: PictureDecoding
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
  }

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
    let (text, knowledge) = clock.time(.text) {
      tokens(text: row.record.text, knowledge: row.record.knowledge)
    }
    var inputs = PostInputs(text: text.ids, knowledge: knowledge)
    inputs.pictureIdentity = row.picture?.sha256
    inputs.encodedPicture = row.picture.flatMap { cache?.picture($0.sha256) }
    if inputs.encodedPicture == nil {
      inputs.pixels = try clock.time(.pictures) { () throws(PictureFault) in try pixels(of: row.picture) }
    }
    return Reading(inputs: inputs, text: text)
  }

  /// The pieces of a post's text, and of its knowledge where the model reads that.
  package func tokens(text: String, knowledge: String) -> (text: TokenizedText, knowledge: [Int32]?) {
    let pieces = tokenizer.encode(preparation(text), limit: maxText)
    guard readsKnowledge else { return (pieces, nil) }
    return (pieces, tokenizer.encode(preparation(knowledge), limit: maxKnowledge).ids)
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

  /// What the model reads of a post whose parts were read before: its pieces, and its picture as ``square(of:)``
  /// left it.
  package func inputs(text: [Int32], knowledge: [Int32]?, square: [UInt8]?) -> PostInputs {
    PostInputs(text: text, knowledge: knowledge, pixels: square.map { preprocessing.numbers(of: $0) })
  }
}
