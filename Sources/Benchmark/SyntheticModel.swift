internal import Files
internal import Foundation
package import Models
internal import Evaluation

/// A model of any size whose weights mean nothing: speed does not depend on what they are.
package enum SyntheticModel {
  /// Writes the model's folder: small random weights, norms that change nothing, words made of syllables.
  ///
  /// - Parameters:
  ///   - configuration: its sizes.
  ///   - folder: an existing folder.
  ///   - seed: what the weights follow from.
  /// - Throws: what the system says if a file cannot be written.
  package static func write(_ configuration: ModelConfiguration, to folder: String, seed: UInt64) throws {
    let words = vocabulary(count: configuration.text.vocabularySize).joined(separator: "\n") + "\n"
    try BenchmarkError.writing(folder) { () throws(FileError) in
      try AtomicWriter.write(Array(configuration.json.utf8), to: folder + "/config.json", .replacing)
      try AtomicWriter.write(Array(words.utf8), to: folder + "/vocab.txt", .replacing)
    }
    var random = SeededGenerator(seed: seed)
    let file = try SafetensorsWriter(path: folder + "/weights.safetensors", tensors: configuration.tensors)
    for tensor in configuration.tensors { try file.append(values(of: tensor, &random)) }
    try file.finish()
  }

  /// Uniform with a deviation of 0.02, as BERT's begin; biases 0, norms' weights 1.
  private static func values(
    of tensor: ModelConfiguration.TensorShape, _ random: inout SeededGenerator
  ) -> [Float] {
    guard tensor.shape.count > 1 else {
      return [Float](repeating: isNorm(tensor.name) ? 1 : 0, count: tensor.count)
    }
    let step: Float = 0.02 * 2 * 1.7320508 / 16_777_216
    return [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
      for index in 0..<tensor.count {
        buffer[index] = (Float(random.next() >> 40) - 8_388_608) * step
      }
      count = tensor.count
    }
  }

  private static func isNorm(_ name: String) -> Bool {
    let parts = name.split(separator: ".")
    return parts.last == "weight" && parts.dropLast().last?.contains("norm") == true
  }

  /// `count` pieces: the five that every vocabulary has, then words, each a piece of its own.
  package static func vocabulary(count: Int) -> [String] {
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    let syllables = "bdfghjklmnprstvwz".flatMap { first in "aeiou".map { "\(first)\($0)" } }
    var words = special
    for length in 2...4 where words.count < count {
      let all = Int(pow(Double(syllables.count), Double(length)))
      for number in 0..<min(all, count - words.count) {
        var rest = number, word = ""
        for _ in 0..<length {
          word += syllables[rest % syllables.count]
          rest /= syllables.count
        }
        words.append(word)
      }
    }
    return Array(words.prefix(count))
  }
}
