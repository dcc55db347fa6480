import Foundation
public import Inputs
public import Models
import Store

/// What turns a post into what the model reads, as the model's folder says.
public struct InputReader: Sendable {
  private let tokenizer: WordPieceTokenizer
  private let preparation: TextPreparation
  private let preprocessing: PicturePreprocessing
  private let limits: PictureLimits
  private let decoding: PictureDecoding
  private let maxText: Int
  private let maxKnowledge: Int
  private let readsKnowledge: Bool
  /// What biases the model's scores, where it has such a lexicon.
  private let lexicon: PolarityLexicon?

  /// Reads the vocabulary, the steps and the lexicon that a model's folder names.
  public init(folder: ModelFolder, limits: PictureLimits, decoding: PictureDecoding) throws {
    let vocabulary = try Self.vocabulary(of: folder)
    tokenizer = WordPieceTokenizer(
      vocabulary: vocabulary, lowercase: folder.tokenizer.lowercase, stripAccents: folder.tokenizer.stripAccents)
    preparation = try TextPreparation(steps: folder.preparation)
    preprocessing = try PicturePreprocessing(
      size: folder.configuration.image.size, mean: folder.preprocessing.mean, std: folder.preprocessing.std)
    self.limits = limits
    self.decoding = decoding
    maxText = folder.tokenizer.maxText
    maxKnowledge = folder.tokenizer.maxKnowledge
    readsKnowledge = folder.configuration.knowledge
    lexicon = try folder.lexiconPath.map { [tokenizer] in try PolarityLexicon.load($0, tokenizer: tokenizer) }
  }

  private static func vocabulary(of folder: ModelFolder) throws -> Vocabulary {
    // One byte more than a vocabulary may have is enough to be refused.
    guard let file = FileHandle(forReadingAtPath: folder.vocabularyPath),
      let bytes = try file.read(upToCount: Vocabulary.byteLimit + 1)
    else { throw ScoringError.unreadableVocabulary(path: folder.vocabularyPath) }
    let vocabulary = try Vocabulary(bytes: [UInt8](bytes))
    let rows = folder.configuration.text.vocabularySize
    guard vocabulary.count <= rows else {
      throw ScoringError.vocabularyTooLong(path: folder.vocabularyPath, pieces: vocabulary.count, rows: rows)
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

  /// A picture's numbers; `nil` for none.
  package func pixels(of file: PictureFile?) throws(PictureFault) -> [Float]? {
    guard let file else { return nil }
    return try preprocessing(file, decoding, limits: limits)
  }
}
