import Foundation
import Testing

/// Every fault that rows and pictures can have, good rows between them.
@Suite struct BrokenCorpusTests {
  @Test func namesEveryFaultOfTheSample() async throws {
    let workdir = try Workdir()
    let outcome = try await workdir.run(Workdir.score(Workdir.samples + "/broken.csv", "broken.sqlite", "--strict"))
    #expect(outcome.status == 2, "\(outcome.errors)")
    let faults = try workdir.rows("broken.sqlite", "SELECT line, key, stage, code FROM fault ORDER BY line")
    #expect(
      faults == [
        "3|missing|image|missing", "4|outside|image|outside_folder", "5|absolute|image|outside_folder",
        "6|directory|image|directory", "7|empty-file|image|empty_file", "8|cut-jpeg|image|truncated",
        "9|cut-png|image|truncated", "10|cut-webp|image|truncated", "11|damaged|image|corrupt",
        "12|not-a-picture|image|unsupported_format", "13|bitmap|image|unsupported_format",
        "14|huge|image|too_many_pixels", "16|too-few|corpus|too_few_fields", "17|too-many|corpus|too_many_fields",
        "19|latin-1|corpus|invalid_encoding", "20|nul|corpus|nul_character", "22|NULL|corpus|empty_key",
        "23|stray-quote|corpus|unbalanced_quote", "32|nothing|corpus|empty_post",
      ])
    let states = try workdir.rows(
      "broken.sqlite", "SELECT state, count(*) FROM entry GROUP BY state ORDER BY state")
    #expect(states == ["duplicate|1", "faulted|19", "scored|9", "without_picture|1"])
    let good = try workdir.rows(
      "broken.sqlite", "SELECT key FROM scored WHERE key LIKE 'good%' ORDER BY record")
    #expect(good == ["good-0", "good-1", "good-2", "good-3", "good-4", "good-4", "good-5"])
    #expect(
      try workdir.rows("broken.sqlite", "SELECT text FROM scored WHERE key = 'two-lines'") == ["a text on\ntwo lines"])
  }

  @Test func goodRowsGetTheSameAnswerAsAlone() async throws {
    let workdir = try Workdir()
    let corpus = Workdir.samples + "/broken.csv"
    _ = try await workdir.run(Workdir.score(corpus, "all.sqlite"))
    let lines = try String(contentsOfFile: corpus, encoding: .isoLatin1).split(whereSeparator: \.isNewline)
    let good = [lines[0]] + lines.filter { $0.hasPrefix("good-") && !$0.contains("other words") }
    let alone = try workdir.write("good.csv", good.joined(separator: "\n") + "\n")
    _ = try await workdir.run(Workdir.score(alone, "good.sqlite") + ["--images", Workdir.samples])
    let numbers = """
      SELECT key, content_hash, probabilities, text_image_similarity FROM prediction JOIN post ON post.id = post_id
      WHERE key LIKE 'good-%' AND text NOT LIKE '%other words' ORDER BY key
      """
    let found = try workdir.rows("good.sqlite", numbers)
    #expect(found.count == 6)
    #expect(try workdir.rows("all.sqlite", numbers) == found)
  }

  @Test func namesFaultsOfFilesThatGitCannotStore() async throws {
    let workdir = try Workdir()
    mkfifo(workdir.path + "/pipe.jpg", 0o600)
    try workdir.write("outside/secret.jpg", Data(contentsOf: URL(filePath: Workdir.jpeg)))
    let inside = workdir.path + "/inside"
    try FileManager.default.createDirectory(atPath: inside, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: inside + "/link.jpg", withDestinationPath: workdir.path + "/outside/secret.jpg")
    try FileManager.default.moveItem(atPath: workdir.path + "/pipe.jpg", toPath: inside + "/pipe.jpg")
    try workdir.write("inside/large.jpg", Data(count: 3_000_000))
    let text = String(repeating: "x", count: (1 << 20) + 1)
    let corpus = try workdir.write(
      "inside/rows.csv",
      "id,text,image\na,one,pipe.jpg\nb,two,link.jpg\nc,three,large.jpg\nd,\(text),\ne,five,\n")
    let outcome = try await workdir.run(
      Workdir.score(corpus, "rows.sqlite", "--max-picture-bytes", "2000000"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try workdir.rows("rows.sqlite", "SELECT line, stage, code FROM fault ORDER BY line") == [
        "2|image|not_a_file", "3|image|outside_folder", "4|image|file_too_large", "5|corpus|field_too_large",
      ])
    #expect(try workdir.rows("rows.sqlite", "SELECT key, state FROM scored") == ["e|without_picture"])
  }

  @Test func scoresTheTextAloneOnRequest() async throws {
    let workdir = try Workdir()
    _ = try await workdir.run(
      Workdir.score(Workdir.samples + "/broken.csv", "broken.sqlite", "--missing-image", "text-only"))
    let states = try workdir.rows(
      "broken.sqlite", "SELECT state FROM entry WHERE key IN ('missing', 'outside', 'directory')")
    #expect(states == ["without_picture", "without_picture", "without_picture"])
  }

  @Test func aPostScoredWithoutItsPictureIsKnownTheNextTime() async throws {
    let workdir = try Workdir()
    let page = try Data(contentsOf: URL(filePath: Workdir.samples + "/broken/page.jpg"))
    for name in ["a.jpg", "b.jpg", "c.jpg"] { try workdir.write(name, page) }
    let corpus = try workdir.write("rows.csv", "id,text,image\n1,one,a.jpg\n2,two,b.jpg\n3,one,c.jpg\n4,,c.jpg\n")
    let arguments = Workdir.score(corpus, "rows.sqlite", "--missing-image", "text-only").map {
      $0 == "none" ? "json" : $0
    }
    let first = try await workdir.run(arguments)
    #expect(first.errors.contains("\"known\":0"), "\(first.errors)")
    let second = try await workdir.run(arguments)
    #expect(second.errors.contains("\"known\":3"), "\(second.errors)")
    #expect(try workdir.rows("rows.sqlite", "SELECT DISTINCT key, code FROM fault") == ["4|unsupported_format"])
    // A further post with the same broken picture: the earlier one is known, this one is not.
    try workdir.write("more.csv", "id,text,image\n1,one,a.jpg\n5,one,a.jpg\n")
    let more = try await workdir.run(arguments.map { $0 == corpus ? workdir.path + "/more.csv" : $0 })
    #expect(more.status == 0, "\(more.errors)")
    #expect(
      try workdir.rows("rows.sqlite", "SELECT key FROM prediction JOIN post ON post.id = post_id ORDER BY key")
        == ["1", "2", "3", "5"])
  }

  @Test func equalBrokenPicturesAreFaultsOfTheirOwnPaths() async throws {
    let workdir = try Workdir()
    let page = try Data(contentsOf: URL(filePath: Workdir.samples + "/broken/page.jpg"))
    for name in ["a.jpg", "b.jpg"] { try workdir.write(name, page) }
    let corpus = try workdir.write("rows.csv", "id,text,image\n1,one,a.jpg\n2,one,b.jpg\n")
    _ = try await workdir.run(Workdir.score(corpus, "rows.sqlite"))
    #expect(try workdir.rows("rows.sqlite", "SELECT key, path FROM fault ORDER BY key") == ["1|a.jpg", "2|b.jpg"])
  }
}
