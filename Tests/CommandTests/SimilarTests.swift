import Foundation
import GRDB
import Testing

/// `clfa similar` on the samples.
@Suite struct SimilarTests {
  private static let model = Workdir.samples + "/model"

  private func scored(_ workdir: borrowing Workdir) async throws {
    let outcome = try await workdir.run(Workdir.scoreSamples("posts.sqlite", "--limit", "80"))
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  private func columns(_ output: String, _ names: Set<Int>) -> [String] {
    output.split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      return cells.indices.filter(names.contains).map { String(cells[$0]) }.joined(separator: "|")
    }
  }

  @Test func aPostsOwnTextAndPictureFindIt() async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    // A post whose text no other has, as equal texts are equally near.
    let key = try #require(
      try workdir.rows("posts.sqlite", "SELECT min(key) FROM post GROUP BY text HAVING count(*) = 1").first)
    let text = try #require(try workdir.rows("posts.sqlite", "SELECT text FROM post WHERE key = '\(key)'").first)
    let image = try #require(try workdir.rows("posts.sqlite", "SELECT image FROM post WHERE key = '\(key)'").first)
    let picture = Workdir.samples + "/" + image
    for probe in [["--text", text], ["--image", picture], ["--text", text, "--image", picture]] {
      let found = try await workdir.run(
        ["similar", "posts.sqlite", "--model", Self.model, "--limit", "1", "--format", "jsonl"] + probe)
      #expect(found.status == 0, "\(found.errors)")
      // The same preparation, precision and weights: the same vector, to the bit.
      #expect(found.output.hasPrefix(#"{"rank":1,"cosine":1.0,"key":"\#(key)","#), "\(probe): \(found.output)")
    }
  }

  @Test func textsAndPicturesAreComparedAcross() async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    let across = try await workdir.run(
      "similar", "posts.sqlite", "--text", "the train", "--space", "image", "--model", Self.model, "--limit", "3")
    #expect(across.status == 0 && columns(across.output, [2]).count == 3, "\(across.errors)")
    #expect(across.errors.contains("the text vector with the image vectors of 80 posts"), "\(across.errors)")
    // A post's own cosine of text and picture is what scoring stored.
    let key = "test-00007"
    let text = try #require(try workdir.rows("posts.sqlite", "SELECT text FROM post WHERE key = '\(key)'").first)
    let own = try await workdir.run(
      "similar", "posts.sqlite", "--text", text, "--space", "image", "--model", Self.model, "--where", "key = '\(key)'")
    let cosine = try #require(columns(own.output, [1]).first.flatMap { Double($0) })
    let stored = try workdir.rows("posts.sqlite", "SELECT text_image_similarity FROM scored WHERE key = '\(key)'")
    #expect(abs(cosine - (Double(stored[0]) ?? 9)) < 1e-5)
  }

  @Test func theExampleOfTheHelpRuns() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text,kind\n1280,a late train,a\n2,a slow train,b\n3,a fine day,b\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    let photo = try workdir.write("photo.jpg", Data(contentsOf: URL(filePath: Workdir.jpeg)))
    #expect(FileManager.default.fileExists(atPath: photo))
    try FileManager.default.createSymbolicLink(atPath: workdir.path + "/MODEL", withDestinationPath: Self.model)
    let help = try await workdir.run("similar", "--help").output
    let lines = (help.components(separatedBy: "EXAMPLE\n").last ?? "").split(separator: "\n")
      .prefix { $0.hasPrefix("  clfa ") }
    #expect(lines.count == 5)
    for line in lines {
      let outcome = try await workdir.shell(line.replacingOccurrences(of: "  clfa ", with: "'\(Workdir.program)' "))
      // This corpus has no picture, so the two examples with pictures fail with a message.
      let isRefused = line.contains("--image") || line.contains("--space image")
      #expect(outcome.status == (isRefused ? 1 : 0), "\(line): \(outcome.errors)")
      if isRefused { #expect(outcome.errors.contains("--space text or --space fused"), "\(outcome.errors)") }
    }
    let own = try await workdir.run(
      "similar", "posts.sqlite", "--post", "1280", "--where", "extra ->> 'kind' = 'b'", "--format", "csv")
    #expect(Set(columns(own.output, [2])) == ["2", "3"])
  }

  @Test func invalidComparisonsAreRejected() async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    try workdir.execute("posts.sqlite", "UPDATE scorer SET model_fingerprint = 'c0ffee0123456789abcdef'")
    let other = try await workdir.run("similar", "posts.sqlite", "--text", "x", "--model", Self.model)
    #expect(other.status == 1 && other.output.isEmpty)
    #expect(other.errors.contains("c0ffee0123456789") && other.errors.contains("fingerprint"), "\(other.errors)")
    for arguments in [
      [], ["--post", "a", "--text", "b", "--model", "m"], ["--text", "x"], ["--post", "a", "--model", "m"],
      ["--post", "a", "--space", "Words"], ["--post", "a", "--limit", "0"],
      ["--post", "test-00001", "--where", "1; 2"],
      ["--post", "test-00001", "--where", "1) UNION SELECT (1"], ["--post", "test-00001", "--where", "nothing = 1"],
    ] {
      let refused = try await workdir.run(["similar", "posts.sqlite"] + arguments)
      #expect(refused.status == 64 && refused.output.isEmpty, "\(arguments): \(refused.errors)")
    }
    // A name that could be a feature stream is looked up.
    let strange = try await workdir.run("similar", "posts.sqlite", "--post", "test-00001", "--space", "words")
    #expect(strange.status == 64 && strange.errors.contains("--space text"), "\(strange.errors)")
    let nobody = try await workdir.run("similar", "posts.sqlite", "--post", "nobody")
    #expect(nobody.status == 64 && nobody.errors.contains("no post \"nobody\""), "\(nobody.errors)")
  }

  @Test func anInvalidPictureIsAnError() async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    try workdir.write("words.jpg", "no picture")
    let outcome = try await workdir.run("similar", "posts.sqlite", "--image", "words.jpg", "--model", Self.model)
    #expect(outcome.status == 1 && outcome.errors.contains("words.jpg"), "\(outcome.errors)")
  }
}
