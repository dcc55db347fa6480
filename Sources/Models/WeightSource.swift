import Archives

/// Where a model's weights come from: its own file, or one of another program that is translated on the way.
protocol WeightSource: Sendable {
  /// The file, for messages.
  var path: String { get }
  /// The names of all tensors.
  var names: [String] { get }
  /// The shape of a tensor; nil where there is none of this name.
  func shape(of name: String) -> [Int]?
  /// Whether a tensor is in bytes, which are steps and no numbers.
  func isBytes(_ name: String) -> Bool
  /// The numbers of a tensor that is there.
  func floats(of name: String) -> [Float]
  /// The bytes of a tensor that is there, and in bytes.
  func bytes(of name: String) -> [Int8]
}

extension Safetensors: WeightSource {
  var names: [String] { tensors.map(\.name) }
  func shape(of name: String) -> [Int]? { self[name]?.shape }
  func isBytes(_ name: String) -> Bool { self[name]?.type == .i8 }
  func floats(of name: String) -> [Float] { self[name].map(floats) ?? [] }
  func bytes(of name: String) -> [Int8] { self[name].map(bytes) ?? [] }
}
