import Foundation
import Testing

/// `--truncated-images`: pictures whose file ends early, in scoring, checking and training.
@Suite struct TruncatedImagesTests {
  /// Writes `posts.csv`: a post with a whole picture, two with a cut one, one with a picture cut in its header, and one
  /// without a picture.
  private static func write(_ workdir: borrowing Workdir) throws -> String {
    let picture = try Data(contentsOf: URL(filePath: Workdir.jpeg))
    try workdir.write("whole.jpg", picture)
    try workdir.write("cut.jpg", Data(picture.dropLast(picture.count / 3)))
    try workdir.write("header.jpg", Data(picture.prefix(100)))
    return try workdir.write(
      "posts.csv",
      """
      id,text,image,label
      1,a,whole.jpg,ironic
      2,b,cut.jpg,sincere
      3,c,cut.jpg,ironic
      4,d,header.jpg,sincere
      5,e,,sincere

      """)
  }

  private static func states(_ workdir: borrowing Workdir, _ run: String) throws -> [String] {
    let entries = "SELECT entry.state FROM entry JOIN run ON run.id = run_id WHERE run.name = '\(run)' ORDER BY line"
    return try workdir.rows("posts.sqlite", entries)
  }

  @Test func acceptingThemIsNotMixedIntoARun() async throws {
    let workdir = try Workdir()
    let corpus = try Self.write(workdir)
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    let flags = ["--retry-faults", "--truncated-images", "accept"]
    let retried = try await workdir.run(Workdir.score(corpus, "posts.sqlite") + flags)
    #expect(retried.errors.contains("so posts-2 is a new run, which scores every row"), "\(retried.errors)")
    #expect(retried.errors.contains("are tried again by a command that does not, either"))
    #expect(try Self.states(workdir, "posts")[1] == "faulted")
    #expect(try Self.states(workdir, "posts-2")[1] == "scored")
    let same = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--retry-faults"))
    #expect(same.status == 0 && !same.errors.contains("is a new run"), "\(same.errors)")
  }

  @Test func cutPicturesAreFaultsUnlessTheyAreAccepted() async throws {
    let workdir = try Workdir()
    let corpus = try Self.write(workdir)
    let faults = ["scored", "faulted", "faulted", "faulted", "without_picture"]
    let strict = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--run", "strict"))
    #expect(strict.status == 0, "\(strict.errors)")
    #expect(try Self.states(workdir, "strict") == faults)
    let advised = "SELECT count(*) FROM fault WHERE detail LIKE '%--truncated-images accept%'"
    #expect(try workdir.rows("posts.sqlite", advised) == ["2"])

    let arguments = Workdir.score(corpus, "posts.sqlite", "--truncated-images", "accept", "--run", "accepted")
    let accepted = try await workdir.run(arguments.map { $0 == "none" ? "json" : $0 })
    #expect(accepted.status == 0 && accepted.errors.contains(#""cut_pictures":2"#), "\(accepted.errors)")
    #expect(
      try Self.states(workdir, "accepted") == ["scored", "scored", "scored", "faulted", "without_picture"])
    #expect(
      try workdir.rows("posts.sqlite", "SELECT options FROM scorer ORDER BY id")
        == [#"{"decode":"scaled"}"#, #"{"decode":"scaled","truncated_images":"accept"}"#])
    #expect(
      try workdir.rows("posts.sqlite", "SELECT counts ->> '$.cut_pictures' FROM run ORDER BY id") == ["NULL", "2"])

    // The score of a whole picture does not depend on it.
    let whole = "SELECT count(*), count(DISTINCT confidence) FROM prediction JOIN post ON post.id = post_id"
    #expect(try workdir.rows("posts.sqlite", whole + " WHERE key = '1'") == ["2|1"])
    // Without acceptance the cut ones are faults, although the store has scores of them.
    let again = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--run", "again"))
    #expect(again.status == 0, "\(again.errors)")
    #expect(try Self.states(workdir, "again") == faults)

    let shown = try await workdir.run("runs", "show", "posts.sqlite", "accepted", "--format", "csv")
    #expect(shown.status == 0 && shown.output.contains("cut_pictures,2"), "\(shown.output)")
    let verified = try await workdir.run("runs", "verify", "posts.sqlite")
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
  }

  @Test func checkAndTrainingCountThem() async throws {
    let workdir = try Workdir()
    let corpus = try Self.write(workdir)
    for (flags, cut) in [(["--truncated-images", "accept"], 2), ([], 0)] {
      let checked = try await workdir.run(["check", corpus, "--decode", "--format", "json"] + flags)
      let json = try #require(JSONSerialization.jsonObject(with: Data(checked.output.utf8)) as? [String: Any])
      let pictures = try #require(json["pictures"] as? [String: Any])
      #expect(pictures["cut"] as? Int == cut && pictures["readable"] as? Int == 1 + cut)
    }
    let train =
      [
        "train", "posts.csv", "--validation", "posts.csv", "--dim", "16", "--alpha", "0", "--epochs", "1", "--batch",
        "2",
      ]
      + TrainFixture.fresh
    let strict = try await workdir.run(train + ["-o", "strict"])
    #expect(strict.status == 0 && !strict.errors.contains("ends early"), "\(strict.errors)")
    let accepted = try await workdir.run(train + ["-o", "accepted", "--truncated-images", "accept"])
    #expect(
      accepted.status == 0 && accepted.errors.contains("4 posts to learn from")
        && accepted.errors.contains("1 picture ends early in its file"), "\(accepted.errors)")
  }
}
