import Foundation
import Testing

/// `clfa split`.
@Suite struct SplitTests {
  private func lines(_ workdir: borrowing Workdir, _ name: String) throws -> [String] {
    try String(contentsOfFile: workdir.path + "/" + name, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// The samples have pairs of posts with the same text.
  @Test func theSamplesAreDividedWithoutASharedPost() async throws {
    let workdir = try Workdir()
    _ = try LabelledSamples.write(workdir)
    let arguments = [
      "split", "posts.csv", "--validation", "10%", "--test", "20%", "--stratify", "label", "--images", Workdir.samples,
      "-o", "parts", "--format", "csv",
    ]
    let outcome = try await workdir.run(arguments)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("value,train,validation,test\nironic,"), "\(outcome.output)")
    let all = try #require(outcome.output.split(separator: "\n").last).split(separator: ",").dropFirst().compactMap {
      Int($0)
    }
    let posts = try lines(workdir, "posts.csv").count - 1
    #expect(all.reduce(0, +) == posts && abs(all[2] * 5 - posts) < 20 && abs(all[1] * 10 - posts) < 20, "\(all)")
    for (part, count) in zip(["train", "validation", "test"], all) {
      #expect(try lines(workdir, "parts/\(part).csv").count == count + 1)
    }
    for (one, other) in [("train", "test"), ("train", "validation"), ("validation", "test")] {
      let check = try await workdir.run(
        "check", "parts/\(one).csv", "--against", "parts/\(other).csv", "--images", Workdir.samples, "--format", "json")
      let json = try #require(try JSONSerialization.jsonObject(with: Data(check.output.utf8)) as? [String: Any])
      let against = try #require(json["against"] as? [String: Any], "\(check.output)")
      for kind in ["ids", "contents", "texts", "pictures"] {
        #expect((against[kind] as? [String: Any])?["rows"] as? Int == 0, "\(one), \(other): \(kind)")
      }
    }
    let again = try await workdir.run(arguments)
    #expect(again.status == 1 && again.errors.contains("already exists"), "\(again.errors)")
  }

  @Test func jsonLinesStayAsTheyAre() async throws {
    let workdir = try Workdir()
    let objects = (0..<40).map {
      #"{"id":"\#($0)","text":"a text of its own, number \#($0 * 7919)","meta":{"n":[\#($0)]}}"#
    }
    try workdir.write("posts.jsonl", objects.joined(separator: "\n") + "\n")
    let outcome = try await workdir.run("split", "posts.jsonl", "--test", "50%", "-o", "parts")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let (train, test) = (try lines(workdir, "parts/train.jsonl"), try lines(workdir, "parts/test.jsonl"))
    #expect((train + test).sorted() == objects.sorted() && train.count > 5 && test.count > 5)
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/parts/validation.jsonl"))
  }

  @Test(arguments: [
    [], ["--test", "0%"], ["--test", "60%", "--validation", "40%"], ["--test", "20%", "--group", "nobody"],
    ["--test", "20%", "--stratify", "nobody"], ["--test", "20%", "--stratify", "label"],
  ])
  func wrongFlagsAreErrors(arguments: [String]) async throws {
    let workdir = try Workdir()
    try workdir.write("posts.csv", "id,text,author\n1,a text,x\n")
    let outcome = try await workdir.run(["split", "posts.csv", "-o", "parts"] + arguments)
    #expect(outcome.status == 64 && outcome.output.isEmpty, "\(arguments): \(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/parts"))
  }
}
