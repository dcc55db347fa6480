import Archives
import Bytes
import Glibc
import Models
import Testing

/// Models with matrices stored in bytes.
@Suite(.enabled(if: Precision.int8.isSupported)) struct QuantisingTests {
  static let agreement = Quantisation.Agreement(
    corpus: "posts \"1\"", posts: 600, changed: 3, accuracyF32: 0.75, accuracyInt8: 0.5, macroF1F32: 0.625,
    macroF1Int8: 1e-05, rightInF32Only: 2, rightInInt8Only: 1, p: 1)

  /// A quantised golden model in a folder that is removed with it.
  final class Made {
    let home: TemporaryFolder
    var path: String { home.path + "/int8" }

    init(_ golden: Golden) throws {
      home = try TemporaryFolder()
      try golden.load().writeQuantised(
        to: path, like: golden.classifier(.int8), agreement: agreement, command: "clfa model quantize M -o N")
    }

    deinit {
      for name in ["config.json", "weights.safetensors", "vocab.txt", "card.md"] { unlink("\(path)/\(name)") }
      rmdir(path)
    }

    /// Changes a file, and records the new fingerprint if `recording`.
    func edit(_ name: String, recording: Bool = true, _ change: (inout [UInt8]) throws -> Void) throws {
      var bytes = try home.bytes(of: "\(path)/\(name)")
      try change(&bytes)
      try home.write("int8/\(name)", bytes)
      guard recording else { return }
      do {
        _ = try ModelFolder.load(path)
      } catch ModelError.otherFingerprint(_, let recorded, let found) {
        try edit("config.json", recording: false) { bytes in
          bytes = Array(String(decoding: bytes, as: UTF8.self).replacing(recorded, with: found).utf8)
        }
      }
    }

    func classifier() throws -> PostClassifier { try PostClassifier(folder: ModelFolder.load(path), precision: .int8) }

    /// Where a tensor's bytes are in the file.
    func range(_ name: String) throws -> Range<Int> {
      try #require(try Safetensors(path: "\(path)/weights.safetensors", isQuantised: true)[name]).range
    }
  }

  @Test(arguments: Golden.all) func theBitsEqualQuantizingWhenLoading(golden: Golden) throws {
    let made = try Made(golden), posts = try golden.posts()
    let source = try golden.classifier(.int8), stored = try made.classifier()
    let expected = try source(posts, using: source.makeWorkspace())
    let found = try stored(posts, using: stored.makeWorkspace())
    #expect(found.map(\.logits) == expected.map(\.logits))
    for (one, other) in zip(found, expected) { #expect(one.vectors.map(\.values) == other.vectors.map(\.values)) }
    let f32 = try golden.classifier()
    #expect(try f32(posts, using: f32.makeWorkspace()).map(\.logits) != found.map(\.logits))
  }

  @Test func onlyMatricesBecomeBytes() throws {
    let golden = Golden(name: "mean-2"), made = try Made(golden), source = try golden.load()
    let before = try Safetensors(path: "\(golden.path)/weights.safetensors")
    let after = try Safetensors(path: "\(made.path)/weights.safetensors", isQuantised: true)
    var matrices = 0
    for tensor in before.tensors {
      let found = try #require(after[tensor.name.text])
      #expect(found.shape == tensor.shape)
      guard found.type == .i8 else {
        #expect(found.type == tensor.type && after.bytes(found) == before.bytes(tensor))
        continue
      }
      matrices += 1
      let scale = try #require(after["\(tensor.name).scale"])
      #expect(scale.type == .f32 && scale.shape == [tensor.shape[0]])
      #expect(!tensor.name.text.hasPrefix("classifier") && !tensor.name.text.hasPrefix("pooler"))
    }
    #expect(after.tensors.count == before.tensors.count + matrices)
    // All linear layers of the published kind except the head's two.
    #expect(
      matrices == source.configuration.tensors.filter { $0.name.hasSuffix("weight") && $0.shape.count > 1 }.count - 5)
    let folder = try ModelFolder.load(made.path)
    let record = try #require(folder.configuration.quantisation)
    #expect(record.source == source.fingerprint && record.fingerprint == folder.fingerprint)
    #expect(record.agreement == Self.agreement && folder.isQuantised && !source.isQuantised)
    let card = try made.home.text(of: "\(made.path)/card.md")
    #expect(card.contains("    clfa model quantize M -o N\n") && card.contains("3 labels (0.50 %)"))
    #expect(record.agreement.summary.hasPrefix("int8 changes 3 of 600 labels (0.50 %) and macro-F1 by -0.62"))
  }

  @Test func otherFilesOfTheSourceAreCopied() throws {
    let home = try TemporaryFolder(), golden = Golden(name: "mean-2")
    try home.copy(golden)
    let text = try home.text(of: "\(golden.path)/config.json")
    try home.write(
      "config.json", text.replacing("\"labels\"", with: "\"calibration\": {\"temperature\": 2}, \"labels\"") + " \n ")
    try home.write("card.md", "# A card")
    let source = try ModelFolder.load(home.path)
    try source.writeQuantised(
      to: home.path + "/int8/", like: PostClassifier(folder: source, precision: .int8), agreement: Self.agreement,
      command: "c")
    defer {
      for name in ["config.json", "weights.safetensors", "vocab.txt", "card.md"] { unlink("\(home.path)/int8/\(name)") }
      rmdir(home.path + "/int8")
    }
    #expect(try home.text(of: home.path + "/int8/config.json").contains("\"calibration\": {\"temperature\": 2}"))
    #expect(try home.text(of: home.path + "/int8/card.md").hasPrefix("# A card\n\n## int8\n"))
    // The record survives being written out again.
    let configuration = try ModelFolder.load(home.path + "/int8").configuration
    #expect(try ModelConfiguration(json: Array(configuration.json.utf8)) == configuration)
  }

  @Test func aQuantizedModelIsComputedOnlyInInt8() throws {
    let made = try Made(Golden(name: "mean-2")), folder = try ModelFolder.load(made.path)
    for precision in [Precision.f32, .bf16] {
      let error = #expect(throws: ModelError.isQuantised(path: made.path, asked: precision)) {
        try PostClassifier(folder: folder, precision: precision)
      }
      #expect("\(try #require(error))".contains("can't be computed in \(precision.rawValue)"))
    }
  }

  @Test func aReplacedFileIsDetected() throws {
    let golden = Golden(name: "mean-2"), made = try Made(golden)
    for name in ["weights.safetensors", "vocab.txt"] {
      let before = try made.home.bytes(of: "\(made.path)/\(name)")
      try made.edit(name, recording: false) { $0[$0.count - 2] ^= 1 }
      let error = #expect(throws: ModelError.self) { try ModelFolder.load(made.path) }
      guard case .otherFingerprint(made.path, let recorded, let found)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      let words = "\(try #require(error))"
      #expect(recorded != found && words.contains("were replaced"))
      try made.edit(name, recording: false) { $0 = before }
      #expect(throws: Never.self) { try ModelFolder.load(made.path) }
    }
  }

  @Test func obstaclesAreReportedBeforeAnythingIsWritten() throws {
    let golden = Golden(name: "mean-2"), made = try Made(golden), source = try golden.load()
    #expect(throws: ModelError.alreadyThere(path: made.path)) { try source.checkQuantising(to: made.path) }
    #expect(throws: ModelError.alreadyQuantised(path: made.path)) {
      try ModelFolder.load(made.path).checkQuantising(to: made.home.path + "/again")
    }
    #expect(throws: ModelError.self) { try source.checkQuantising(to: made.home.path + "/no/where") }
    // Leftovers of a killed process do not matter.
    let left = ".next.4711-1f.partial"
    mkdir(made.home.path + "/" + left, 0o777)
    try made.home.write(left + "/weights.safetensors", "half")
    #expect(throws: Never.self) { try source.checkQuantising(to: made.home.path + "/next") }
    #expect(!made.home.names.contains(left))
  }

  @Test func anEarlyEndLeavesNothing() throws {
    let golden = Golden(name: "mean-2"), source = try golden.load(), classifier = try golden.classifier(.int8)
    let home = try TemporaryFolder()
    for questions in [0, 3, 40] {
      var asked = 0
      #expect(throws: ModelError.interrupted) {
        try source.writeQuantised(
          to: home.path + "/int8", like: classifier, agreement: Self.agreement, command: "c",
          shouldStop: {
            asked += 1
            return asked > questions
          })
      }
      #expect(home.names == [])
    }
  }

  @Test func weightsThatAreNotFiniteAreNamed() throws {
    let home = try TemporaryFolder(), golden = Golden(name: "mean-2"), name = "fusion.0.fc1.weight"
    try home.copy(golden)
    let path = home.path + "/weights.safetensors"
    let range = try #require(try Safetensors(path: path)[name]).range
    var bytes = try home.bytes(of: path)
    bytes.replaceSubrange(range.lowerBound..<range.lowerBound + 4, with: [0, 0, 0xC0, 0x7F])
    try home.write("weights.safetensors", bytes)
    let source = try ModelFolder.load(home.path), classifier = try PostClassifier(folder: source, precision: .int8)
    #expect(throws: ModelError.notFinite(path: path, name: name)) {
      try source.writeQuantised(
        to: home.path + "/int8", like: classifier, agreement: Self.agreement, command: "c")
    }
    #expect(!home.names.contains { $0.contains("int8") })
  }
}
