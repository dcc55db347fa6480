import Corpus
import Foundation
import Testing

/// `--preset`: built-in presets and files of one's own.
@Suite struct PresetTests {
  private static let telegram = """
    {"name": "made up", "type": "public_channel", "id": 1, "messages": [
    {"id": 2, "type": "message", "date_unixtime": "1662019500", "photo": "photos/p.jpg", "text_entities":
     [{"type": "plain", "text": "Look at "}, {"type": "bold", "text": "this"}], "text": ["Look at ", {"type": "bold", "text": "this"}]},
    {"id": 3, "type": "message", "date_unixtime": "1662019560", "text": "plain", "text_entities": [{"type": "plain", "text": "plain"}]}]}
    """

  @Test(arguments: ["check", "score", "train", "ablate", "teach", "export"])
  func allAreListedByEveryCommandThatReadsACorpus(command: String) async throws {
    let workdir = try Workdir()
    let list = try await workdir.run(command, "--list-presets")
    #expect(list.status == 0 && list.errors.isEmpty, "\(list.errors)")
    for preset in Preset.builtIn {
      #expect(list.output.contains("\(preset.name): \(preset.purpose)\n") && list.output.contains(preset.source))
    }
    #expect(list.output.contains("  --text 'title + selftext'\n"), "\(list.output)")
    let help = try await workdir.run(command, "--help")
    #expect(help.output.contains("--preset") && help.output.contains("--list-presets"))
    #expect(try await workdir.run("runs", "--list-presets").status == 64)
  }

  @Test func aPresetIsReportedAndStoredWithTheRun() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("result.json", Self.telegram)
    try workdir.write("photos/p.jpg", Data(contentsOf: URL(filePath: Workdir.jpeg)))
    let scored = try await workdir.run(Workdir.score(corpus, "s.sqlite", "--preset", "telegram"))
    #expect(scored.status == 0 && scored.errors.contains("2 rows = 1 scored + 1 without picture"), "\(scored.errors)")
    #expect(
      scored.errors.contains("notice: read by the preset telegram: records = messages, id = id, text = "),
      "\(scored.errors)")
    #expect(
      try workdir.rows("s.sqlite", "SELECT key, text, image, posted_at FROM post ORDER BY id") == [
        "2|Look at this|photos/p.jpg|2022-09-01T08:05:00Z", "3|plain|NULL|2022-09-01T08:06:00Z",
      ])
    #expect(
      try workdir.rows("s.sqlite", "SELECT counts ->> '$.reading.preset', counts ->> '$.reading.records' FROM run") == [
        "telegram|messages"
      ])
    // The corpus is read in the same way again.
    let export = try await workdir.run("export", "s.sqlite", "--corpus", corpus, "-o", "rows.csv")
    #expect(export.status == 0, "\(export.errors)")
    let check = try await workdir.run("check", corpus, "--preset", "telegram")
    #expect(check.status == 0 && check.output.contains("notice: read by the preset telegram"), "\(check.output)")
  }

  @Test func aFileOfAnotherFormIsNamedWithThePreset() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "post_id,body\n1,a\n")
    let other = try await workdir.run("check", corpus, "--preset", "reddit")
    #expect(
      other.status == 1
        && other.errors.contains(
          "posts.csv: the preset reddit reads texts and pictures from 'title', 'selftext', 'url', and the file has none of "
            + "these; the columns are 'post_id', 'body'; name another preset (--list-presets shows all), or your columns "
            + "with --text or --image"),
      "\(other.errors)")
    let followed = try await workdir.run("check", corpus, "--preset", "reddit", "--text", "body")
    #expect(followed.status == 0, "\(followed.errors)")
    let table = try await workdir.run("check", corpus, "--preset", "telegram")
    #expect(
      table.errors.contains(
        "posts.csv is not JSON, as the files of the preset telegram are; name another preset; --list-presets shows all"),
      "\(table.errors)")
    let lines = try workdir.write("posts.jsonl", #"{"post_id": 1, "body": "a", "rows": [{"id": 1}]}"#)
    let list = try await workdir.run("check", lines, "--preset", "telegram")
    #expect(
      list.errors.contains(
        "there is no list called 'messages' with posts in it, which the preset telegram reads; name yours with --records"
      ),
      "\(list.errors)")
    let nested = try await workdir.run("check", lines, "--preset", "reddit")
    #expect(
      nested.errors.contains("the posts may be in the list 'rows'; name it with --records rows"), "\(nested.errors)")
  }

  @Test func theUsersOwnOptionsCountInstead() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write(
      "RS.jsonl", #"{"id": "a1", "title": "A title", "selftext": "and a text", "created_utc": 1633046400}"#)
    let scored = try await workdir.run(
      Workdir.score(corpus, "s.sqlite", "--preset", "reddit", "--text", "title"))
    #expect(scored.errors.contains("; your own option counts instead of its text"), "\(scored.errors)")
    #expect(!scored.errors.contains("text = "), "\(scored.errors)")
    #expect(
      try workdir.rows("s.sqlite", "SELECT text, posted_at FROM post") == ["A title|2021-10-01T00:00:00Z"])
    // A column of pictures replaces a template, too.
    try workdir.write("p.jpg", Data(contentsOf: URL(filePath: Workdir.jpeg)))
    let other = try workdir.write("posts.csv", "id,text,photo\n7,a,p.jpg\n")
    let mine = try workdir.write("mine.json", #"{"image-template": "{id}.png"}"#)
    let named = try await workdir.run(Workdir.score(other, "o.sqlite", "--preset", mine, "--image", "photo"))
    #expect(named.errors.contains("instead of its image-template"), "\(named.errors)")
    #expect(try workdir.rows("o.sqlite", "SELECT image FROM post") == ["p.jpg"])
  }

  /// For each key: a file that needs it, the preset, and what the store then has.
  private static let cases:
    [(key: Preset.Key, name: String, content: String, preset: String, sql: String, rows: [String])] = {
      let text = "SELECT key, text FROM post ORDER BY id", image = "SELECT image FROM post"
      return [
        (.records, "a.json", #"{"list": [{"id": 1, "text": "a"}]}"#, #"{"records": "list"}"#, text, ["1|a"]),
        (.id, "a.csv", "n,text\n7,a\n", #"{"id": "n"}"#, text, ["7|a"]),
        (.text, "a.csv", "id,body\n1,a\n", #"{"text": "body"}"#, text, ["1|a"]),
        (.image, "a.csv", "id,text,photo\n1,a,p.jpg\n", #"{"image": "photo"}"#, image, ["p.jpg"]),
        (.imageTemplate, "a.csv", "id,text\np,a\n", #"{"image-template": "{id}.jpg"}"#, image, ["p.jpg"]),
        (
          .pictures, "a.csv", "id,text,image\n1,a,p.jpg;p.jpg\n", #"{"pictures": "each"}"#,
          "SELECT key FROM entry ORDER BY record", ["1", "1#2"]
        ),
        (
          .knowledge, "a.csv", "id,text,caption\n1,a,a cap\n", #"{"knowledge": "caption"}"#,
          "SELECT knowledge FROM post", ["a cap"]
        ),
        (.label, "a.csv", "id,text,mood\n1,a,ironic\n", #"{"label": "mood"}"#, "SELECT label FROM label", ["ironic"]),
        (
          .labels, "a.csv", "id,text,label\n1,a,0\n", #"{"labels": "0=sincere,1=ironic"}"#, "SELECT label FROM label",
          ["sincere"]
        ),
        (
          .date, "a.csv", "id,text,when\n1,a,1580558400\n", #"{"date": "when"}"#, "SELECT posted_at FROM post",
          ["2020-02-01T12:00:00Z"]
        ),
        (
          .dateFormat, "a.csv", "id,text,when\n1,a,10/11/2018\n", #"{"date": "when", "date-format": "%d/%m/%Y"}"#,
          "SELECT posted_at FROM post", ["2018-11-10T00:00:00Z"]
        ),
        (.delimiter, "a.csv", "id;text\n1;a, b\n", #"{"delimiter": ";"}"#, text, ["1|a, b"]),
        (.quote, "a.csv", "id,text\n1,\"a\n", #"{"quote": "none"}"#, text, ["1|\"a"]),
        (.escape, "a.csv", "id,text\n1,\"say \\\"hi\\\"\"\n", #"{"escape": "backslash"}"#, text, ["1|say \"hi\""]),
        (.skipLines, "a.csv", "made on a Monday\nid,text\n1,a\n", #"{"skip-lines": 1}"#, text, ["1|a"]),
        (.comment, "a.csv", "id,text\n# none\n1,a\n", ##"{"comment": "#"}"##, text, ["1|a"]),
        (.encoding, "a.csv", "id,text\n1,caf\u{E9}\n", #"{"encoding": "windows-1252"}"#, text, ["1|caf\u{E9}"]),
        (
          .noHeader, "a.csv", "7,a\n8,b\n", #"{"no-header": true, "id": "1", "text": "2"}"#, text, ["7|a", "8|b"]
        ),
      ]
    }()

  @Test(arguments: Preset.Key.allCases)
  func aFilesKeyIsHonoured(key: Preset.Key) async throws {
    let found = try #require(Self.cases.first { $0.key == key }, "no case for \(key.rawValue)")
    let workdir = try Workdir()
    let bytes = found.content.data(using: key == .encoding ? .windowsCP1252 : .utf8)
    let corpus = try workdir.write(found.name, try #require(bytes))
    try workdir.write("p.jpg", Data(contentsOf: URL(filePath: Workdir.jpeg)))
    let preset = try workdir.write("mine.json", found.preset)
    let scored = try await workdir.run(Workdir.score(corpus, "s.sqlite", "--preset", preset))
    #expect(scored.status == 0, "\(scored.errors)")
    #expect(try workdir.rows("s.sqlite", found.sql) == found.rows, "\(scored.errors)")
  }

  @Test(arguments: [
    ("redit", nil, "there is no preset 'redit'"), ("mine.json", #"{"txt": "a"}"#, "a preset has no key 'txt'"),
    ("mine.json", "nonsense", "not valid JSON"), ("mine.json", nil, "mine.json: no such file"),
    ("mine.json", #"{"text": ""#, "not valid JSON"),
    ("mine.json", String(repeating: " ", count: 70_000), "more than the 65536 allowed"),
  ])
  func errorsNameWhatIsWrong(name: String, content: String?, words: String) async throws {
    let workdir = try Workdir()
    if let content { try workdir.write(name, content) }
    let corpus = try workdir.write("a.csv", "id,text\n1,a\n")
    let outcome = try await workdir.run(Workdir.score(corpus, "s.sqlite", "--preset", name))
    #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func teachTakesThePresetsColumns() async throws {
    let workdir = try Workdir()
    let lacking = try await workdir.run("teach", "a.jsonl", "--teacher", "t", "-o", "o.safetensors")
    #expect(lacking.status == 64 && lacking.errors.contains("--image-column"), "\(lacking.errors)")
    for preset in ["reddit", "instaloader"] {
      let given = try await workdir.run("teach", "a.jsonl", "--teacher", "t", "-o", "o.safetensors", "--preset", preset)
      #expect(given.status != 0 && !given.errors.contains("--image-column"), "\(given.errors)")
    }
  }
}
