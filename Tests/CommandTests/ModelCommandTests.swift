import Foundation
import Testing

/// `clfa model import`, `info`, `verify` and `export`.
@Suite struct ModelCommandTests {
  private static let data = Workdir.repository + "/Tests/ModelsTests/Data/checkpoints/authors"
  private static let heads = ["--text-heads", "2", "--image-heads", "3", "--fusion-heads", "2"]

  /// The golden's vocabulary has no other unknown pieces.
  private static func importing(_ output: String, labels: String = "sincere,ironic", _ more: String...) -> [String] {
    ["model", "import", data + "/pytorch_model.bin", "--vocabulary", data + "/vocab.txt"]
      + ["--label-names", labels, "-o", output] + heads + more
  }

  @Test(arguments: ["import", "info", "verify", "export"]) func helpTeachesWithAnExample(name: String) async throws {
    let help = try await Workdir().run("model", name, "--help")
    #expect(help.status == 0 && help.output.contains("EXAMPLE") && help.output.contains("clfa model \(name) "))
    #expect(help.output.utf8.allSatisfy { $0 < 0x80 }, "\(help.output)")
  }

  /// The settings of a tokenizer's files become part of the model.
  @Test func aFolderOfATokenizerIsAVocabulary() async throws {
    let workdir = try Workdir(), words = try String(contentsOfFile: Self.data + "/vocab.txt", encoding: .utf8)
    try FileManager.default.createDirectory(atPath: workdir.path + "/bert", withIntermediateDirectories: true)
    try workdir.write("bert/vocab.txt", words)
    try workdir.write(
      "bert/tokenizer_config.json",
      #"{"do_lower_case": false, "additional_special_tokens": [{"content": "word1 word2", "lstrip": true}]}"#)
    func importing(_ more: String...) -> [String] {
      ["model", "import", Self.data + "/pytorch_model.bin", "--vocabulary", "bert", "--label-names", "a,b", "-o", "M"]
        + Self.heads + more
    }
    let made = try await workdir.run(importing("--format", "json"))
    #expect(made.status == 1 && made.errors.contains("61 pieces"), "\(made.errors)")
    try workdir.write(
      "bert/tokenizer_config.json",
      #"{"do_lower_case": false, "never_split": ["word1"], "additional_special_tokens": "#
        + #"[{"content": "word1", "normalized": false}]}"#)
    let fits = try await workdir.run(importing("--format", "json"))
    #expect(fits.status == 0 && fits.output.contains("WordPiece, 60 pieces, cased, never split: word1, added tokens: "))
    let cased = try await workdir.run(importing("--cased"))
    #expect(cased.status == 64 && cased.errors.contains("leave out --cased"), "\(cased.errors)")
    try workdir.write("bert/tokenizer_config.json", #"{"do_magic": 1}"#)
    let unknown = try await workdir.run(importing())
    #expect(unknown.status == 1 && unknown.errors.contains("bert/tokenizer_config.json: do_magic"), "\(unknown.errors)")
  }

  @Test func aCheckpointBecomesAModelThatScores() async throws {
    let workdir = try Workdir()
    let made = try await workdir.run(Self.importing("M", "--format", "json"))
    #expect(made.status == 0 && made.output.contains("\"labels\":\"sincere, ironic\""), "\(made.errors)\(made.output)")
    let corpus = try workdir.write("posts.csv", "text\nword1 word2\nword3\n")
    let scored = try await workdir.run(
      "score", corpus, "--model", "M", "--store", "s.sqlite", "--precision", "f32", "--progress", "none",
      "--allow-missing", "knowledge")
    #expect(scored.status == 0, "\(scored.errors)")
    let labels = try workdir.rows("s.sqlite", "SELECT DISTINCT label IN ('sincere', 'ironic') FROM prediction")
    #expect(labels == ["1"])
    let card = try String(contentsOfFile: workdir.path + "/M/card.md", encoding: .utf8)
    #expect(card.hasPrefix("# M\n") && card.contains("Imported from pytorch_model by clfa"), "\(card)")

    let info = try await workdir.run("model", "info", "M", "--format", "json")
    for fact in [
      "\"name\":\"M\"", "\"aggregation\":\"cross-attention\"", "\"knowledge\":\"yes\"",
      "\"image_encoder\":\"2 layers of 12, 3 heads",
      "\"tokenizer\":\"WordPiece, 60 pieces, uncased, at most 12 tokens\"",
      "\"pictures\":\"squash to 32, bilinear, 32 x 32 of it\"",
      "\"card\":\"M Imported from",
    ] { #expect(info.output.contains(fact), "\(fact) in \(info.output)") }
    let fingerprint = try workdir.rows("s.sqlite", "SELECT model_fingerprint FROM scorer")[0]
    #expect(info.output.contains("\"fingerprint\":\"\(fingerprint)\""))

    let verified = try await workdir.run("model", "verify", "M", "--format", "csv")
    #expect(verified.status == 0, "\(verified.errors)")
    #expect(verified.output.hasPrefix("name,tensors,parameters,bytes,fingerprint\n"), "\(verified.output)")
    #expect(verified.output.contains(fingerprint))
  }

  @Test func someScoredPostsProveAnImport() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text,image\na,word1 word2 nonsense,\nb,word3,lost.jpg\n")
    let made = try await workdir.run(Self.importing("M", "--check-with", corpus))
    #expect(made.status == 0 && made.output.contains("sincere, ironic"), "\(made.errors)")
    let lines = made.errors.split(separator: "\n").map(String.init)
    let first = try #require(lines.firstIndex(of: "check: a, without picture"), "\(made.errors)")
    #expect(lines[first + 1] == "  pieces: [CLS] (2) word1 (5) word2 (6) [UNK] (1) [SEP] (3)")
    #expect(lines[first + 2] == "  unknown: 33.3 % of the pieces")
    #expect(lines[first + 3].hasPrefix("  probabilities: sincere 0.") && lines[first + 3].contains(", ironic 0."))
    #expect(
      lines.dropFirst(first + 4).contains { $0.hasPrefix("check: ") && $0.contains("lost.jpg") }, "\(made.errors)")
    let useless = try await workdir.run(Self.importing("N", "--images", "photos"))
    #expect(useless.status == 64 && useless.errors.contains("--check-with"), "\(useless.errors)")
  }

  @Test func whatIsPassedOverAndLeftOutIsSaid() async throws {
    let workdir = try Workdir(), folder = Workdir.repository + "/Tests/ModelsTests/Data/checkpoints/reference"
    let command =
      ["model", "import", folder + "/lightning.ckpt", "--vocabulary", folder + "/vocab.txt"]
      + ["--label-names", "a,b,c", "-o", "M"] + Self.heads
    let strange = try await workdir.run(command)
    #expect(strange.status == 1 && strange.errors.contains("add --ignore 'loss_fn.*'"), "\(strange.errors)")
    let made = try await workdir.run(command + ["--ignore", "loss_fn.*"])
    #expect(made.status == 0, "\(made.errors)")
    for words in ["begin with \"model._orig_mod.\"", "argparse.Namespace", "left out: loss_fn.weight"] {
      #expect(made.errors.contains(words), "\(made.errors)")
    }
  }

  @Test func linesShowRightToLeftLabelsInTheirOrder() async throws {
    let workdir = try Workdir()
    let made = try await workdir.run(Self.importing("A", labels: "ساخر,صادق", "--format", "lines"))
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("\u{2068}ساخر\u{2069}, \u{2068}صادق\u{2069}\n"), "\(made.output)")
    let json = try await workdir.run("model", "info", "A", "--format", "json")
    #expect(json.output.contains("\"labels\":\"ساخر, صادق\""), "\(json.output)")
  }

  @Test func anExportIsTheSameModel() async throws {
    let workdir = try Workdir()
    let exported = try await workdir.run("model", "export", Workdir.model, "-o", "E")
    #expect(exported.status == 0 && exported.output.isEmpty, "\(exported.errors)")
    let again = try await workdir.run("model", "export", Workdir.model, "-o", "E")
    #expect(again.status == 1 && again.errors.contains("E already exists"), "\(again.errors)")
    let verified = try await workdir.run("model", "verify", "E")
    #expect(verified.status == 0, "\(verified.errors)")
    // The reference knows these keys, and no others but those of the folder.
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: workdir.path + "/E/config.json")))
    let keys = Set(try #require(json as? [String: Any]).keys)
    #expect(
      keys == [
        "text", "image", "dim", "projection_hidden", "fusion_layers", "fusion_heads", "fusion_ffn", "fusion_eps",
        "knowledge", "aggregation", "pooling", "labels", "dropout", "alpha", "beta", "temperature", "format",
        "label_names", "tokenizer", "preparation", "preprocessing",
      ])
    let corpus = try workdir.write("posts.csv", "text\ni love the train\nthe wifi is broken\n")
    for (model, store) in [(Workdir.model, "a.sqlite"), ("E", "b.sqlite")] {
      let scored = try await workdir.run(
        "score", corpus, "--model", model, "--store", store, "--precision", "f32", "--progress", "none")
      #expect(scored.status == 0, "\(scored.errors)")
    }
    let scores = "SELECT key, label, round(confidence, 2) FROM prediction JOIN post ON post.id = post_id ORDER BY key"
    #expect(try workdir.rows("a.sqlite", scores) == workdir.rows("b.sqlite", scores))
  }

  @Test func errorsOfAModelAreNamed() async throws {
    let workdir = try Workdir()
    _ = try await workdir.run(Self.importing("M"))
    let path = URL(filePath: workdir.path + "/M/weights.safetensors")
    var weights = try Data(contentsOf: path)
    // The last number of the last tensor is the classifier's.
    weights.replaceSubrange(weights.count - 4..<weights.count, with: [0, 0, 0xC0, 0x7F])
    try weights.write(to: path)
    let strange = try await workdir.run("model", "verify", "M")
    #expect(strange.status == 1 && strange.output.isEmpty)
    #expect(strange.errors.contains("classifier.bias holds 1 numbers that are not finite"), "\(strange.errors)")
    try weights.dropLast().write(to: path)
    let short = try await workdir.run("model", "verify", "M")
    #expect(short.status == 1 && short.errors.contains("weights.safetensors: "), "\(short.errors)")
  }

  static let cases: [(flags: [String], status: Int32, words: String)] = [
    (["--label-names", "a,b,c"], 64, "has 2 labels, but 3 names were given"),
    (["--label-names", "a,a"], 64, "\"a\" occurs twice"),
    (["--text-heads", "5"], 64, "say how many there are with --text-heads"), (["-o", ""], 64, "-o takes"),
    (["--image-size", "0"], 64, "from 1 to 4096"), (["--vocabulary", "none.txt"], 1, "none.txt"),
    (["--image-encoder", "none.npz"], 64, "leave out --image-heads"), (["--pooling", "sum"], 64, "sum"),
  ]

  @Test(arguments: cases.indices) func errorsAreNamedAndLeaveNothing(index: Int) async throws {
    let workdir = try Workdir(), example = Self.cases[index]
    let outcome = try await workdir.run(Self.importing("M") + example.flags)
    #expect(outcome.status == example.status && outcome.errors.contains(example.words), "\(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: workdir.path).isEmpty)
  }

  /// A file that asks for code is named with what it asks for, and not obeyed.
  @Test func aFileThatAsksForCodeIsRejected() async throws {
    let workdir = try Workdir()
    let evil = Workdir.repository + "/Tests/ArchivesTests/Data/bad/pickle-os-system.pt"
    let outcome = try await workdir.run(
      "model", "import", evil, "--vocabulary", Self.data + "/vocab.txt", "--label-names", "a,b", "-o", "M")
    #expect(outcome.status == 1 && outcome.errors.contains("asks for posix.system"), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/clfa-pickle-ran"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: workdir.path).isEmpty)
  }
}
