public import Archives
public import Bytes
public import Tensors

/// Why a model can't be loaded, or can't score these inputs.
public enum ModelError: Error, Equatable, Sendable {
  /// There is no such file.
  case missingFile(path: String)
  /// A directory, a FIFO or a device where a file belongs.
  case notAFile(path: String)
  /// The system would not open or read the file.
  case unreadable(path: String, reason: String)
  /// The system would not write the file.
  case unwritable(path: String, reason: String)
  /// A file larger than any of its kind.
  case fileTooLarge(path: String, bytes: Int, limit: Int)
  /// A configuration that is wrong or that this version can't follow.
  case configuration(path: String, ConfigurationFault)
  /// A vocabulary with more pieces than the model has vectors for.
  case vocabularyTooLong(path: String, pieces: Int, size: Int)
  /// A lexicon that the configuration names and the folder does not hold.
  case missingLexicon(path: String)
  /// Weights that can't be read.
  case safetensors(path: String, SafetensorsFault)
  /// A tensor that the configuration asks for and the file does not hold.
  case missingTensor(path: String, name: String, shape: [Int])
  /// A tensor of another shape than the configuration asks for.
  case misshapenTensor(path: String, name: String, expected: [Int], found: [Int])
  /// A tensor that no part of the configured model reads.
  case unexpectedTensor(path: String, name: String)
  /// A tensor of bytes that is no matrix of a layer whose products are of bytes.
  case misplacedBytes(path: String, name: String)
  /// A matrix of bytes, or its scales, that no quantising makes.
  case badQuantisation(path: String, name: String)
  /// A matrix that can't be quantised.
  case notFinite(path: String, name: String)
  /// A quantised folder that is not the one whose agreement was recorded.
  case otherFingerprint(path: String, recorded: String, found: String)
  /// Another precision than int8 for a model that has nothing else.
  case isQuantised(path: String, asked: Precision)
  /// A quantised model on a processor without instructions for it.
  case noInstructionsForQuantised(path: String)
  /// A quantised model where one to quantise belongs.
  case alreadyQuantised(path: String)
  /// A model with a part that the reference implementation does not have.
  case notExportable(path: String, part: String)
  /// A model whose tensors are not what its configuration says.
  case unsound(path: String, troubles: [String])
  /// Something where a folder is to be made.
  case alreadyThere(path: String)
  /// Somebody asked for an early end.
  case interrupted
  /// What the folder says of training's posts is not what `clfa train` writes.
  case badProfile(path: String, ProfileFault)
  /// A precision that this processor has no instructions for.
  case unsupportedPrecision(Precision)
  /// Inputs that the model can't take; `index` counts the posts of the call from 0.
  case inputs(index: Int, InputFault)
  /// The machine or its library refused.
  case tensors(TensorError)
}

/// What is wrong with a configuration. A key is named with its path, such as `text.heads`.
public enum ConfigurationFault: Error, Equatable, Sendable {
  /// Not JSON.
  case notJSON(JSONFault)
  /// A key that must be there and is not.
  case missingKey(String)
  /// A key that no version known here has.
  case unknownKey(String)
  /// Another kind of value.
  case wrongKind(key: String, expected: String, found: String)
  /// A number that no model has.
  case outOfRange(key: String, value: String, allowed: String)
  /// A word that is not one of those allowed.
  case unknownWord(key: String, found: String, allowed: [String])
  /// A format of another version or another program.
  case unknownFormat(found: String, known: String)
  /// Streams of features for an aggregation that does not attend to any.
  case featuresWithoutFusion(aggregation: Aggregation)
  /// A stream of features cannot be called so: it is no name, or another stream has it.
  case featureName(String, isTaken: Bool)
  /// A lexicon for an aggregation that has no scores to bias.
  case lexiconWithoutScores(aggregation: Aggregation)
  /// A width that does not divide into its heads.
  case headsDoNotDivide(widthKey: String, width: Int, headsKey: String, heads: Int)
  /// More names than labels, or fewer.
  case labelCount(labels: Int, names: Int)
  /// A name that is empty or stands twice.
  case labelName(String, index: Int)
  /// One post can take more memory than allowed; `keys` are those that decide about the largest part.
  case needsTooMuch(bytes: Int, limit: Int, keys: [String])
  /// Training on one post can take more memory than allowed.
  case trainingNeedsTooMuch(bytes: Int, limit: Int, keys: [String])
  /// More tokens than there are positions.
  case moreTokensThanPositions(key: String, tokens: Int, positions: Int)
}

/// What is wrong with a post's inputs.
public enum InputFault: Error, Equatable, Sendable {
  /// No tokens where at least [CLS] and [SEP] belong; `stream` is `text` or `knowledge`.
  case noTokens(stream: String)
  /// More tokens than the encoder has positions.
  case tooManyTokens(stream: String, count: Int, limit: Int)
  /// A token that the encoder has no vector for.
  case tokenOutOfRange(stream: String, token: Int32, size: Int)
  /// Knowledge for a model without that stream, or none for one with it.
  case knowledge(expected: Bool)
  /// Pixels of another picture size.
  case pixelCount(found: Int, expected: Int)
  /// Another number of streams of features than the model has.
  case featureCount(found: Int, expected: Int)
  /// Rows of features that are not as the stream's are: `allowed` rows, of `width` numbers each.
  case featureRows(stream: String, numbers: Int, rows: Int, width: Int, allowed: Int)
  /// A bias of another size than its scores.
  case biasCount(name: String, found: Int, expected: Int)
}
