import Bytes
internal import Synchronization
internal import Tensors

/// Tensors looked up by scope, so that a missing or misshapen one is named by its full path.
///
/// It remembers what was asked for, from whichever thread, so that a tensor too many is found as well.
struct ModelWeights: Sendable {
  private let file: Safetensors
  private let path: String
  private let format: NumberFormat
  private let read: Ledger

  /// The full names of the tensors that were asked for.
  private final class Ledger: Sendable {
    let names = Mutex<Set<ByteText>>([])
  }

  /// All the tensors of a file; linear layers are packed in `format`.
  init(_ file: Safetensors, format: NumberFormat) { self.init(file, path: "", format, read: Ledger()) }

  private init(_ file: Safetensors, path: String, _ format: NumberFormat, read: Ledger) {
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
    file.floats(try tensor(name, shape))
  }

  /// Checks a linear layer that this model holds but does not use.
  func skipLinear(_ name: String, inputs: Int, outputs: Int) throws(ModelError) {
    _ = try self[name].tensor("weight", [outputs, inputs])
    _ = try self[name].tensor("bias", [outputs])
  }

  /// Complains of the first tensor that nobody asked for.
  func finish() throws(ModelError) {
    let names = read.names.withLock { $0 }
    for tensor in file.tensors where !names.contains(ByteText(tensor.name)) {
      throw .unexpectedTensor(path: file.path, name: tensor.name)
    }
  }

  private func tensor(_ name: String, _ shape: [Int]) throws(ModelError) -> Safetensors.Tensor {
    let full = path + name
    guard let tensor = file[full] else { throw .missingTensor(path: file.path, name: full, shape: shape) }
    guard tensor.shape == shape else {
      throw .misshapenTensor(path: file.path, name: full, expected: shape, found: tensor.shape)
    }
    _ = read.names.withLock { $0.insert(ByteText(full)) }
    return tensor
  }
}

extension ModelWeights {
  /// The linear layer `name`: `weight` (outputs × the axes of `inputs`) and `bias`.
  func linear(_ name: String, inputs: Int..., outputs: Int) throws(ModelError) -> PackedLinear {
    let weight = try self[name].values("weight", [outputs] + inputs)
    return try pack(weight, bias: try self[name].values("bias", [outputs]))
  }

  /// Linear layers of the same input side by side, as one: a single product instead of several.
  func linear(joining names: [String], inputs: Int, outputs: Int) throws(ModelError) -> PackedLinear {
    var weight: [Float] = [], bias: [Float] = []
    weight.reserveCapacity(names.count * inputs * outputs)
    for name in names {
      weight += try self[name].values("weight", [outputs, inputs])
      bias += try self[name].values("bias", [outputs])
    }
    return try pack(weight, bias: bias)
  }

  /// The layer norm `name`: `weight` and `bias`.
  func norm(_ name: String, width: Int, epsilon: Double) throws(ModelError) -> LayerNorm {
    LayerNorm(
      gain: try self[name].values("weight", [width]), shift: try self[name].values("bias", [width]),
      epsilon: Float(epsilon))
  }

  private func pack(_ weight: [Float], bias: [Float]) throws(ModelError) -> PackedLinear {
    do throws(TensorError) {
      // Patches of 148 pixels a side and more have sums too long for bytes.
      let format = weight.count / bias.count <= format.longestSum ? format : .f32
      return try weight.withUnsafeBufferPointer { (weight) throws(TensorError) in
        try PackedLinear(weight: weight, bias: bias, format: format)
      }
    } catch {
      throw .tensors(error)
    }
  }
}
