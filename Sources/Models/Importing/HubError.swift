package import Archives
import Bytes

/// Why a file or folder of another program cannot be imported as a model or as a part of one.
package enum HubError: Error, Equatable, Sendable {
  /// A file is missing from the folder.
  case missing(path: String)
  /// A file that cannot be read.
  case file(ModelError)
  /// An archive that cannot be read as data.
  case archive(path: String, ArchiveError)
  /// A configuration of another kind of model, or of an unsupported variant.
  case configuration(path: String, ConfigurationError)
  /// A file of a tokenizer that cannot be used.
  case tokenizer(path: String, HubTokenizerError)
  /// A list of shards that names a file outside the folder.
  case badShard(path: String, file: String)
  /// A tensor that is in the list of shards but not in its shard.
  case notInShard(path: String, name: String)
  /// A tensor that this kind of encoder needs is missing; given by the hub's name.
  case missingTensor(path: String, name: String, shape: [Int])
  /// A tensor whose shape does not match the configuration.
  case misshapenTensor(path: String, name: String, expected: [Int], found: [Int])
  /// A tensor that is not part of this encoder.
  case unknownTensor(name: String)
  /// Tensors of an unknown model; some of their names.
  case unknownArchitecture(path: String, names: [String])
  /// Only an encoder, not a whole model.
  case encoderAlone(path: String, kind: String)
  /// A tensor with a shape that this kind of model cannot have.
  case unexpectedShape(path: String, name: String, found: [Int], expected: String)
  /// Tensors that no part of the model reads.
  case unexpectedTensors(path: String, names: [String])
  /// Several prefixes before the names of a model's tensors.
  case severalPrefixes(path: String, prefixes: [String])
  /// A pattern for tensors to leave out that matches none.
  case ignoredNothing(path: String, pattern: String)
  /// A width that is not divisible by the number of heads.
  case heads(part: Part, width: Int, heads: Int)
  /// The number of names differs from the number of labels.
  case labelCount(path: String, labels: Int, names: Int)
  /// A name that is empty or occurs twice.
  case labelName(String)
  /// A vocabulary with more pieces than the encoder has vectors for.
  case vocabularyTooLong(path: String, pieces: Int, size: Int)
  /// An encoder whose width does not match the layer after it.
  case otherWidth(part: String, expected: Int, found: Int)
  /// A folder of projection heads whose encoder is not the one that they were fitted to.
  case changedEncoder(path: String)
  /// A folder that is something else than the encoder it was given as.
  case wrongFolder(path: String, WrongFolder)
  /// A LoRA adapter that cannot be merged.
  case adapter(path: String, LowRankError)
  /// A number that is not finite.
  case notFinite(path: String, name: String)

  /// A part with its own number of attention heads; the raw value is its name in messages.
  package enum Part: String, Sendable {
    case text = "text encoder"
    case image = "picture encoder"
    case fusion = "shared space"
  }
}

extension HubError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .missing(let path):
      "\(path.printable) does not exist; a folder from the Hugging Face hub holds config.json and model.safetensors, and for "
        + "text vocab.txt or tokenizer.json"
    case .file(let error): "\(error)"
    case .archive(let path, let fault): "\(path.printable): \(fault)"
    case .configuration(let path, let fault):
      "\(path.printable): \(fault); text encoders can be BERT, DistilBERT or RoBERTa, picture encoders ViT, DeiT or DINOv2, "
        + "and either can be a half of CLIP or SigLIP"
    case .tokenizer(let path, let fault): "\(path.printable): \(fault)"
    case .badShard(let path, let file):
      "\(path.printable) names \"\(file.printable)\", which is not in the same folder; download the folder again"
    case .notInShard(let path, let name):
      "\(path.printable) does not hold \(name.printable); download all parts of one model"
    case .missingTensor(let path, let name, let shape):
      "\(path.printable) has no tensor \(name.printable) of shape \(shape); take config.json and weights from the same model"
    case .misshapenTensor(let path, let name, let expected, let found):
      "\(path.printable): \(name.printable) has shape \(found), but the rest of the model needs \(expected); take all files "
        + "from the same model"
    case .unknownTensor(let name):
      "\(name.printable) is not a tensor of this encoder; take one that its config.json describes"
    case .unknownArchitecture(let path, let names):
      "\(path.printable) is not a model that clfa can read: \(names.isEmpty ? "it holds no tensor of numbers" : Self.list(names)); "
        + "clfa reads checkpoints of CLFA as its authors' program saves them (bert.*, model.transformer.*, mlp_text.*, "
        + "attention_net.*) or with the names of weights.safetensors (text_encoder.*, fusion.*)"
    case .encoderAlone(let path, let kind):
      "\(path.printable) holds only a \(kind) encoder"
    case .unexpectedShape(let path, let name, let found, let expected):
      "\(path.printable): \(name.printable) has shape \(found), but it must be \(expected)"
    case .unexpectedTensors(let path, let names):
      "\(path.printable): \(names.listed(most: 12)) \(names.count == 1 ? "belongs" : "belong") to no part of this model; "
        + "leave out what only training needs, such as a loss function's; a variant whose answers need more is not supported"
    case .severalPrefixes(let path, let prefixes):
      "\(path.printable) holds several models: the tensors' names begin with "
        + "\(prefixes.listed(most: 5, quote: "\"")); save one of them, or leave out the tensors of the others"
    case .ignoredNothing(let path, let pattern):
      "\(path.printable) has no tensor whose name matches \"\(pattern.printable(upTo: 60))\""
    case .heads(let part, let width, let heads):
      "the \(part.rawValue) is \(width) wide, which is not a multiple of its \(heads) heads"
    case .labelCount(let path, let labels, let names):
      "\(path.printable) has \(labels) labels, but \(names) names were given"
    case .labelName(let name):
      "among the names of labels, \(name.isEmpty ? "one is empty" : "\"\(name.printable)\" occurs twice")"
    case .vocabularyTooLong(let path, let pieces, let size):
      "\(path.printable) has \(pieces) pieces, but the text encoder has vectors for \(size); take the model's own vocabulary"
    case .otherWidth(let part, let expected, let found):
      "the \(part) encoder is \(found) wide, but the model reads \(expected); take one of that width"
    case .changedEncoder(let path):
      "\(path.printable) is not the encoder that the projections were fitted to; copy the whole folder again, or learn them "
        + "again"
    case .wrongFolder(let path, let found): "\(path.printable) is \(found)"
    case .adapter(let path, let fault): "\(path.printable): \(fault)"
    case .notFinite(let path, let name):
      "\(path.printable): \(name.printable) holds numbers that are not finite; take a checkpoint from before that happened"
    }
  }

  private static func list(_ names: [String]) -> String {
    "its tensors are \(names.listed(most: 3))"
  }
}
