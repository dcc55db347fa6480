import Foundation
import Inputs
import Models
import Tensors
import TestSupport
import Testing
import Training

/// LoRA adapters as teachers, of a BERT and of a CLIP.
@Suite struct AdapterTeacherTests {
  private static let data = Checkout.root + "/Tests/ModelsTests/Data"

  /// Writes an adapter like that of `plain` with the last number of its weights negated.
  private static func other(_ scratch: Scratch) throws -> String {
    for name in ["adapter_config.json", "adapter_model.safetensors"] {
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(data)/lora/plain/adapter/\(name)")))
      if name != "adapter_config.json" { bytes[bytes.count - 1] ^= 0x80 }
      try scratch.write("other/\(name)", bytes)
    }
    return scratch.file("other")
  }

  @Test func aBertTeachesWithItsChanges() throws {
    OneDNN.useOneThread()
    let scratch = try Scratch(), folder = "\(Self.data)/lora/plain", pieces: [[Int32]] = [[2, 7, 9, 3], [2, 11, 3]]
    let tower = try SentenceTower(folder: "\(folder)/adapter", base: "\(folder)/base")
    let merged = try SentenceTower(folder: "\(folder)/merged"), base = try SentenceTower(folder: "\(folder)/base")
    let other = try SentenceTower(folder: try Self.other(scratch), base: "\(folder)/base")
    func vectors(_ tower: SentenceTower) throws -> [[Float]] { try tower.vectors(ofTexts: pieces, using: Workspace()) }
    let found = try vectors(tower), expected = try vectors(merged)
    for (one, two) in zip(found, expected) {
      #expect(one.count == 8 && zip(one, two).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    #expect(try found != vectors(base) && found != vectors(other))
    // An interrupted run continues with its own vectors alone.
    #expect(Set([tower, merged, base, other].map(\.identity)).count == 4)
    #expect(throws: HubError.self) { try SentenceTower(folder: "\(folder)/adapter") }
    #expect(throws: HubError.adapter(path: "\(folder)/base", .notAnAdapter)) {
      try SentenceTower(folder: "\(folder)/base", base: "\(folder)/base")
    }
  }

  @Test func aClipTeachesWithItsChanges() throws {
    OneDNN.useOneThread()
    let scratch = try Scratch(), base = "\(Self.data)/clip/b32", pieces: [[Int32]] = [[789, 5, 9, 790]]
    try scratch.write(
      "adapter_config.json", #"{"peft_type":"LORA","r":1,"lora_alpha":2,"target_modules":["fc1"]}"#)
    let writer = try SafetensorsWriter(
      path: scratch.file("adapter_model.safetensors"),
      tensors: [("A", [1, 16]), ("B", [64, 1])].map { part, shape in
        .init(name: "base_model.model.text_model.encoder.layers.0.mlp.fc1.lora_\(part).weight", shape: shape)
      })
    try writer.append((0..<16).map { Float($0) / 8 })
    try writer.append((0..<64).map { Float($0 % 5) / 4 })
    try writer.finish()
    let limits = PictureLimits()
    let clip = try ClipTeacher(folder: scratch.path, base: base, decoding: .exact, limits: limits)
    let plain = try ClipTeacher(folder: base, decoding: .exact, limits: limits)
    let pixels = [[Float](repeating: 0.25, count: 3 * 28 * 28)]
    func vectors(_ teacher: ClipTeacher) throws -> (texts: [[Float]], pictures: [[Float]]) {
      (
        try teacher.vectors(ofTexts: pieces, using: Workspace()),
        try teacher.vectors(ofPictures: pixels, using: Workspace())
      )
    }
    let (found, before) = (try vectors(clip), try vectors(plain))
    #expect(found.texts != before.texts && found.pictures == before.pictures && clip.identity != plain.identity)
    #expect(clip.pieces(of: "a photo").ids == plain.pieces(of: "a photo").ids)
    #expect(throws: ClipError.self) { try ClipTeacher(folder: scratch.path, decoding: .exact, limits: limits) }
  }
}
