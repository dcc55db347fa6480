internal import Bytes

extension ModelError: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String {
    switch self {
    case .missingFile(let path):
      "\(path.printable) does not exist; a model folder holds config.json, weights.safetensors and vocab.txt (or tokenizer.json)"
    case .notAFile(let path): "\(path.printable) is not a regular file; put the model's file in its place"
    case .unreadable(let path, let reason): "\(path.printable) can't be read: \(reason.printable); see who may read it"
    case .unwritable(let path, let reason):
      "\(path.printable) can't be written: \(reason.printable); see whether the folder exists, who may write to it, and the disk's room"
    case .fileTooLarge(let path, let bytes, let limit):
      "\(path.printable) has \(bytes) bytes, more than the \(limit) such a file may have; is it the right file?"
    case .configuration(let path, let fault): "\(path.printable): \(fault)"
    case .vocabularyTooLong(let path, let pieces, let size):
      "\(path.printable) has \(pieces) pieces, but text.vocab_size is \(size); take the vocabulary the model was trained with"
    case .missingLexicon(let path):
      "\(path.printable) does not exist, and config.json names it; copy it from the model's folder, for scores depend on it"
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
      "\(path.printable): \(name.printable) holds steps beyond 127, or \(name.printable).scale holds scales that are negative or not finite; "
        + "quantise the source model again"
    case .notFinite(let path, let name):
      "\(path.printable): \(name.printable) holds numbers that are not finite, which no scale fits; such a model can't be quantised"
    case .otherFingerprint(let path, let recorded, let found):
      "\(path.printable): its fingerprint is \(found.prefix(12))…, and config.json records \(recorded.prefix(12))…: weights, "
        + "vocabulary or configuration were replaced since; copy the folder whole, or quantise the source model again"
    case .isQuantised(let path, let asked):
      "\(path.printable) holds an int8 model, which can't be computed in \(asked.rawValue); use --precision int8 or auto, or "
        + "the model that it was made from"
    case .noInstructionsForQuantised(let path):
      "\(path.printable) holds an int8 model, and this processor has no int8 instructions; use the model that it was made from"
    case .alreadyQuantised(let path):
      "\(path.printable) is an int8 model already; quantise the model that it was made from"
    case .notExportable(let path, let part):
      "\(path.printable) has \(part.printable), which the reference implementation does not; use it with clfa"
    case .unsound(let path, let troubles):
      "\(path.printable) is not sound: \(troubles.prefix(5).map { $0.printable(upTo: 200) }.joined(separator: "; "))"
        + (troubles.count > 5 ? "; and \(troubles.count - 5) tensors more" : "")
        + "; copy or make the model again"
    case .alreadyThere(let path): "\(path.printable) is there already; name a folder that is not"
    case .interrupted: "interrupted"
    case .badProfile(let path, let fault):
      "\(path) does not say what the model was trained on: \(fault). Copy it again from the model it belongs to, or "
        + "remove it: then the model is judged by its configuration alone."
    case .unsupportedPrecision(let precision):
      "--precision \(precision.rawValue): this processor has no \(precision.rawValue) instructions; use f32"
    case .inputs(let index, let fault): "post \(index) of the batch: \(fault)"
    case .tensors(let error): "\(error)"
    }
  }
}

extension ConfigurationFault: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String {
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
        : "\"\(name.printable)\" is no name of a stream of features; take small letters, digits and _ (32 at most, a letter "
          + "first), and none of \(FeatureStream.reservedNames.joined(separator: ", "))"
    case .headsDoNotDivide(let widthKey, let width, let headsKey, let heads):
      "\(widthKey) is \(width), which \(headsKey) \(heads) does not divide; change one of them"
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

extension InputFault: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String {
    switch self {
    case .noTokens(let stream): "no \(stream) tokens; an empty text is [CLS] [SEP]"
    case .tooManyTokens(let stream, let count, let limit):
      "\(count) \(stream) tokens, the model has \(limit) positions; cut them before"
    case .tokenOutOfRange(let stream, let token, let size):
      "\(stream) token \(token), the model knows 0 to \(size - 1); take the model's own vocabulary"
    case .knowledge(let expected):
      expected
        ? "no knowledge tokens, the model reads such a stream; empty knowledge is [CLS] [SEP]"
        : "knowledge tokens, the model has no such stream; leave them out"
    case .pixelCount(let found, let expected):
      "\(found) numbers of a picture, the model reads \(expected); resize it to the model's size"
    case .featureCount(let found, let expected):
      "\(found) streams of features, the model reads \(expected); give one for each, nil where a post has none"
    case .featureRows(let stream, let numbers, let rows, let width, let allowed):
      "\(numbers) numbers in \(rows) rows of \(stream), the model reads 1 to \(allowed) rows of \(width); "
        + "shorten the matrix, or make it anew with that width"
    case .biasCount(let name, let found, let expected):
      "\(found) numbers of \(name), there are \(expected) scores; give one for each pair of tokens"
    }
  }
}
