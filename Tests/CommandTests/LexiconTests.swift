import Foundation
import Models
import Testing

/// `clfa score` and `clfa model quantize` with a model that has a lexicon.
@Suite struct LexiconTests {
  private static let posts = Workdir.samples + "/posts.csv"

  /// The sample model with a lexicon of its texts' words.
  private static func model(_ workdir: borrowing Workdir, lexicon: String, aggregation: String = "cross-attention")
    throws
  {
    let folder = workdir.path + "/model"
    try FileManager.default.copyItem(atPath: Workdir.samples + "/model", toPath: folder)
    let text = try String(contentsOfFile: folder + "/config.json", encoding: .utf8)
    let named = text.replacing("\"dim\":", with: "\"lexicon\": \"lexicon.tsv\", \"dim\":")
    try workdir.write("model/config.json", named.replacing("cross-attention", with: aggregation))
    try workdir.write("model/lexicon.tsv", lexicon)
  }

  @Test func scoresDependOnTheLexicon() async throws {
    let workdir = try Workdir()
    try Self.model(
      workdir, lexicon: "keeps\t0.3\ngetting\t0.2\nworse\t-0.9\nfoul mood\t-1\nfantastic\t0.9\nplease\t0.5\nthe\t0.1\n")
    for (model, store) in [("model", "with"), (Workdir.samples + "/model", "without")] {
      let outcome = try await workdir.run(
        "score", Self.posts, "--model", model, "--store", store + ".sqlite", "--precision", "f32", "--limit", "60")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let rows = "SELECT key, probabilities FROM prediction JOIN post ON post.id = post_id ORDER BY key"
    let with = try workdir.rows("with.sqlite", rows), without = try workdir.rows("without.sqlite", rows)
    #expect(with.count == 60 && with.count == without.count && with != without)
    let fingerprints = try ["with", "without"].flatMap {
      try workdir.rows($0 + ".sqlite", "SELECT model_fingerprint FROM scorer")
    }
    #expect(Set(fingerprints).count == 2)
  }

  @Test(.enabled(if: Precision.int8.isSupported)) func quantizingCopiesTheLexicon() async throws {
    let workdir = try Workdir()
    try Self.model(workdir, lexicon: "love\t0.9\nawful\t-0.9\n")
    let made = try await workdir.run("model", "quantize", "model", "--corpus", Self.posts, "-o", "int8")
    #expect(made.status == 0, "\(made.errors)")
    let copy = try String(contentsOfFile: workdir.path + "/int8/lexicon.tsv", encoding: .utf8)
    #expect(copy == "love\t0.9\nawful\t-0.9\n")
    for (model, store) in [("model", "load"), ("int8", "stored")] {
      let outcome = try await workdir.run(
        "score", Self.posts, "--model", model, "--store", store + ".sqlite", "--precision", "int8", "--limit", "60")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let rows = "SELECT key, probabilities FROM prediction JOIN post ON post.id = post_id ORDER BY key"
    #expect(try workdir.rows("load.sqlite", rows) == workdir.rows("stored.sqlite", rows))
  }

  static let bad: [(lexicon: String, aggregation: String, words: String)] = [
    (
      "love\t0.9\nawful\tbad\n", "cross-attention",
      "lexicon.tsv: line 2: the polarity is \"bad\", but it must be a decimal number"
    ),
    ("", "cross-attention", "lexicon.tsv: the lexicon has no entries"),
    (
      "love\t1\n", "concat",
      "lexicon is for aggregation \"cross-attention\", and \"concat\" has no"
    ),
  ]

  @Test(arguments: bad.indices) func invalidEntriesAreNamed(index: Int) async throws {
    let workdir = try Workdir()
    try Self.model(workdir, lexicon: Self.bad[index].lexicon, aggregation: Self.bad[index].aggregation)
    let outcome = try await workdir.run("score", Self.posts, "--model", "model", "--store", "s.sqlite")
    #expect(outcome.status == 1 && outcome.errors.contains(Self.bad[index].words), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/s.sqlite"))
  }

  @Test func aMissingLexiconIsNamed() async throws {
    let workdir = try Workdir()
    try Self.model(workdir, lexicon: "love\t1\n")
    try FileManager.default.removeItem(atPath: workdir.path + "/model/lexicon.tsv")
    let outcome = try await workdir.run("score", Self.posts, "--model", "model", "--store", "s.sqlite")
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("model/lexicon.tsv does not exist, but config.json names it"), "\(outcome.errors)")
  }
}
