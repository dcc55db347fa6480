import Archives
import Bytes
import Models
import Testing

/// Quantised folders that the program could not have written.
@Suite(.enabled(if: Precision.int8.isSupported)) struct QuantisedFolderTests {
  private typealias Made = QuantisingTests.Made

  static let spoiled: [(tensor: String, bytes: [UInt8])] = [
    ("fusion.0.fc1.weight", [0x80]), ("fusion.0.fc1.weight.scale", [0, 0, 0x80, 0xBF]),
    ("fusion.0.fc1.weight.scale", [0, 0, 0xC0, 0x7F]), ("fusion.0.fc1.weight.scale", [0, 0, 0x80, 0x7F]),
  ]

  @Test(arguments: spoiled.indices) func impossibleQuantizedFoldersAreRejected(index: Int) throws {
    let made = try Made(Golden(name: "mean-2")), (tensor, bytes) = Self.spoiled[index]
    let start = try made.range(tensor).lowerBound
    try made.edit("weights.safetensors") { $0.replaceSubrange(start..<start + bytes.count, with: bytes) }
    #expect(
      throws: ModelError.badQuantisation(path: made.path + "/weights.safetensors", name: "fusion.0.fc1.weight")
    ) { try made.classifier() }
  }

  @Test func missingAndMisshapenScalesAreErrors() throws {
    func error(_ change: (String) -> String) throws -> String {
      let made = try Made(Golden(name: "mean-2"))
      try made.edit("weights.safetensors") { bytes in
        let length = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
        let header = String(decoding: bytes[8..<8 + length], as: UTF8.self), changed = change(header)
        #expect(changed != header)
        bytes = safetensors(changed, data: Array(bytes[(8 + length)...]))
      }
      let error = #expect(throws: ModelError.self) { try made.classifier() }
      return "\(try #require(error))".replacing(made.path, with: "M")
    }
    let missing = try error { $0.replacing("fc1.weight.scale", with: "fc1.weight.skale") }
    #expect(missing.hasPrefix("M/weights.safetensors has no tensor "), "\(missing)")
    #expect(missing.contains("fc1.weight.scale of shape ["), "\(missing)")
    let misshapen = try error {
      $0.replacing(
        #""fusion.0.fc1.weight.scale":{"dtype":"F32","shape":[40]"#,
        with: #""fusion.0.fc1.weight.scale":{"dtype":"F32","shape":[5,8]"#)
    }
    #expect(misshapen.contains("fusion.0.fc1.weight.scale has shape [5, 8]"), "\(misshapen)")
  }

  @Test(arguments: ["classifier.weight", "text_encoder.word.weight", "fusion.0.fc1.bias", "pooler.weight"])
  func otherTensorsAreNoBytes(name: String) throws {
    let made = try Made(Golden(name: "mean-2")), path = made.path + "/weights.safetensors"
    let file = try Safetensors(path: path, isQuantised: true)
    let writer = try SafetensorsWriter(
      path: path,
      entries: file.tensors.map {
        SafetensorsWriter.Entry(
          name: $0.name.text, type: $0.name == ByteText(name) ? .i8 : $0.type, shape: $0.shape)
      })
    for tensor in file.tensors {
      let isChosen = tensor.name == ByteText(name)
      try writer.append(isChosen ? [Int8](repeating: 1, count: tensor.count) : file.bytes(tensor))
    }
    try writer.finish()
    try made.edit("weights.safetensors") { _ in }
    #expect(throws: ModelError.misplacedBytes(path: path, name: name)) { try made.classifier() }
  }

  @Test func int8TensorsNeedTheRecord() throws {
    let made = try Made(Golden(name: "mean-2"))
    try made.edit("config.json", recording: false) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      bytes = Array(text.replacing(/,\n "quantization": .*\n/, with: "\n").utf8)
    }
    let error = #expect(throws: ModelError.self) { try ModelFolder.load(made.path) }
    #expect("\(try #require(error))".contains("I8 if config.json has quantization"))
  }
}
