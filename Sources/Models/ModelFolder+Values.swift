import Archives

extension ModelFolder {
  /// The numbers of a tensor as f32; nil where the model has none of this name, or has it in bytes.
  package func values(_ name: String) -> [Float]? {
    guard let tensor = weights[name], tensor.type != .i8 else { return nil }
    return weights.floats(tensor)
  }

  /// The numbers of a matrix as f32, those of a quantised model from its bytes and their scales; nil where the model has
  /// none of this name.
  package func matrix(_ name: String) -> [Float]? {
    guard let tensor = weights[name], tensor.type == .i8 else { return values(name) }
    guard let scales = values(name + ".scale"), scales.count == tensor.shape.first, !scales.isEmpty else { return nil }
    let inputs = tensor.count / scales.count
    return weights.bytes(tensor).enumerated().map { Float($1) * scales[$0 / inputs] }
  }
}
