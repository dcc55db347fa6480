extension ClipError: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String {
    switch self {
    case .configuration(let path, let fault):
      "\(path): \(fault); a CLIP here has quick_gelu or gelu, and pictures resized to a square or by their shorter side"
    case .hub(.missing(let path)):
      "\(path) does not exist; a CLIP's folder holds config.json, model.safetensors, tokenizer.json and, where pictures "
        + "are not prepared as CLIP's own, preprocessor_config.json"
    case .hub(let error): "\(error)"
    }
  }
}
