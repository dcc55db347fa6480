import Glibc
import Models
import Testing

/// Model folders with a lexicon.
@Suite struct LexiconFolderTests {
  private let golden = Golden(name: "mean-2")

  /// The golden model with a lexicon that its configuration names.
  private func folder(_ lexicon: String? = "good\t1\n", named: Bool = true) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.copy(golden)
    let text = try folder.text(of: "\(golden.path)/config.json")
    if named {
      try folder.write("config.json", text.replacing("\"dim\":", with: "\"lexicon\": \"lexicon.tsv\", \"dim\":"))
    }
    if let lexicon { try folder.write("lexicon.tsv", lexicon) }
    return folder
  }

  @Test func theFingerprintIncludesTheLexicon() throws {
    let plain = try golden.load()
    #expect(plain.lexiconPath == nil && !plain.configuration.hasLexicon)
    let one = try folder(), other = try folder("good\t0.5\n"), unnamed = try folder(named: false)
    let loaded = try ModelFolder.load(one.path)
    #expect(loaded.configuration.hasLexicon && loaded.lexiconPath == one.path + "/lexicon.tsv")
    let fingerprints = try [loaded.fingerprint, ModelFolder.load(other.path).fingerprint, plain.fingerprint]
    #expect(Set(fingerprints).count == 3)
    // A file that the configuration does not name is ignored.
    let ignored = try ModelFolder.load(unnamed.path)
    #expect(ignored.fingerprint == plain.fingerprint && ignored.lexiconPath == nil)
  }

  @Test func theLexiconMustBeAFile() throws {
    let missing = try folder(nil), path = missing.path + "/lexicon.tsv"
    let error = #expect(throws: ModelError.missingLexicon(path: path)) { try ModelFolder.load(missing.path) }
    #expect("\(try #require(error))".hasPrefix("\(path) does not exist, but config.json names it"))
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: ModelError.notAFile(path: path)) { try ModelFolder.load(missing.path) }
    unlink(path)
    try missing.write("lexicon.tsv", "x")
    #expect(truncate(path, 1 << 40) == 0)
    #expect(throws: ModelError.fileTooLarge(path: path, bytes: 1 << 40, limit: 1 << 24)) {
      try ModelFolder.load(missing.path)
    }
  }

  @Test(.enabled(if: Precision.int8.isSupported)) func quantizingCopiesTheLexicon() throws {
    let home = try folder(), source = try ModelFolder.load(home.path), made = home.path + "/int8"
    defer {
      for name in ["config.json", "weights.safetensors", "vocab.txt", "card.md", "lexicon.tsv"] {
        unlink("\(made)/\(name)")
      }
      rmdir(made)
    }
    try source.writeQuantised(
      to: made, like: PostClassifier(folder: source, precision: .int8), agreement: QuantisingTests.agreement,
      command: "c")
    #expect(try home.text(of: made + "/lexicon.tsv") == "good\t1\n")
    #expect(try ModelFolder.load(made).configuration.hasLexicon)
    try home.write("int8/lexicon.tsv", "good\t0.9\n")
    #expect(throws: ModelError.self) { try ModelFolder.load(made) }
    // An interruption leaves nothing of it.
    #expect(throws: ModelError.interrupted) {
      var asked = 0
      try source.writeQuantised(
        to: home.path + "/other", like: PostClassifier(folder: source, precision: .int8),
        agreement: QuantisingTests.agreement, command: "c",
        shouldStop: {
          asked += 1
          return asked > source.configuration.tensors.count
        })
    }
    #expect(!home.names.contains { $0.contains("other") })
  }
}
