extension HubError: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path) does not exist; a hub's folder holds config.json and model.safetensors, and for text vocab.txt or tokenizer.json"
    case .file(let error): "\(error)"
    case .configuration(let path, let fault):
      "\(path): \(fault); text encoders are plain BERTs, picture encoders plain ViTs"
    case .missingTensor(let path, let name, let shape):
      "\(path) has no tensor \(name) of shape \(shape); take config.json and weights from the same model"
    case .misshapenTensor(let path, let name, let expected, let found):
      "\(path): \(name) has shape \(found), config.json asks for \(expected); take both from the same model"
    case .unknownTensor(let name): "\(name) is no tensor of this encoder; take one of its configuration's"
    }
  }
}
