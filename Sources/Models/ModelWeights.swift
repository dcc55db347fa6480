import Archives
import Bytes
internal import Synchronization
internal import Tensors

/// Tensors looked up by scope, so that errors about a tensor give its full path.
///
/// It records the requested tensors, from any thread, so that unused tensors are found as well.
struct ModelWeights: Sendable {
  private let file: any WeightSource
  private let path: String
  private let format: NumberFormat
  private let read: ReadTensors

  /// The full names of the tensors that were requested, and of those that are now in bytes.
  private final class ReadTensors: Sendable {
    let names = Mutex<Set<ByteText>>([])
    let quantised = Mutex<Set<ByteText>>([])
  }

  /// All the tensors of a file; linear layers are packed in `format`.
  init(_ file: any WeightSource, format: NumberFormat) { self.init(file, path: "", format, read: ReadTensors()) }

  private init(_ file: any WeightSource, path: String, _ format: NumberFormat, read: ReadTensors) {
    (self.file, self.path, self.format, self.read) = (file, path, format, read)
  }

  /// The same tensors; linear layers are packed in another format.
  func with(_ format: NumberFormat) -> ModelWeights { ModelWeights(file, path: path, format, read: read) }

  /// The tensors whose names begin with `name` and a dot.
  subscript(name: String) -> ModelWeights { ModelWeights(file, path: path + name + ".", format, read: read) }

  /// The tensors of part `index` of a list.
  subscript(index: Int) -> ModelWeights { self["\(index)"] }

  /// The numbers of a tensor, which must have this shape.
  func values(_ name: String, _ shape: [Int]) throws(ModelError) -> [Float] {
    file.floats(of: try number(name, shape))
  }

  /// Checks a linear layer that this model holds but does not use.
  func skipLinear(_ name: String, inputs: Int, outputs: Int) throws(ModelError) {
    _ = try self[name].number("weight", [outputs, inputs])
    _ = try self[name].number("bias", [outputs])
  }

  /// Throws if a tensor was never requested, with the name of the first; returns the names of those that were converted
  /// to bytes.
  func finish() throws(ModelError) -> Set<ByteText> {
    let names = read.names.withLock { $0 }
    for name in file.names where !names.contains(name) {
      throw .unexpectedTensor(path: file.path, name: name.text)
    }
    return read.quantised.withLock { $0 }
  }

  /// The full name of a tensor of numbers, not of bytes.
  private func number(_ name: String, _ shape: [Int]) throws(ModelError) -> String {
    let full = try tensor(name, shape)
    guard !file.isBytes(full) else { throw .misplacedBytes(path: file.path, name: full) }
    return full
  }

  /// The full name of a tensor, which must have this shape.
  private func tensor(_ name: String, _ shape: [Int]) throws(ModelError) -> String {
    let full = path + name
    guard let found = file.shape(of: full) else { throw .missingTensor(path: file.path, name: full, shape: shape) }
    guard found == shape else {
      throw .misshapenTensor(path: file.path, name: full, expected: shape, found: found)
    }
    _ = read.names.withLock { $0.insert(ByteText(full)) }
    return full
  }
}

extension ModelWeights {
  /// The linear layer `name`: `weight` (outputs × the axes of `inputs`) and `bias`.
  func linear(_ name: String, inputs: Int..., outputs: Int) throws(ModelError) -> PackedLinear {
    try linear([name], shape: [outputs] + inputs)
  }

  /// Linear layers of the same input as one: a single product instead of several.
  func linear(
    joining names: [String], inputs: Int, outputs: Int, biased: Bool = true
  ) throws(ModelError) -> PackedLinear {
    try linear(names, shape: [outputs, inputs], biased: biased)
  }

  /// The layer norm `name`: `weight` and `bias`.
  func norm(_ name: String, width: Int, epsilon: Double) throws(ModelError) -> LayerNorm {
    LayerNorm(
      weight: try self[name].values("weight", [width]), bias: try self[name].values("bias", [width]),
      epsilon: Float(epsilon))
  }

  private func linear(_ names: [String], shape: [Int], biased: Bool = true) throws(ModelError) -> PackedLinear {
    let outputs = shape[0], inputs = shape.dropFirst().reduce(1, *)
    // Patches of 148 pixels a side and more have sums that are too long for bytes.
    let format = inputs <= format.longestSum ? format : .f32
    var weight: [Float] = [], bias: [Float] = [], bytes: QuantisedMatrix?
    if format != .int8 { weight.reserveCapacity(names.count * inputs * outputs) }
    for name in names {
      if format == .int8 {
        let matrix = try self[name].matrix("weight", shape)
        if bytes == nil { bytes = matrix } else { bytes?.append(matrix) }
      } else {
        weight += try self[name].values("weight", shape)
      }
      bias += biased ? try self[name].values("bias", [outputs]) : [Float](repeating: 0, count: outputs)
    }
    do throws(TensorError) {
      if let bytes { return try PackedLinear(bytes, bias: bias) }
      return try weight.withUnsafeBufferPointer { (weight) throws(TensorError) in
        try PackedLinear(weight: weight, bias: bias, format: format)
      }
    } catch {
      throw .tensors(error)
    }
  }

  /// A matrix in bytes, whether the file has bytes or it is rounded now: both give the same bits.
  private func matrix(_ name: String, _ shape: [Int]) throws(ModelError) -> QuantisedMatrix {
    let tensor = try tensor(name, shape), outputs = shape[0]
    _ = read.quantised.withLock { $0.insert(ByteText(tensor)) }
    guard file.isBytes(tensor) else { return QuantisedMatrix(rounding: file.floats(of: tensor), outputs: outputs) }
    let scales = try values(name + ".scale", [outputs])
    guard let matrix = QuantisedMatrix(bytes: file.bytes(of: tensor), scales: scales) else {
      throw .badQuantisation(path: file.path, name: tensor)
    }
    return matrix
  }
}

/// The source of a model's weights: clfa's own file, or one of another program that is converted on the fly.
protocol WeightSource: Sendable {
  /// The file, for messages.
  var path: String { get }
  /// The names of all tensors.
  var names: [ByteText] { get }
  /// The shape of a tensor; nil if there is none of this name.
  func shape(of name: String) -> [Int]?
  /// Whether a tensor is in bytes, which are quantisation steps, not numbers.
  func isBytes(_ name: String) -> Bool
  /// The numbers of a tensor; it must exist.
  func floats(of name: String) -> [Float]
  /// The bytes of a tensor; it must exist and be in bytes.
  func bytes(of name: String) -> [Int8]
}

extension Safetensors: WeightSource {
  var names: [ByteText] { tensors.map(\.name) }
  func shape(of name: String) -> [Int]? { self[name]?.shape }
  func isBytes(_ name: String) -> Bool { self[name]?.type == .i8 }
  func floats(of name: String) -> [Float] { self[name].map(floats) ?? [] }
  func bytes(of name: String) -> [Int8] { self[name].map(bytes) ?? [] }
}
