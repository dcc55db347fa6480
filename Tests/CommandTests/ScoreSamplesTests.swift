import Foundation
import Models
import Testing

/// The predictions for the samples, compared with those of the PyTorch reference.
@Suite struct ScoreSamplesTests {
  /// The precisions that this processor supports.
  static let precisions = Precision.allCases.filter(\.isSupported).map(\.rawValue)

  @Test func agreesWithTheReference() async throws {
    let workdir = try Workdir()
    let outcome = try await workdir.run(Workdir.scoreSamples("posts.sqlite"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let found = try workdir.rows(
      "posts.sqlite",
      """
      SELECT key, label, json_extract(probabilities, '$.sincere'), json_extract(probabilities, '$.ironic')
      FROM scored WHERE truth IS NOT NULL ORDER BY record
      """)
    let lines = try String(contentsOfFile: Workdir.samples + "/predictions.csv", encoding: .utf8).split(
      whereSeparator: \.isNewline)
    let expected = lines.dropFirst().map { $0.trimmingCharacters(in: .whitespaces).components(separatedBy: ",") }
    #expect(found.count == expected.count && expected.count > 500)
    var furthest = 0.0
    for (row, truth) in zip(found, expected) {
      let cells = row.components(separatedBy: "|")
      #expect(cells[0] == truth[0])
      #expect(cells[1] == truth[1], "\(truth[0])")
      for column in 2...3 {
        let (a, b) = (try #require(Double(cells[column])), try #require(Double(truth[column])))
        furthest = max(furthest, abs(a - b))
      }
    }
    #expect(furthest <= 1e-4, "the furthest probability is \(furthest) away")
    // The model's profile is read, and the posts are like its training posts but for the five without a picture.
    #expect(
      try workdir.rows(
        "posts.sqlite", "SELECT value ->> '$.subject', value ->> '$.trained' FROM run, json_each(mismatches)")
        == ["picture|1.0"])
  }

  @Test(arguments: precisions) func givesTheSameBitsWithAnyNumberOfThreadsAndInAnyOrder(precision: String) async throws
  {
    let workdir = try Workdir()
    let lines = try LabelledSamples.lines()
    let images = ["--images", Workdir.samples]
    let forward = try workdir.write("posts.csv", lines[...200].joined(separator: "\n") + "\n")
    let backward = try workdir.write(
      "back.csv", ([lines[0]] + lines[1...200].reversed()).joined(separator: "\n") + "\n")
    for (corpus, store, threads) in [
      (forward, "a.sqlite", "1"), (forward, "b.sqlite", "3"), (backward, "c.sqlite", "2"),
    ] {
      let outcome = try await workdir.run(
        Workdir.score(corpus, store, "--threads", threads, "--run", "posts", precision: precision) + images)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let numbers = """
      SELECT key, prediction.*, space, hex(vector) FROM post JOIN prediction ON prediction.post_id = post.id
      JOIN embedding ON embedding.post_id = post.id ORDER BY key, space
      """.replacing("prediction.*", with: "label, confidence, probabilities, text_image_similarity")
    let first = try workdir.rows("a.sqlite", numbers)
    // Three vectors of each post.
    #expect(first.count == 3 * 200)
    #expect(try workdir.rows("b.sqlite", numbers) == first)
    #expect(try workdir.rows("c.sqlite", numbers) == first)
  }
}
