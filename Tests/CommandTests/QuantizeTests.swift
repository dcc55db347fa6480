import Foundation
import Models
import Testing

/// `clfa model quantize` and the folders that it writes.
@Suite(.enabled(if: Precision.int8.isSupported)) struct QuantizeTests {
  private static let model = Workdir.model
  private static let posts = Workdir.samples + "/posts.csv"

  private static func score(_ model: String, _ store: String, _ more: String...) -> [String] {
    ["score", posts, "--model", model, "--store", store] + more
  }

  @Test func recordsTheAgreementOfTheStores() async throws {
    let workdir = try Workdir()
    let made = try await workdir.run(
      "model", "quantize", Self.model, "--corpus", Self.posts, "-o", "int8", "--format", "csv")
    #expect(made.status == 0, "\(made.errors)")
    for (model, store, precision) in [
      (Self.model, "f32", "f32"), (Self.model, "load", "int8"), ("int8", "stored", "auto"),
    ] {
      let outcome = try await workdir.run(Self.score(model, store + ".sqlite", "--precision", precision))
      #expect(outcome.status == 0, "\(outcome.errors)")
      let without = outcome.errors.components(separatedBy: "notice: this model has no record of what int8 changes; ")
      #expect(without.count == (store == "load" ? 2 : 1), "\(outcome.errors)")
      let with = outcome.errors.components(separatedBy: "notice: int8 changes ")
      #expect(with.count == (store == "stored" ? 2 : 1), "\(outcome.errors)")
    }
    let scores = """
      SELECT key, probabilities, space, hex(vector) FROM prediction JOIN embedding USING (scorer_id, post_id)
      JOIN post ON post.id = post_id ORDER BY key, space
      """
    #expect(try workdir.rows("stored.sqlite", scores) == workdir.rows("load.sqlite", scores))
    #expect(try workdir.rows("stored.sqlite", "SELECT precision FROM scorer") == ["int8"])

    let labels =
      "SELECT p.label, l.label FROM prediction p JOIN label l USING (post_id) JOIN post ON post.id = p.post_id ORDER BY key"
    let f32 = try workdir.rows("f32.sqlite", labels), int8 = try workdir.rows("load.sqlite", labels)
    func isRight(_ row: String) -> Bool {
      let cells = row.components(separatedBy: "|")
      return cells[0] == cells[1]
    }
    let pairs = Array(zip(f32, int8)), changed = pairs.filter { $0 != $1 }.count
    #expect(made.output.contains("posts,\(pairs.count)\n") && made.output.contains("labels changed,\(changed)\n"))
    let b = pairs.filter { isRight($0) && !isRight($1) }.count, c = pairs.filter { !isRight($0) && isRight($1) }.count
    #expect(made.output.contains("\"McNemar's b, right in f32 only\",\(b)\n"), "\(made.output)")
    #expect(made.output.contains("\"McNemar's c, right in int8 only\",\(c)\n"), "\(made.output)")
    let accuracy = Double(f32.filter(isRight).count) / Double(pairs.count)
    #expect(made.output.contains("accuracy in f32,\(accuracy)\n"), "\(made.output)")
  }

  @Test func rejectsAnIncompleteModel() async throws {
    let workdir = try Workdir()
    let few = try workdir.write("few.csv", "text,label\ni love the train,sincere\nthe wifi is broken,ironic\na b,\n")
    let made = try await workdir.run("model", "quantize", Self.model, "--corpus", few, "-o", "int8")
    #expect(made.status == 0 && made.errors.contains("1 row has no label"), "\(made.errors)")
    let again = try await workdir.run("model", "quantize", Self.model, "--corpus", few, "-o", "int8")
    #expect(again.status == 1 && again.errors.contains("int8 already exists"), "\(again.errors)")
    let twice = try await workdir.run("model", "quantize", "int8", "--corpus", few, "-o", "more")
    #expect(twice.status == 1 && twice.errors.contains("is an int8 model already"), "\(twice.errors)")
    for precision in ["f32", "bf16"] where Precision(rawValue: precision)?.isSupported == true {
      let refused = try await workdir.run(Self.score("int8", "s.sqlite", "--precision", precision))
      #expect(refused.status == 1 && refused.errors.contains("can't be computed in \(precision)"), "\(refused.errors)")
    }
    var weights = try Data(contentsOf: URL(filePath: workdir.path + "/int8/weights.safetensors"))
    weights[weights.count - 1] ^= 1
    try workdir.write("int8/weights.safetensors", weights)
    let replaced = try await workdir.run(Self.score("int8", "s.sqlite"))
    #expect(replaced.status == 1 && replaced.errors.contains("its fingerprint is "), "\(replaced.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/s.sqlite"))
  }

  @Test func rejectsACorpusWithoutLabels() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("none.csv", "text,label\na text,\nanother,1\n")
    let outcome = try await workdir.run("model", "quantize", Self.model, "--corpus", corpus, "-o", "int8")
    #expect(outcome.status == 1 && outcome.errors.contains("--labels"), "\(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: workdir.path) == ["none.csv"])
  }

  @Test func aSignalLeavesNothing() async throws {
    let workdir = try Workdir()
    // A pipe that stays open, so that the corpus never ends.
    let pipe = workdir.path + "/posts.csv"
    mkfifo(pipe, 0o600)
    let descriptor = open(pipe, O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    try FileHandle(fileDescriptor: descriptor).write(contentsOf: Data("text,label\na text,ironic\n".utf8))
    for signal in [SIGINT, SIGTERM] {
      let outcome = try await workdir.run(
        ["model", "quantize", Self.model, "--corpus", pipe, "-o", "int8"], signalOnceCaught: signal)
      #expect(outcome.status == 130, "\(outcome.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: workdir.path) == ["posts.csv"])
    }
  }

  /// A model of 16,384 positions computed a whole batch of long posts before it heard a signal.
  @Test func aSignalEndsQuantisingInsideABatchOfLongPosts() async throws {
    let workdir = try Workdir()
    try Self.makeLong(Self.model, workdir.path + "/long", positions: 16_384)
    let text = String(repeating: "a b ", count: 10_000)
    _ = try workdir.write("long.csv", "id,text,label\n" + (0..<64).map { "\($0),\(text)\($0),ironic\n" }.joined())
    let files = FileManager.default, before = try files.contentsOfDirectory(atPath: workdir.path).sorted()
    // The batch takes many minutes; a process that does not respond is killed and ends with 137.
    let outcome = try await workdir.shell(
      "timeout --foreground --preserve-status -s INT -k 40 3 \(Workdir.program) model quantize long --corpus long.csv --threads 1 "
        + "--allow-missing picture -o int8")
    #expect(outcome.status == 130 && outcome.errors.contains("interrupted; nothing was changed"), "\(outcome)")
    #expect(try files.contentsOfDirectory(atPath: workdir.path).sorted() == before)
  }

  /// A copy of a model with `positions` positions; the additional ones repeat its own.
  private static func makeLong(_ model: String, _ path: String, positions: Int) throws {
    let files = FileManager.default
    try files.copyItem(atPath: model, toPath: path)
    func object(_ data: Data) throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    let configURL = URL(filePath: path + "/config.json"), weightsURL = URL(filePath: path + "/weights.safetensors")
    var config = try object(Data(contentsOf: configURL))
    var text = try #require(config["text"] as? [String: Any])
    var tokenizer = try #require(config["tokenizer"] as? [String: Any])
    (text["max_positions"], tokenizer["max_text"]) = (positions, positions)
    (config["text"], config["tokenizer"]) = (text, tokenizer)
    let weights = try Data(contentsOf: weightsURL)
    let length = (0..<8).reduce(0) { $0 | Int(weights[$1]) << (8 * $1) }
    var header = try object(weights[8..<8 + length]), numbers = Data()
    for name in header.keys.sorted() where name != "__metadata__" {
      var tensor = try #require(header[name] as? [String: Any])
      let range = try #require(tensor["data_offsets"] as? [Int]), shape = try #require(tensor["shape"] as? [Int])
      var bytes = weights[8 + length + range[0]..<8 + length + range[1]]
      let first = numbers.count
      if name == "text_encoder.position.weight" {
        let row = bytes.count / shape[0], all = Data(bytes)
        bytes = Data()
        while bytes.count < positions * row { bytes += all }
        bytes = bytes.prefix(positions * row)
        tensor["shape"] = [positions, shape[1]]
      }
      numbers += bytes
      tensor["data_offsets"] = [first, numbers.count]
      header[name] = tensor
    }
    var head = try JSONSerialization.data(withJSONObject: header)
    head += Data(repeating: UInt8(ascii: " "), count: (8 - head.count % 8) % 8)
    try JSONSerialization.data(withJSONObject: config).write(to: configURL)
    try (withUnsafeBytes(of: UInt64(head.count).littleEndian) { Data($0) } + head + numbers).write(to: weightsURL)
  }
}
