import Foundation
import Testing

/// Equal parts are encoded once, which changes nothing but the time.
@Suite struct ReuseTests {
  @Test func equalPartsAreEncodedOnce() async throws {
    let workdir = try Workdir()
    let lines = try LabelledSamples.lines()
    // Twelve posts, repeated many times under other keys, far apart.
    var rows = ["id,text,image"]
    for round in 0..<30 {
      for line in lines[1...12] {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        rows.append("\(round)-\(cells[0]),round \(round % 7),\(cells.first { $0.hasPrefix("images/") } ?? "")")
      }
    }
    let corpus = try workdir.write("reposts.csv", rows.joined(separator: "\n") + "\n")
    let arguments = ["--images", Workdir.samples, "--run", "r", "--progress", "json"]
    let score = { (store: String) in
      Workdir.score(corpus, store).filter { !["--progress", "none"].contains($0) } + arguments
    }
    let once = try await workdir.run(score("once.sqlite"))
    let anew = try await workdir.run(score("anew.sqlite") + ["--no-cache"])
    #expect(once.status == 0 && anew.status == 0, "\(once.errors)")
    #expect(try workdir.contents("once.sqlite") == workdir.contents("anew.sqlite"))

    let reused = try #require(try Self.summary(once)["reused"] as? [String: Int])
    #expect(try #require(reused["texts"]) >= 250, "\(reused)")
    #expect(try #require(reused["pictures"]) >= 250)
    #expect(try Self.summary(anew)["reused"] as? [String: Int] == ["texts": 0, "pictures": 0])
    let stages = try #require(try Self.summary(once)["stage_seconds"] as? [String: Double])
    #expect(Set(stages.keys) == ["reading", "text", "pictures", "model", "storing", "waiting"])
    #expect(try #require(stages["model"]) > 0)
  }

  /// The way of decoding pictures is part of a scorer.
  @Test func exactAndScaledAreTwoScorers() async throws {
    let workdir = try Workdir()
    let arguments = Workdir.scoreSamples("posts.sqlite", "--limit", "5")
    #expect(try await workdir.run(arguments).status == 0)
    #expect(try await workdir.run(arguments + ["--decode", "exact", "--run", "exact"]).status == 0)
    #expect(
      try workdir.rows("posts.sqlite", "SELECT options FROM scorer ORDER BY id")
        == [#"{"decode":"scaled"}"#, #"{"decode":"exact"}"#])
    let wrong = try await workdir.run(arguments + ["--decode", "half"])
    #expect(wrong.status == 64 && wrong.errors.contains("exact"), "\(wrong.errors)")
  }

  private static func summary(_ outcome: Workdir.Outcome) throws -> [String: Any] {
    let line = try #require(outcome.errors.split(separator: "\n").last { $0.contains("\"event\":\"summary\"") })
    return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }
}
