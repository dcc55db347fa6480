import Foundation
import Testing

/// `clfa check` and `clfa score --plan` on corpora with files of features.
@Suite struct FeatureCheckTests {
  /// The check and the plan report the faults that scoring will find.
  @Test func aCheckAndAPlanNameBadFilesBeforehand() async throws {
    let workdir = try FeatureFixture.make()
    #expect(try await workdir.run(FeatureFixture.train("M", "--feature", "sound", "--epochs", "1")).status == 0)
    try workdir.write("bad/wide.npy", FeatureFixture.npy([[1, 2, 3]]))
    try workdir.write("bad/nan.npy", FeatureFixture.npy([[1, 2, 3, 4, 5, .nan]]))
    let cells = ["sound/test-1.npy", "bad/wide.npy", "bad/nan.npy", "../vocab.txt", "none.npy", ""]
    let rows = cells.enumerated().map { "\($0),w1 bright,,\($1),one" }
    try workdir.write("some.csv", (["id,text,image,sound,label"] + rows).joined(separator: "\n") + "\n")
    for flags in [["--feature", "sound"], ["--model", "M"], ["--feature", "sound", "--model", "M"]] {
      let outcome = try await workdir.run(["check", "some.csv", "--format", "json"] + flags)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let found = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let faults = try #require(found["faults"] as? [[String: Any]]).map {
        "\($0["stage"] ?? "") \($0["code"] ?? "") \($0["rows"] ?? "")"
      }
      #expect(
        Set(faults) == [
          "features wrong_shape 1", "features not_finite 1", "features outside_folder 1", "features missing 1",
        ])
      let stream = try #require((found["features"] as? [[String: Any]])?.first)
      #expect(stream["stream"] as? String == "sound" && stream["width"] as? Int == 6)
      #expect(stream["posts"] as? Int == 1 && stream["without"] as? Int == 1)
    }
    let report = try await workdir.run("check", "test.csv", "--images", Workdir.samples, "--feature", "noise=sound")
    #expect(report.output.contains("Features: noise, from the column sound"), "\(report.errors)")
    let refused = try await workdir.run("check", "test.csv", "--feature", "noise")
    #expect(refused.status == 64 && refused.errors.contains("no other column of test.csv"), "\(refused.errors)")

    let bare = ["--allow-missing", "picture,sound"]
    let plan = try await workdir.run(FeatureFixture.score("some.csv", "M", "r") + ["--plan"] + bare)
    #expect(plan.status == 0 && plan.output.contains("outside_folder") && plan.output.contains("missing"))

    // Features distinguish contents, for the check and for the plan.
    let same = ["1,w1,,sound/test-1.npy,one", "2,w1,,sound/test-2.npy,two", "3,w1,,,one"]
    try workdir.write("same.csv", (["id,text,image,sound,label"] + same).joined(separator: "\n") + "\n")
    let apart = try await workdir.run("check", "same.csv", "--feature", "sound", "--strict")
    #expect(apart.status == 0 && apart.output.contains("3 different"), "\(apart.output)")
    let against = try await workdir.run(
      "check", "same.csv", "--feature", "sound", "--against", "same.csv", "--format", "json")
    #expect(against.output.contains("\"contents\":{\"rows\":3,"), "\(against.output)")
    #expect(try await workdir.run(FeatureFixture.score("same.csv", "M", "same") + bare).status == 0)
    func known(_ name: String) async throws -> String {
      let plan = try await workdir.run(FeatureFixture.score(name, "M", "again") + ["--plan"] + bare).output
      return plan.split(separator: "\n").first { $0.contains("known") }.map(String.init) ?? plan
    }
    #expect(try await known("same.csv").contains("known: 3"))
    try workdir.write("mute.csv", "id,text,image,sound,label\n1,w1,,,one\n2,w1,,,two\n3,w1,,,one\n")
    #expect(try await known("mute.csv").contains("known: 1"))
  }
}
