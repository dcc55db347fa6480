import Bytes
import Models
import Evaluation

/// A hub folder with random weights, like those that training programs write.
struct HubFixture {
  /// The tensors' names in the hub's spelling, with their shapes.
  var tensors: [(name: String, shape: [Int])]
  /// Members of `config.json`, as JSON.
  var configuration: [(key: String, value: String)]
  /// Other files of the folder.
  var files: [(name: String, text: String)]

  /// A BERT of 2 layers of 8 with 5 pieces.
  static var bert: HubFixture {
    var tensors: [(name: String, shape: [Int])] = [
      ("embeddings.word_embeddings.weight", [5, 8]), ("embeddings.position_embeddings.weight", [16, 8]),
      ("embeddings.token_type_embeddings.weight", [2, 8]),
    ]
    tensors += norm("embeddings.LayerNorm")
    for layer in 0..<2 {
      let block = "encoder.layer.\(layer)."
      for part in ["self.query", "self.key", "self.value", "output.dense"] {
        tensors += linear("\(block)attention.\(part)", 8, 8)
      }
      tensors += norm("\(block)attention.output.LayerNorm") + linear("\(block)intermediate.dense", 8, 12)
      tensors += linear("\(block)output.dense", 12, 8) + norm("\(block)output.LayerNorm")
    }
    tensors += linear("pooler.dense", 8, 8)
    return HubFixture(
      tensors: tensors,
      configuration: [
        ("model_type", "\"bert\""), ("vocab_size", "5"), ("hidden_size", "8"), ("num_hidden_layers", "2"),
        ("num_attention_heads", "2"), ("intermediate_size", "12"), ("max_position_embeddings", "16"),
        ("hidden_act", "\"gelu\""), ("architectures", "[\"BertModel\"]"),
      ], files: [("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nword\n")])
  }

  /// A ViT of 1 layer of 8 for pictures of 4 pixels in patches of 2.
  static var vit: HubFixture {
    var tensors: [(name: String, shape: [Int])] = [
      ("embeddings.cls_token", [1, 1, 8]), ("embeddings.position_embeddings", [1, 5, 8]),
      ("embeddings.patch_embeddings.projection.weight", [8, 3, 2, 2]),
      ("embeddings.patch_embeddings.projection.bias", [8]),
    ]
    let block = "encoder.layer.0."
    for part in ["attention.query", "attention.key", "attention.value", "output.dense"] {
      tensors += linear("\(block)attention.\(part)", 8, 8)
    }
    tensors += linear("\(block)intermediate.dense", 8, 12) + linear("\(block)output.dense", 12, 8)
    tensors += norm("\(block)layernorm_before") + norm("\(block)layernorm_after") + norm("layernorm")
    return HubFixture(
      tensors: tensors,
      configuration: [
        ("model_type", "\"vit\""), ("image_size", "4"), ("patch_size", "2"), ("hidden_size", "8"),
        ("num_hidden_layers", "1"), ("num_attention_heads", "4"), ("intermediate_size", "12"),
      ], files: [])
  }

  private static func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> [(name: String, shape: [Int])] {
    [("\(name).weight", [outputs, inputs]), ("\(name).bias", [outputs])]
  }

  private static func norm(_ name: String) -> [(name: String, shape: [Int])] {
    [("\(name).weight", [8]), ("\(name).bias", [8])]
  }

  /// Changes a member of `config.json`, adds it, or with nil removes it.
  mutating func set(_ key: String, _ value: String?) {
    configuration.removeAll { $0.key == key }
    if let value { configuration.append((key, value)) }
  }

  /// Writes the folder's files; a tensor's numbers follow from its name as it is here, before `renamed`.
  func write(to folder: TemporaryFolder, renamed: (String) -> String = { $0 }) throws {
    let members = configuration.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
    try folder.write("config.json", "{\(members)}")
    for file in files { try folder.write(file.name, file.text) }
    var entries: [String] = [], data: [UInt8] = []
    for tensor in tensors {
      let numbers = Self.numbers(tensor.name, tensor.shape)
      entries.append(
        "\"\(renamed(tensor.name))\":{\"dtype\":\"F32\",\"shape\":\(tensor.shape),"
          + "\"data_offsets\":[\(data.count),\(data.count + 4 * numbers.count)]}")
      for number in numbers { data += withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } }
    }
    // A table that hubs store as whole numbers.
    entries.append(
      "\"embeddings.position_ids\":{\"dtype\":\"I64\",\"shape\":[1,2],\"data_offsets\":[\(data.count),\(data.count + 16)]}"
    )
    data += [UInt8](repeating: 7, count: 16)
    try folder.write("model.safetensors", safetensors("{\(entries.joined(separator: ","))}", data: data))
  }

  /// The numbers of the tensor of this name.
  static func numbers(_ name: String, _ shape: [Int]) -> [Float] {
    var random = SeededGenerator(seed: name.utf8.reduce(7) { ($0 &* 31) &+ UInt64($1) })
    return (0..<shape.reduce(1, *)).map { _ in Float.random(in: -0.5...0.5, using: &random) }
  }
}
