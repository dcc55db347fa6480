extension ModelFolder {
  /// The numbers of a tensor as f32; nil where the model has none of this name, or has it in bytes.
  package func values(_ name: String) -> [Float]? {
    guard let tensor = weights[name], tensor.type != .i8 else { return nil }
    return weights.floats(tensor)
  }
}
