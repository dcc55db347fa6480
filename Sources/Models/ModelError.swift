package import Archives
package import Bytes
package import Tensors

/// Why a model can't be loaded, or can't score these inputs.
package enum ModelError: Error, Equatable, Sendable {
  /// The file does not exist.
  case missingFile(path: String)
  /// A folder, a FIFO or a device instead of a file.
  case notAFile(path: String)
  /// The system cannot open or read the file.
  case unreadable(path: String, reason: String)
  /// The system cannot write the file.
  case unwritable(path: String, reason: String)
  /// The file is larger than any file of its kind.
  case fileTooLarge(path: String, bytes: Int, limit: Int)
  /// A configuration that is invalid or not supported by this version.
  case configuration(path: String, ConfigurationError)
  /// A vocabulary with more pieces than the model has vectors for.
  case vocabularyTooLong(path: String, pieces: Int, size: Int)
  /// A lexicon that the configuration names but the folder does not contain.
  case missingLexicon(path: String)
  /// Weights that can't be read.
  case safetensors(path: String, SafetensorsError)
  /// A tensor that the configuration requires but the file does not contain.
  case missingTensor(path: String, name: String, shape: [Int])
  /// A tensor whose shape does not match the configuration.
  case misshapenTensor(path: String, name: String, expected: [Int], found: [Int])
  /// A tensor that no part of the configured model reads.
  case unexpectedTensor(path: String, name: String)
  /// A tensor of bytes that is not a matrix of a quantised layer.
  case misplacedBytes(path: String, name: String)
  /// A matrix of bytes, or its scales, that quantisation cannot have produced.
  case badQuantisation(path: String, name: String)
  /// A matrix that can't be quantised.
  case notFinite(path: String, name: String)
  /// A quantised folder whose fingerprint is not the recorded one.
  case otherFingerprint(path: String, recorded: String, found: String)
  /// A precision other than int8 for a model that has only int8 weights.
  case isQuantised(path: String, asked: Precision)
  /// A quantised model on a processor without instructions for it.
  case noInstructionsForQuantised(path: String)
  /// The model is already quantised.
  case alreadyQuantised(path: String)
  /// A model with a part that the reference implementation does not have.
  case notExportable(path: String, part: String)
  /// A model whose tensors do not match its configuration.
  case unsound(path: String, tensorErrors: [String])
  /// Something exists where a folder is to be created.
  case alreadyThere(path: String)
  /// The caller asked to stop.
  case interrupted
  /// The folder's profile of the training posts is not in the form that `clfa train` writes.
  case badProfile(path: String, ProfileError)
  /// A precision for which this processor has no instructions.
  case unsupportedPrecision(Precision)
  /// Inputs that the model can't read; `index` counts the posts of the call from 0.
  case inputs(index: Int, InputError)
  /// An error of the processor or of the matrix library.
  case tensors(TensorError)
}

/// A fault in a configuration. A key is named with its path, such as `text.heads`.
package enum ConfigurationError: Error, Equatable, Sendable {
  /// Not JSON.
  case notJSON(JSONError)
  /// A required key is missing.
  case missingKey(String)
  /// An unknown key.
  case unknownKey(String)
  /// A value of another type.
  case wrongKind(key: String, expected: String, found: String)
  /// A number outside the allowed range.
  case outOfRange(key: String, value: String, allowed: String)
  /// A word that is not one of those allowed.
  case unknownWord(key: String, found: String, allowed: [String])
  /// The format of another version or program.
  case unknownFormat(found: String, known: String)
  /// Feature streams with an aggregation that does not attend to them.
  case featuresWithoutFusion(aggregation: Aggregation)
  /// A feature stream's name is invalid or already used.
  case featureName(String, isTaken: Bool)
  /// A lexicon with an aggregation that has no attention scores.
  case lexiconWithoutScores(aggregation: Aggregation)
  /// A width that is not divisible by the number of heads.
  case headsDoNotDivide(widthKey: String, width: Int, headsKey: String, heads: Int)
  /// The number of names differs from the number of labels.
  case labelCount(labels: Int, names: Int)
  /// A name that is empty or occurs twice.
  case labelName(String, index: Int)
  /// One post can take more memory than allowed; `keys` are those that determine the largest part.
  case needsTooMuch(bytes: Int, limit: Int, keys: [String])
  /// Training on one post can take more memory than allowed.
  case trainingNeedsTooMuch(bytes: Int, limit: Int, keys: [String])
  /// More tokens than there are positions.
  case moreTokensThanPositions(key: String, tokens: Int, positions: Int)
}

/// A fault in a post's inputs.
package enum InputError: Error, Equatable, Sendable {
  /// No tokens, not even [CLS] and [SEP]; `stream` is `text` or `knowledge`.
  case noTokens(stream: String)
  /// More tokens than the encoder has positions.
  case tooManyTokens(stream: String, count: Int, limit: Int)
  /// A token that the encoder has no vector for.
  case tokenOutOfRange(stream: String, token: Int32, size: Int)
  /// Knowledge for a model without that stream, or none for a model with it.
  case knowledge(expected: Bool)
  /// The wrong number of pixels.
  case pixelCount(found: Int, expected: Int)
  /// The number of feature streams differs from the model's.
  case featureCount(found: Int, expected: Int)
  /// Feature rows that do not fit the stream: `allowed` rows, of `width` numbers each.
  case featureRows(stream: String, numbers: Int, rows: Int, width: Int, allowed: Int)
  /// A bias whose size differs from that of its scores.
  case biasCount(name: String, found: Int, expected: Int)
}

extension ModelError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .missingFile(let path):
      "\(path.printable) does not exist; a model folder holds config.json, weights.safetensors and vocab.txt (or tokenizer.json)"
    case .notAFile(let path): "\(path.printable) is not a regular file; put the model's file in its place"
    case .unreadable(let path, let reason):
      "\(path.printable) can't be read: \(reason.printable); check its permissions"
    case .unwritable(let path, let reason):
      "\(path.printable) can't be written: \(reason.printable); check that its folder exists and may be written to, and that "
        + "the disk has room"
    case .fileTooLarge(let path, let bytes, let limit):
      "\(path.printable) has \(bytes) bytes, more than the \(limit) such a file may have; is it the right file?"
    case .configuration(let path, let fault): "\(path.printable): \(fault)"
    case .vocabularyTooLong(let path, let pieces, let size):
      "\(path.printable) has \(pieces) pieces, but text.vocab_size is \(size); take the vocabulary the model was trained with"
    case .missingLexicon(let path):
      "\(path.printable) does not exist, but config.json names it; copy it from the original model folder: scores depend on it"
    case .safetensors(let path, let fault): "\(path.printable): \(fault)"
    case .missingTensor(let path, let name, let shape):
      "\(path.printable) has no tensor \(name.printable) of shape \(shape); take weights and config.json from the same model"
    case .misshapenTensor(let path, let name, let expected, let found):
      "\(path.printable): \(name.printable) has shape \(found), config.json asks for \(expected); take both from the same model"
    case .unexpectedTensor(let path, let name):
      "\(path.printable): \(name.printable) belongs to no part of this model; take weights and config.json from the same model"
    case .misplacedBytes(let path, let name):
      "\(path.printable): \(name.printable) is of type I8, which only a matrix of an int8 layer may be; quantise the source model again"
    case .badQuantisation(let path, let name):
      "\(path.printable): \(name.printable) holds values beyond ±127, or \(name.printable).scale holds scales that are "
        + "negative or not finite; quantise the source model again"
    case .notFinite(let path, let name):
      "\(path.printable): \(name.printable) holds numbers that are not finite, so the model can't be quantised"
    case .otherFingerprint(let path, let recorded, let found):
      "\(path.printable): its fingerprint is \(found.prefix(12))…, and config.json records \(recorded.prefix(12))…: weights, "
        + "vocabulary or configuration were replaced since; copy the folder whole, or quantise the source model again"
    case .isQuantised(let path, let asked):
      "\(path.printable) holds an int8 model, which can't be computed in \(asked.rawValue)"
    case .noInstructionsForQuantised(let path):
      "\(path.printable) holds an int8 model, and this processor has no int8 instructions; use the model that it was made from"
    case .alreadyQuantised(let path):
      "\(path.printable) is an int8 model already; quantise the model that it was made from"
    case .notExportable(let path, let part):
      "\(path.printable) has \(part.printable), which the reference implementation lacks; the model works only in clfa"
    case .unsound(let path, let tensorErrors):
      "\(path.printable) is damaged: \(tensorErrors.prefix(5).map { $0.printable(upTo: 200) }.joined(separator: "; "))"
        + (tensorErrors.count > 5 ? "; and \(tensorErrors.count - 5) more tensors" : "")
        + "; copy or make the model again"
    case .alreadyThere(let path): "\(path.printable) already exists; name a new folder"
    case .interrupted: "interrupted"
    case .badProfile(let path, let fault):
      "\(path) does not say what the model was trained on: \(fault). Copy it again from the model it belongs to, or "
        + "remove it: posts are then compared with the model's configuration only"
    case .unsupportedPrecision(let precision):
      "this processor has no \(precision.rawValue) instructions"
    case .inputs(let index, let fault): "post \(index) of the batch: \(fault)"
    case .tensors(let error): "\(error)"
    }
  }
}

extension ConfigurationError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .notJSON(let fault): "not JSON: \(fault)"
    case .missingKey(let key): "\(key.printable) is missing; add it"
    case .unknownKey(let key):
      "unknown key \(key.printable); remove it, or take the version of clfa that the model was made with"
    case .wrongKind(let key, let expected, let found): "\(key.printable) must be \(expected), not \(found.printable)"
    case .outOfRange(let key, let value, let allowed): "\(key.printable) is \(value.printable), it must be \(allowed)"
    case .unknownWord(let key, let found, let allowed):
      "\(key.printable) is \"\(found.printable)\", it must be \(allowed.map { "\"\($0)\"" }.joined(separator: " or "))"
    case .unknownFormat(let found, let known):
      "format is \"\(found.printable)\", this version reads \"\(known)\"; take the version of clfa that the model was made with"
    case .lexiconWithoutScores(let aggregation):
      "lexicon is for aggregation \"cross-attention\", and \"\(aggregation.rawValue)\" has no attention scores to "
        + "bias; remove lexicon"
    case .featuresWithoutFusion(let aggregation):
      "features are for aggregation \"cross-attention\", and \"\(aggregation.rawValue)\" reads text and picture only; "
        + "remove features"
    case .featureName(let name, let isTaken):
      isTaken
        ? "two streams of features are called \"\(name.printable)\"; give each its own name"
        : "\"\(name.printable)\" cannot name a stream of features; use at most 32 lower-case letters, digits and _, "
          + "beginning with a letter, and not \(FeatureStream.reservedNames.joined(separator: ", "))"
    case .headsDoNotDivide(let widthKey, let width, let headsKey, let heads):
      "\(widthKey) is \(width), which is not a multiple of \(headsKey), \(heads); change one of them"
    case .labelCount(let labels, let names):
      "labels is \(labels), but label_names has \(names); name every label once"
    case .labelName(let name, let index):
      "label_names[\(index)] is \(name.isEmpty ? "empty" : "\"\(name.printable)\" again"); give each label its own name"
    case .needsTooMuch(let bytes, let limit, let keys):
      "one post can take \(Self.gibibytes(bytes)) of memory, and \(Self.gibibytes(limit)) is the most allowed; the largest "
        + "part depends on \(keys.joined(separator: ", ")): lower one of them"
    case .trainingNeedsTooMuch(let bytes, let limit, let keys):
      "training on one post can take \(Self.gibibytes(bytes)) of memory, and \(Self.gibibytes(limit)) is the most allowed: "
        + "every layer keeps its attention, tokens times tokens; the largest part depends on "
        + "\(keys.joined(separator: ", ")): lower one of them"
    case .moreTokensThanPositions(let key, let tokens, let positions):
      "\(key.printable) is \(tokens), but text.max_positions is \(positions); lower \(key.printable)"
    }
  }

  /// Bytes in GiB with one digit, rounded up.
  private static func gibibytes(_ bytes: Int) -> String {
    let tenths = (bytes / (1 << 20) * 10 + 1023) / 1024
    return tenths % 10 == 0 ? "\(tenths / 10) GiB" : "\(tenths / 10).\(tenths % 10) GiB"
  }
}

extension InputError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .noTokens(let stream): "no \(stream) tokens; an empty text is [CLS] [SEP]"
    case .tooManyTokens(let stream, let count, let limit):
      "\(count) \(stream) tokens, but the model has \(limit) positions; cut the text first"
    case .tokenOutOfRange(let stream, let token, let size):
      "\(stream) token \(token), but the model knows 0 to \(size - 1); use the model's own vocabulary"
    case .knowledge(let expected):
      expected
        ? "no knowledge tokens, but the model reads knowledge; empty knowledge is [CLS] [SEP]"
        : "knowledge tokens, but the model reads no knowledge; leave them out"
    case .pixelCount(let found, let expected):
      "a picture of \(found) numbers, but the model reads \(expected); resize it to the model's size"
    case .featureCount(let found, let expected):
      "\(found) streams of features, but the model reads \(expected); give one for each, nil where a post has none"
    case .featureRows(let stream, let numbers, let rows, let width, let allowed):
      "\(numbers) numbers in \(rows) rows of \(stream), the model reads 1 to \(allowed) rows of \(width); "
        + "shorten the matrix, or make it anew with that width"
    case .biasCount(let name, let found, let expected):
      "\(found) numbers of \(name), there are \(expected) scores; give one for each pair of tokens"
    }
  }
}
