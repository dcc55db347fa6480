import Bytes

extension ClipError: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String {
    switch self {
    case .configuration(let path, let fault):
      "\(path.printable): \(fault); a CLIP or SigLIP here has quick_gelu, gelu or gelu_pytorch_tanh, and pictures resized to a square "
        + "or by their shorter side"
    case .hub(.missing(let path)):
      "\(path.printable) does not exist; the folder of a CLIP or SigLIP holds config.json, the weights (model.safetensors or "
        + "pytorch_model.bin, whole or in shards), tokenizer.json and, where pictures are not prepared as its own kind's, "
        + "preprocessor_config.json"
    case .hub(let error): "\(error)"
    }
  }
}
