internal import Foundation
package import Models
internal import Seeded

/// The first numbers of parameters that nobody has learnt yet.
///
/// Linear layers are uniform within ±1/√inputs, biases too; an encoder's matrices and tables have a deviation of 0.02
/// and no biases; norms change nothing; the fusion layers all start equal. Each tensor has a sequence of its own
/// (SplitMix64, seeded by the run's seed and the tensor's name), so that none depends on which others there are.
package enum Initialisation {
  /// The first numbers of a tensor; `inputs`: those of its layer, which a bias does not tell.
  package static func values(of tensor: ModelConfiguration.TensorShape, inputs: Int, seed: UInt64) -> [Float] {
    let name = tensor.name, count = tensor.count
    if name.contains("norm") { return [Float](repeating: name.hasSuffix("weight") ? 1 : 0, count: count) }
    var random = SeededGenerator(seed: seed ^ hash(asFirstLayer(name)))
    if name.hasPrefix("text_encoder.") || name.hasPrefix("image_encoder.") {
      if name.hasSuffix("bias") { return [Float](repeating: 0, count: count) }
      return (0..<count).map { _ in Float(0.02 * normal(&random)) }
    }
    let bound = 1 / Double(max(inputs, 1)).squareRoot()
    return (0..<count).map { _ in Float((2 * random.unit() - 1) * bound) }
  }

  /// The first numbers of all tensors of a model.
  package static func all(_ tensors: [ModelConfiguration.TensorShape], seed: UInt64, _ set: (String, [Float]) -> Void) {
    var inputs = 1
    for tensor in tensors {
      // A layer's bias follows its weight.
      if tensor.shape.count > 1 { inputs = tensor.shape.dropFirst().reduce(1, *) }
      set(tensor.name, values(of: tensor, inputs: inputs, seed: seed))
    }
  }

  /// All fusion layers draw what the first does.
  private static func asFirstLayer(_ name: String) -> String {
    guard name.hasPrefix("fusion.") else { return name }
    return "fusion.0." + name.split(separator: ".").dropFirst(2).joined(separator: ".")
  }

  /// A number of mean 0 and deviation 1: twelve uniform ones less six, the same on every machine.
  private static func normal(_ random: inout SeededGenerator) -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + random.unit() }
  }

  /// FNV-1a of the name's bytes.
  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
