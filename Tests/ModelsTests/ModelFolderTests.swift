import Bytes
import Foundation
import Glibc
import Models
import Testing

@Suite struct ModelFolderTests {
  private let golden = Golden(name: "max-3-no-knowledge")

  @Test func describesTheModel() throws {
    let folder = try golden.load()
    #expect(folder.name == golden.name && folder.path == golden.path)
    #expect(folder.labelNames == ["label_0", "label_1", "label_2"])
    #expect(folder.preprocessing.size == 32 && folder.tokenizer.maxText == 40 && folder.preparation.isEmpty)
    #expect(folder.vocabularyPath == "\(golden.path)/vocab.txt")
    #expect(folder.fingerprint.utf8.count == 64)
    let slashed = try ModelFolder.load(golden.path + "/")
    #expect(slashed.name == golden.name && slashed.vocabularyPath == folder.vocabularyPath)
  }

  @Test func theFingerprintDependsOnEverythingThatChangesAScore() throws {
    let folder = try TemporaryFolder()
    try folder.copy(golden)
    let configuration = try folder.text(of: "\(golden.path)/config.json")
    let original = try ModelFolder.load(folder.path).fingerprint
    #expect(try golden.load().fingerprint == original)

    func fingerprint(_ edit: (String) -> String) throws -> String {
      let edited = edit(configuration)
      #expect(edited != configuration)
      try folder.write("config.json", edited)
      return try ModelFolder.load(folder.path).fingerprint
    }
    // Spelling, thresholds and defaults in words or not do not matter.
    #expect(try fingerprint { $0.replacing("\n", with: " ") } == original)
    #expect(
      try fingerprint {
        $0.replacing("\"labels\"", with: "\"calibration\": {\"temperature\": 2}, \"labels\"")
      }
        == original)
    #expect(try fingerprint { $0.replacing("\"type_vocab\": 2,", with: "") } == original)
    // These do.
    var seen: Set = [original]
    for (old, new) in [
      ("\"label_0\"", "\"label_9\""), ("\"pooling\": \"max\"", "\"pooling\": \"mean\""),
      ("\"eps\": 1e-06", "\"eps\": 1e-05"), ("\"lowercase\": true", "\"lowercase\": false"),
      ("\"preparation\": []", "\"preparation\": [\"collapse-space\"]"), ("0.485", "0.5"),
    ] {
      #expect(seen.insert(try fingerprint { $0.replacing(old, with: new) }).inserted, "\(new)")
    }
    try folder.write("config.json", configuration)
    var weights = try folder.bytes(of: "\(golden.path)/weights.safetensors")
    weights[weights.count - 1] ^= 1
    try folder.write("weights.safetensors", weights)
    #expect(seen.insert(try ModelFolder.load(folder.path).fingerprint).inserted)
    weights[weights.count - 1] ^= 1
    try folder.write("weights.safetensors", weights)
    #expect(try ModelFolder.load(folder.path).fingerprint == original)
    try folder.write("vocab.txt", "[PAD]\n")
    #expect(seen.insert(try ModelFolder.load(folder.path).fingerprint).inserted)
  }

  /// `Data/make_fingerprints.py` computes them from the definition, independently of this program; later versions must
  /// not change them.
  @Test(arguments: Golden.all) func theFingerprintEqualsItsDefinition(golden: Golden) throws {
    let data = URL(filePath: golden.path).deletingLastPathComponent()
    let expected = try JSONDecoder().decode(
      [String: String].self, from: Data(contentsOf: data.appending(path: "fingerprints.json")))
    #expect(try golden.load().fingerprint == (try #require(expected[golden.name])))
  }

  @Test(arguments: ["config.json", "weights.safetensors", "vocab.txt"])
  func everyFileMustBeAFile(name: String) throws {
    let folder = try TemporaryFolder(), path = "\(folder.path)/\(name)"
    try folder.copy(golden, except: name)
    #expect(throws: ModelError.missingFile(path: path)) { try ModelFolder.load(folder.path) }
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: ModelError.notAFile(path: path)) { try ModelFolder.load(folder.path) }
    unlink(path)
    #expect(symlink("/", path) == 0)
    #expect(throws: ModelError.notAFile(path: path)) { try ModelFolder.load(folder.path) }
  }

  @Test func aMissingFolderIsAnError() {
    let missing = ModelError.missingFile(path: "/nowhere/model/config.json")
    #expect(throws: missing) { try ModelFolder.load("/nowhere/model") }
    #expect("\(missing)".contains("/nowhere/model/config.json does not exist"))
    #expect(throws: ModelError.missingFile(path: "config.json")) { try ModelFolder.load("") }
  }

  @Test func aFileLargerThanItsKindIsRejected() throws {
    let folder = try TemporaryFolder()
    try folder.copy(golden)
    let path = try folder.write("config.json", [UInt8](repeating: 0x20, count: 1_048_577))
    #expect(throws: ModelError.fileTooLarge(path: path, bytes: 1_048_577, limit: 1_048_576)) {
      try ModelFolder.load(folder.path)
    }
  }

  @Test func theVocabularyMustFitTheModel() throws {
    let folder = try TemporaryFolder()
    try folder.copy(golden)
    let path = try folder.write("vocab.txt", String(repeating: "a\n", count: 200) + "b")
    #expect(throws: ModelError.vocabularyTooLong(path: path, pieces: 201, size: 200)) {
      try ModelFolder.load(folder.path)
    }
    try folder.write("vocab.txt", String(repeating: "a\n", count: 199) + "b")
    #expect(throws: Never.self) { try ModelFolder.load(folder.path) }
  }

  @Test func aWrongKeyIsNamedWithItsFile() throws {
    let folder = try TemporaryFolder()
    try folder.copy(golden)
    let path = try folder.write(
      "config.json", #"{"format":"clfa-model/1","label_names":["a","b"],"text":{"foo":1}}"#)
    let error = ModelError.configuration(path: path, .unknownKey("text.foo"))
    #expect(throws: error) { try ModelFolder.load(folder.path) }
    #expect("\(error)".contains("unknown key text.foo; remove it"))
  }
}
