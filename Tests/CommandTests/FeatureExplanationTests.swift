import Foundation
import Testing

/// `clfa explain` with models that read streams of features.
@Suite struct FeatureExplanationTests {
  /// A post is explained with its features, which are found by hash under any column name.
  @Test func anAnswerIsExplainedWithItsFeatures() async throws {
    let workdir = try FeatureFixture.make()
    for arguments in [
      FeatureFixture.train("M", "--feature", "sound", "--epochs", "2"), FeatureFixture.score("test.csv", "M", "run"),
    ] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let explain = ["explain", "s.sqlite", "test-1", "--model", "M", "--run", "run"]
    let here = explain + ["--features", "."]
    let found = try await workdir.run(here + ["--format", "json"])
    #expect(found.status == 0, "\(found.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])
    let computed = try #require(object["computed"] as? [String: Any])
    #expect(computed["largest_difference"] as? Double == 0)
    let stream = try #require((computed["streams"] as? [[String: Any]])?.first)
    let layers = try #require(stream["attention"] as? [[[Double]]])
    let pieces = try #require(computed["pieces"] as? [Any]).count
    #expect(stream["stream"] as? String == "sound" && layers.count == 1 && layers[0].count == pieces)
    #expect(layers[0].allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 })
    let cosines = try #require(stream["cosines"] as? [[Double]])
    #expect(cosines.map(\.count) == layers[0].map(\.count))
    #expect(cosines.allSatisfy { $0.allSatisfy { abs($0) <= 1.00001 } } && Set(cosines.flatMap(\.self)).count > pieces)

    // Without its sound the result equals scoring the same row with an empty cell.
    let row = try String(contentsOfFile: workdir.path + "/test.csv", encoding: .utf8).split(separator: "\n")[2]
    var cells = row.split(separator: ",").map(String.init)
    cells[3] = ""
    try workdir.write("mute.csv", "id,text,image,sound,label\n\(cells.joined(separator: ","))\n")
    #expect(try await workdir.run(FeatureFixture.score("mute.csv", "M", "mute")).status == 0)
    let mute = try await workdir.run(["explain", "s.sqlite", "test-1", "--model", "M", "--run", "mute"])
    let rows = try await workdir.run(here).output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let alone = try #require(mute.output.split(separator: "\n").first { $0.hasPrefix(",") }).split(
      separator: ",", omittingEmptySubsequences: false
    ).map(String.init)
    let without = try #require(rows.first { $0[0] == "features:sound" })
    #expect(without[6...] == alone[6...], "\(without) \(alone)")

    // The page has a section for the stream; without the file there is nothing to compute.
    let page = try await workdir.run(here + ["-o", "why.svg"])
    #expect(page.status == 0, "\(page.errors)")
    let lacking = try await workdir.run(explain)
    #expect(lacking.status == 0 && lacking.errors.contains("--features"), "\(lacking.errors)")
    #expect(lacking.errors.contains("(sound/test-1.npy: missing)"), "\(lacking.errors)")
    #expect(lacking.output.split(separator: "\n").count == 2)
  }

  /// Each post has one of two streams, in columns with other names; the second post has no picture.
  @Test func eachStreamIsExplainedSeparately() async throws {
    let workdir = try FeatureFixture.make()
    let picture = try #require(try Self.picture())
    try workdir.write(
      "few.csv",
      """
      id,text,image,clip,other,label
      a,w1 bright,images/\(picture),sound/test-0.npy,,one
      b,w2 dark,,,sound/test-1.npy,two

      """)
    for arguments in [
      FeatureFixture.train("M", "--feature", "sound", "--feature", "tags=sound", "--epochs", "1"),
      FeatureFixture.score("few.csv", "M", "few", "--feature", "sound=clip", "--feature", "tags=other"),
    ] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    for (key, stream) in [("a", "sound"), ("b", "tags")] {
      let explain = ["explain", "s.sqlite", key, "--model", "M", "--features", "."]
      let found = try await workdir.run(explain + ["--format", "json"])
      let object = try #require(try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])
      let computed = try #require(object["computed"] as? [String: Any], "\(found.errors)")
      #expect(computed["largest_difference"] as? Double == 0)
      #expect((computed["streams"] as? [[String: Any]])?.compactMap { $0["stream"] as? String } == [stream])
      #expect((computed["attention"] is NSNull) == (key == "b"))
      let left = try #require(computed["left_out"] as? [[String: Any]]).compactMap { $0["stream"] as? String }
      #expect(left == [stream])
      #expect(try await workdir.run(explain + ["-o", "\(key).pdf"]).status == 0)
    }
    // A file that was moved is found by its name and hash; a missing folder is an error.
    try workdir.write("moved/test-0.npy", Data(contentsOf: URL(filePath: workdir.path + "/sound/test-0.npy")))
    let moved = try await workdir.run("explain", "s.sqlite", "a", "--model", "M", "--features", "moved")
    #expect(moved.output.contains("features:sound"), "\(moved.errors)")
    let nowhere = try await workdir.run("explain", "s.sqlite", "a", "--model", "M", "--features", "nowhere")
    #expect(
      nowhere.status == 0 && nowhere.errors.contains("(--features names the folder of the files)"), "\(nowhere.errors)")
  }

  private static func picture() throws -> String? {
    try FileManager.default.contentsOfDirectory(atPath: Workdir.samples + "/images").min()
  }
}
