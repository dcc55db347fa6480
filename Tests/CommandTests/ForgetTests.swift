import Foundation
import Testing

/// `clfa forget`: the posts are deleted, the ledger stays, and nothing restores the posts without saying so.
@Suite struct ForgetTests {
  private static let corpus = """
    id,text,label,user
    1,the ferry was on time,sincere,ann
    2,xylophones forever and ever,ironic,secretive-bob
    3,the ferry was late,sincere,cid
    2,xylophones forever and ever,ironic,secretive-bob

    """

  private func scored() async throws -> Workdir {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", Self.corpus)
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    return workdir
  }

  private static func holds(_ workdir: borrowing Workdir, _ text: String) throws -> Bool {
    try Data(contentsOf: URL(filePath: workdir.path + "/posts.sqlite")).range(of: Data(text.utf8)) != nil
  }

  @Test func aPostIsGoneAndItsRowsAreForgotten() async throws {
    let workdir = try await scored()
    #expect(try Self.holds(workdir, "xylophones"))
    try workdir.write("keys.txt", "2\nnobody\n")
    let outcome = try await workdir.run("forget", "posts.sqlite", "keys.txt")
    #expect(outcome.status == 0 && outcome.output == "nobody\n", "\(outcome)")
    #expect(
      outcome.errors.contains(
        "forgot 1 key: removed 1 post, 1 prediction, 2 vectors, 0 small pictures, 1 label, 0 faults; "
          + "2 entries of 1 run are now forgotten"), "\(outcome.errors)")
    #expect(outcome.errors.contains("not found: 1 key"))
    for text in ["xylophones", "secretive-bob"] { #expect(try !Self.holds(workdir, text)) }
    #expect(
      try workdir.rows("posts.sqlite", "SELECT key, state FROM entry ORDER BY record") == [
        "1|without_picture", "NULL|forgotten", "3|without_picture", "NULL|forgotten",
      ])
    let runs = try await workdir.run("runs", "posts.sqlite")
    #expect(runs.status == 0 && runs.output.contains(",2,0,"), "\(runs.output)")
    let search = try await workdir.run("query", "posts.sqlite", "search", "words=xylophones")
    #expect(search.status == 0 && search.output.split(separator: "\n").count == 1)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: workdir.path).sorted() == [
        "keys.txt", "posts.csv", "posts.sqlite",
      ])
  }

  @Test func unknownKeysAreReportedWithoutAnError() async throws {
    let workdir = try await scored()
    let outcome = try await workdir.run(["forget", "posts.sqlite", "-"], input: "2 \r\n\r\n22\r\n")
    #expect(outcome.status == 0 && outcome.output == "2 \n22\n", "\(outcome)")
    #expect(outcome.errors.contains("nothing was removed"), "\(outcome.errors)")
    let none = try await workdir.run("forget", "posts.sqlite", "/dev/null")
    #expect(none.status == 0 && none.output.isEmpty)
  }

  @Test func invalidListsOfKeysAreErrors() async throws {
    let workdir = try await scored()
    try workdir.write("latin.txt", Data([0x61, 0x0A, 0xE9, 0x0A]))
    try workdir.write("wide.txt", Data([0x32, 0, 0x0A, 0]))
    for (arguments, words) in [
      (["latin.txt"], "latin.txt:2: the key is not UTF-8"), (["wide.txt"], "wide.txt:1: a NUL"),
      (["none.txt"], "none.txt"),
      (["."], "cannot read"),
    ] {
      let outcome = try await workdir.run(["forget", "posts.sqlite"] + arguments)
      #expect(outcome.status == 1 && outcome.errors.contains(words), "\(outcome.errors)")
    }
    let store = try await workdir.run("forget", "none.sqlite", "/dev/null")
    #expect(store.status == 1 && store.errors.contains("no store at"), "\(store.errors)")
    #expect(try workdir.rows("posts.sqlite", "SELECT count(*) FROM post") == ["3"])
  }

  /// A continued run skips the forgotten records; a new one scores what its files still contain, and says so.
  @Test func theSameRunDoesNotScoreThemAgain() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", Self.corpus + "5,another bus,sincere,dan\n6,picture,sincere,eve\n")
    let command = Workdir.score(corpus, "posts.sqlite", "--run", "r")
    // A first command that ends by its time limit has no fixed end; the run is reset to its state after a kill.
    _ = try await workdir.run(command)
    _ = try await workdir.run(["forget", "posts.sqlite", "-"], input: "2\n")
    try workdir.execute(
      "posts.sqlite",
      """
      DELETE FROM entry WHERE record > 5;
      UPDATE run SET state = 'interrupted', counts = json_set(counts, '$.files."posts.csv".read', 5);
      """)
    let again = try await workdir.run(command)
    #expect(again.status == 0, "\(again.errors)")
    #expect(
      try workdir.rows("posts.sqlite", "SELECT state, count(*) FROM entry GROUP BY state ORDER BY 1") == [
        "forgotten|2", "without_picture|4",
      ])
    #expect(try !Self.holds(workdir, "xylophones"))
    let retried = try await workdir.run(command + ["--retry-faults"])
    #expect(retried.status == 0, "\(retried.errors)")
    #expect(try !Self.holds(workdir, "xylophones"))
    let new = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--run", "s"))
    #expect(new.status == 0 && new.errors.contains("2 records of posts.csv were forgotten"), "\(new.errors)")
    #expect(try Self.holds(workdir, "xylophones"))
  }

  @Test func aFaultOfTheKeyGoesAndIsNotRetried() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text,image\n1,hello,\nsecretive-bob,hi,none.jpg\n3,hi,none.jpg\n")
    let command = Workdir.score(corpus, "posts.sqlite", "--run", "r")
    _ = try await workdir.run(command)
    let outcome = try await workdir.run(["forget", "posts.sqlite", "-"], input: "secretive-bob")
    #expect(outcome.errors.contains("1 fault;"), "\(outcome.errors)")
    #expect(try !Self.holds(workdir, "secretive-bob"))
    let again = try await workdir.run(command + ["--retry-faults", "--missing-image", "text-only"])
    #expect(again.status == 0, "\(again.errors)")
    #expect(
      try workdir.rows("posts.sqlite", "SELECT key, state FROM entry ORDER BY record") == [
        "1|without_picture", "NULL|forgotten", "3|without_picture",
      ])
  }
}
