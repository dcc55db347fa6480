import Foundation
import Models
import Testing

/// `clfa explain` on the samples.
@Suite struct ExplainTests {
  private static let model = Workdir.samples + "/model"
  private static let reader = "/usr/bin/pdftotext"

  private func scored(_ workdir: borrowing Workdir, _ more: String...) async throws {
    let outcome = try await workdir.run(
      Workdir.scoreSamples("posts.sqlite", "--limit", "20") + more)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  private func bytes(_ workdir: borrowing Workdir, _ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: workdir.path + "/" + name))
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func theExamplesOfTheHelpRun() async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    try FileManager.default.createSymbolicLink(atPath: workdir.path + "/MODEL", withDestinationPath: Self.model)
    let help = try await workdir.run("explain", "--help").output
    let lines = (help.components(separatedBy: "EXAMPLE\n").last ?? "").split(separator: "\n")
      .prefix { $0.hasPrefix("  clfa ") }
    #expect(lines.count == 3)
    for line in lines {
      let command = line.replacingOccurrences(of: "  clfa ", with: "'\(Workdir.program)' ")
      let outcome = try await workdir.shell(command)
      #expect(outcome.status == 0, "\(line): \(outcome.errors)")
    }
    #expect(try bytes(workdir, "why.pdf").starts(with: Data("%PDF-".utf8)))
  }

  @Test(arguments: [("pdf", Data("%PDF-".utf8)), ("png", Data([0x89, 0x50, 0x4E, 0x47])), ("svg", Data("<?xml".utf8))])
  func eachKindOfFileIsDrawnTheSameTwice(kind: String, beginning: Data) async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    for name in ["a", "b"] {
      let outcome = try await workdir.run(
        "explain", "posts.sqlite", "test-00003", "--model", Self.model, "--images", Workdir.samples, "-o",
        "\(name).\(kind)")
      #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    }
    let first = try bytes(workdir, "a.\(kind)")
    #expect(first.starts(with: beginning) && first.count > 10_000)
    #expect(try first == bytes(workdir, "b.\(kind)"))
  }

  /// The prediction is the stored one, and every part has its effect.
  @Test func theNumbersEqualTheStoredOnes() async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    let found = try await workdir.run(
      "explain", "posts.sqlite", "test-00003", "--model", Self.model, "--images", Workdir.samples, "--format", "json")
    #expect(found.status == 0, "\(found.errors)")
    let explained = try object(found.output)
    let stored = try #require(explained["stored"] as? [String: Any])
    let computed = try #require(explained["computed"] as? [String: Any])
    #expect(computed["largest_difference"] as? Double == 0 && computed["precision"] as? String == "f32")
    #expect(stored["label"] as? String == computed["label"] as? String)
    let kept = try workdir.rows(
      "posts.sqlite", "SELECT prediction.label, text FROM prediction JOIN post ON id = post_id WHERE key = 'test-00003'"
    )
    let text = (explained["post"] as? [String: Any])?["text"] as? String ?? ""
    #expect(kept == ["\(stored["label"] as? String ?? "")|\(text)"])

    let pieces = try #require(computed["pieces"] as? [[String: Any]])
    let words = try #require(computed["words"] as? [[String: Any]])
    let layers = try #require(computed["attention"] as? [[[Double]]])
    let cosines = try #require(computed["cosines"] as? [[Double]])
    #expect(pieces.first?["piece"] as? String == "[CLS]" && pieces.last?["piece"] as? String == "[SEP]")
    // A token for the whole picture and one for each patch.
    let model = try object(String(contentsOfFile: Self.model + "/config.json", encoding: .utf8))
    let vision = try #require(model["image"] as? [String: Any])
    let side = try #require(vision["image_size"] as? Int) / (try #require(vision["patch_size"] as? Int))
    #expect(layers.count == model["fusion_layers"] as? Int)
    #expect(layers.allSatisfy { $0.count == pieces.count && $0.allSatisfy { $0.count == side * side + 1 } })
    #expect(layers.allSatisfy { $0.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-4 } })
    #expect(cosines.count == pieces.count && cosines.allSatisfy { $0.allSatisfy { abs($0) <= 1.00001 } })
    let parts = try #require(computed["left_out"] as? [[String: Any]]).compactMap { $0["part"] as? String }
    #expect(parts == ["text", "picture"] + words.map { _ in "word" })

    // Without its picture the result equals scoring the text alone.
    let corpus = try workdir.write("alone.csv", "id,text\nalone,\"\(text.replacing("\"", with: "\"\""))\"\n")
    let scored = try await workdir.run(Workdir.score(corpus, "alone.sqlite"))
    #expect(scored.status == 0, "\(scored.errors)")
    let without = try #require(
      (computed["left_out"] as? [[String: Any]])?.first { $0["part"] as? String == "picture" }?["probabilities"]
        as? [String: Double])
    let alone = try workdir.rows("alone.sqlite", "SELECT probabilities FROM prediction")
    let expected = try #require(try object(alone.first ?? "") as? [String: Double])
    #expect(Set(without.keys) == Set(expected.keys))
    for (label, value) in expected { #expect(abs((without[label] ?? 9) - value) < 1e-6, "\(label)") }
  }

  /// A precision other than the run's is used on request, with a notice.
  @Test(.enabled(if: Precision.int8.isSupported)) func aPrecisionCanBeAskedFor() async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    let command = [
      "explain", "posts.sqlite", "test-00003", "--model", Self.model, "--images", Workdir.samples, "--format", "json",
    ]
    func computed(_ more: String...) async throws -> (numbers: [String: Any], errors: String) {
      let found = try await workdir.run(command + more)
      #expect(found.status == 0, "\(found.errors)")
      return (try #require(try object(found.output)["computed"] as? [String: Any]), found.errors)
    }
    let own = try await computed(), same = try await computed("--precision", "f32")
    #expect(own.numbers as NSDictionary == same.numbers as NSDictionary && own.errors == same.errors)
    let bytes = try await computed("--precision", "int8")
    #expect(bytes.numbers["precision"] as? String == "int8")
    #expect(bytes.errors.contains("computed in int8; the stored values were computed in f32\n"), "\(bytes.errors)")
    let layers = try #require(bytes.numbers["attention"] as? [[[Double]]])
    #expect(!layers.isEmpty && layers.allSatisfy { $0.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-4 } })
    #expect(bytes.numbers["attention"] as? NSArray != own.numbers["attention"] as? NSArray)
    let unknown = try await workdir.run(command + ["--precision", "f64"])
    #expect(unknown.status == 64 && unknown.errors.contains("bf16"), "\(unknown.errors)")
  }

  @Test func eachPartHasARow() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text\n1,a late train\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    let found = try await workdir.run("explain", "posts.sqlite", "1", "--model", Self.model)
    #expect(found.status == 0 && found.errors.isEmpty, "\(found.errors)")
    let rows = found.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).prefix(2).joined(separator: "|")
    }
    #expect(rows == ["left_out|word", "|", "text|", "word|a", "word|late", "word|train"])
  }

  @Test func aPageSaysWhatItShows() async throws {
    guard FileManager.default.isExecutableFile(atPath: Self.reader) else { return }
    let workdir = try Workdir()
    try await scored(workdir)
    _ = try await workdir.run(
      "explain", "posts.sqlite", "test-00004", "--model", Self.model, "--images", Workdir.samples, "-o", "why.pdf")
    let stored = try workdir.rows(
      "posts.sqlite", "SELECT prediction.label, text FROM prediction JOIN post ON id = post_id WHERE key = 'test-00004'"
    )
    let cells = try #require(stored.first?.components(separatedBy: "|"))
    let text = try await workdir.run(["-layout", "why.pdf", "-"], program: Self.reader).output
    for words in [
      "test-00004: \(cells[0])", String(cells[1].prefix(20)), "Attention of the text to the picture",
      "without its picture", "Piece by piece, patch by patch", "equal to the stored answer",
      "show causes of the answer",
    ] { #expect(text.contains(words), "\(words) in \(text)") }
  }

  /// Without the scored picture nothing is computed, since it would be another post.
  @Test func aPictureThatChangedIsNotExplained() async throws {
    let workdir = try Workdir()
    let picture = try Data(contentsOf: URL(filePath: Workdir.jpeg))
    try workdir.write("photos/a.jpg", picture)
    let corpus = try workdir.write("posts.csv", "id,text,image\n1,a late train,a.jpg\n")
    let arguments = Workdir.score(corpus, "posts.sqlite", "--images", "photos")
    #expect(try await workdir.run(arguments).status == 0)
    let command = ["explain", "posts.sqlite", "1", "--model", Self.model]
    #expect(try await workdir.run(command).output.contains("picture,"))

    try workdir.write("photos/a.jpg", picture + Data([0]))
    let changed = try await workdir.run(command)
    #expect(changed.status == 0 && changed.errors.contains("is not the picture that was scored"), "\(changed.errors)")
    #expect(changed.output.split(separator: "\n").count == 2, "\(changed.output)")
    let json = try object(try await workdir.run(command + ["--format", "json"]).output)
    #expect(json["computed"] is NSNull && (json["picture"] as? [String: Any])?["state"] as? String == "lacking")
    #expect(try await workdir.run(command + ["-o", "grey.pdf"]).status == 0)

    // The thumbnail in the store shows the picture.
    try workdir.write("photos/a.jpg", picture)
    #expect(try await workdir.run(arguments + ["--thumbnails", "64"]).status == 0)
    try FileManager.default.removeItem(atPath: workdir.path + "/photos/a.jpg")
    let small = try object(try await workdir.run(command + ["--format", "json"]).output)
    #expect(small["computed"] is NSNull && (small["picture"] as? [String: Any])?["state"] as? String == "thumbnail")
    #expect(try await workdir.run(command + ["-o", "small.png"]).status == 0)
    #expect(try bytes(workdir, "small.png").count > bytes(workdir, "grey.pdf").count / 100)
  }

  @Test func errorsNameWhatCannotBeExplained() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text,image\npost-1,a late train,\npost-2,a fine day,nowhere.jpg\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    let unknown = try await workdir.run("explain", "posts.sqlite", "pots-1", "--model", Self.model)
    #expect(unknown.status == 64 && unknown.errors.contains("did you mean \"post-1\""), "\(unknown.errors)")
    let faulted = try await workdir.run("explain", "posts.sqlite", "post-2", "--model", Self.model)
    #expect(faulted.status == 1 && faulted.errors.contains("image: missing"), "\(faulted.errors)")
    let folder = try await workdir.run("explain", "posts.sqlite", "post-1", "--model", "nowhere")
    #expect(folder.status == 1 && folder.output.isEmpty, "\(folder.errors)")

    try workdir.write("notes.pdf", "not a drawing")
    for more in [["-o", "notes.pdf"], ["-o", "why.txt"], ["-o", "why.pdf", "--format", "csv"], ["--run"]] {
      let refused = try await workdir.run(["explain", "posts.sqlite", "post-1", "--model", Self.model] + more)
      #expect(refused.status == 64 && refused.output.isEmpty, "\(more): \(refused.errors)")
    }
    #expect(try bytes(workdir, "notes.pdf") == Data("not a drawing".utf8))

    try workdir.execute("posts.sqlite", "UPDATE scorer SET model_fingerprint = 'c0ffee0123456789abcdef'")
    let other = try await workdir.run("explain", "posts.sqlite", "post-1", "--model", Self.model)
    #expect(other.status == 1 && other.errors.contains("c0ffee012345"), "\(other.errors)")
  }
}
