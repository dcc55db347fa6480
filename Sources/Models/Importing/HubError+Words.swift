import Bytes

extension HubError: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path.printable) does not exist; a hub's folder holds config.json and model.safetensors, and for text vocab.txt or tokenizer.json"
    case .file(let error): "\(error)"
    case .archive(let path, let fault): "\(path.printable): \(fault)"
    case .configuration(let path, let fault):
      "\(path.printable): \(fault); text encoders are BERTs, DistilBERTs and RoBERTas, picture encoders ViTs, DeiTs and "
        + "DINOv2s, and both are the halves of CLIPs and SigLIPs"
    case .badShard(let path, let file):
      "\(path.printable) names \"\(file.printable)\", which is no file beside it; download the folder again"
    case .notInShard(let path, let name):
      "\(path.printable) does not hold \(name.printable); download all parts of one model"
    case .missingTensor(let path, let name, let shape):
      "\(path.printable) has no tensor \(name.printable) of shape \(shape); take config.json and weights from the same model"
    case .misshapenTensor(let path, let name, let expected, let found):
      "\(path.printable): \(name.printable) has shape \(found), \(expected) belongs to the rest; take all from the same model"
    case .unknownTensor(let name): "\(name.printable) is no tensor of this encoder; take one of its configuration's"
    case .unknownArchitecture(let path, let names):
      "\(path.printable) is no model that is read here: \(names.isEmpty ? "it holds no tensor of numbers" : Self.list(names)); "
        + "read are checkpoints of CLFA as its authors' program saves them (bert.*, model.transformer.*, mlp_text.*, "
        + "attention_net.*) and with the names of weights.safetensors (text_encoder.*, fusion.*)"
    case .encoderAlone(let path, let kind):
      "\(path.printable) holds a \(kind) encoder alone; clfa train makes a model of it, with --\(kind)-encoder"
    case .strangeShape(let path, let name, let found, let expected):
      "\(path.printable): \(name.printable) has shape \(found), it must be \(expected)"
    case .unexpectedTensor(let path, let name):
      "\(path.printable): \(name.printable) belongs to no part of this model; it is a variant that is not built"
    case .heads(let part, let width, let heads, let flag):
      "the \(part) is \(width) wide, which \(heads) heads do not divide; say how many there are with \(flag)"
    case .labelCount(let path, let labels, let names):
      "\(path.printable) answers with \(labels) labels, and --label-names has \(names); name every label once"
    case .labelName(let name):
      "--label-names has \(name.isEmpty ? "an empty name" : "\"\(name.printable)\" twice"); give each label its own name"
    case .vocabularyTooLong(let path, let pieces, let size):
      "\(path.printable) has \(pieces) pieces, and the text encoder vectors for \(size); take the model's own vocabulary"
    case .otherWidth(let part, let expected, let found):
      "the \(part) encoder is \(found) wide, the model reads \(expected); take one of that width"
    case .notFinite(let path, let name):
      "\(path.printable): \(name.printable) holds numbers that are not finite; take a checkpoint from before that happened"
    }
  }

  private static func list(_ names: [String]) -> String {
    "its tensors are \(names.listed(most: 3))"
  }
}
