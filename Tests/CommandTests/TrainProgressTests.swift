import Foundation
import Testing

/// The progress of a run, compared with the documentation.
@Suite struct TrainProgressTests {
  private static func objects(_ outcome: Workdir.Outcome) throws -> [[String: Any]] {
    try outcome.errors.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }

  @Test func theObjectsHaveTheDocumentedKeys() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    try await TrainFixture.teach(workdir, "teacher.sqlite", posts: 40)
    try workdir.write("faulty.csv", "id,text,label\na,text\nb,good,\n")
    let documented = DesignDocument.events("### Progress of training as JSON")
    var seen: [String: Set<String>] = [:]
    let arguments = TrainFixture.corpus + TrainFixture.fresh + ["--teacher", "teacher.sqlite", "--progress", "json"]
    let long = arguments + ["-o", "long", "--epochs", "100000"]
    let outcomes = [
      try await workdir.run(arguments + ["-o", "M", "--epochs", "2", "faulty.csv"]),
      try await workdir.run(arguments + ["-o", "M"]),
      try await workdir.run(long, signal: SIGINT, onceSaid: #""remaining_seconds""#),
    ]
    #expect(outcomes.map(\.status) == [0, 1, 130], "\(outcomes.map(\.errors))")
    for outcome in outcomes {
      // The last line of a failure is for people.
      let lines = Workdir.Outcome(
        status: 0, output: "",
        errors: outcome.errors.split(separator: "\n").filter { $0.hasPrefix("{") }.joined(separator: "\n"))
      for object in try Self.objects(lines) {
        seen[try #require(object["event"] as? String), default: []].formUnion(object.keys)
      }
    }
    #expect(Set(seen.keys) == Set(documented.keys).subtracting(["done"] + Self.ofRecipes))
    for (event, keys) in seen {
      let others = ["fault": ["path"], "step": ["try"]][event] ?? []
      #expect(keys.subtracting(["event"]) == documented[event]?.subtracting(others), "\(event)")
    }
  }

  /// The events of a run that measures its time, keeps encodings or tries settings.
  private static let ofRecipes = ["measuring", "plan", "encoding", "try"]

  @Test func theObjectsOfARecipeHaveDocumentedKeys() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let hub = Workdir.repository + "/Tests/ModelsTests/Data/clip/b32"
    let command = [
      "train", "train.csv", "--images", Workdir.samples, "--text-encoder", hub, "--image-encoder", hub, "--dim", "16",
      "--progress", "json",
    ]
    let documented = DesignDocument.events("### Progress of training as JSON")
    var seen: Set<String> = []
    for flags in [["--recipe", "frozen", "--batch", "4", "--epochs", "1", "-o", "M"], ["-o", "N"]] {
      let outcome = try await workdir.run(command + flags)
      #expect(outcome.status == 0, "\(outcome.errors)")
      for object in try Self.objects(outcome) {
        let event = try #require(object["event"] as? String)
        seen.insert(event)
        #expect(Set(object.keys).subtracting(["event"]).isSubset(of: documented[event] ?? []), "\(object)")
      }
    }
    // These few posts are encoded before the first progress is due.
    #expect(seen.isSuperset(of: ["measuring", "plan", "try"]), "\(seen)")
  }

  @Test func withoutAlignmentNoLossOfItIsShown() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let words = try await workdir.run(TrainFixture.arguments("M"))
    #expect(words.status == 0 && words.errors.contains("loss "), "\(words.errors)")
    #expect(!words.errors.contains("(text ") && !words.errors.contains("image 0."), "\(words.errors)")
    let card = try String(contentsOfFile: workdir.path + "/M/card.md", encoding: .utf8)
    #expect(card.contains("Learnt from 20 posts") && !card.contains("without a teacher's vectors"), "\(card)")
    let json = try await workdir.run(TrainFixture.arguments("N", "--progress", "json"))
    let lines = Workdir.Outcome(
      status: 0, output: "",
      errors: json.errors.split(separator: "\n").filter { $0.hasPrefix("{") }.joined(separator: "\n"))
    let objects = try Self.objects(lines).filter { $0["event"] as? String == "epoch" }
    #expect(objects.count == 3 && objects.allSatisfy { $0["loss_classification"] != nil })
    #expect(objects.allSatisfy { $0["loss_text"] == nil && $0["loss_image"] == nil })
  }

  @Test func theHistoryHasTheDocumentedKeys() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    try await TrainFixture.teach(workdir, "teacher.sqlite", posts: 40)
    let outcome = try await workdir.run(
      TrainFixture.corpus + TrainFixture.fresh + ["--teacher", "teacher.sqlite", "--epochs", "1", "-o", "M"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = Workdir.Outcome(
      status: 0, output: "", errors: try String(contentsOfFile: workdir.path + "/M/history.jsonl", encoding: .utf8))
    let objects = try Self.objects(lines)
    #expect(objects.count == 2)
    let keys = objects.reduce(into: Set(["history.jsonl"])) { $0.formUnion(Self.keys($1)) }
    let ofSoftLabels = ["soft_labels", "entropy", "source", "validation_posts"]
    #expect(DesignDocument.words(ofLine: "- `history.jsonl`").subtracting(ofSoftLabels) == keys)
  }

  /// The keys of an object and of the objects in it.
  private static func keys(_ object: [String: Any]) -> Set<String> {
    object.values.compactMap { $0 as? [String: Any] }.reduce(into: Set(object.keys)) { $0.formUnion(keys($1)) }
  }

  @Test func theMovingLineFitsATerminal() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let line = ([Workdir.program] + TrainFixture.arguments("M", epochs: 400)).map { "'\($0)'" }.joined(separator: " ")
    let script = try await workdir.shell(
      "command -v script >/dev/null || exit 3; TERM=xterm COLUMNS=200 script -qec \"\(line)\" /dev/null </dev/null")
    guard script.status != 3 else { return }
    let moving = script.output.components(separatedBy: "\r\u{1B}[K").filter {
      $0.hasPrefix("epoch ") && $0.contains(" left · ")
    }
    #expect(script.status == 0 && moving.allSatisfy { $0.count < 80 }, "\(moving)")
  }
}
