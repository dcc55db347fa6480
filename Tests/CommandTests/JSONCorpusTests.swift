import Foundation
import Testing

/// Corpora of JSON and compressed ones, as people have them.
@Suite(.serialized) struct JSONCorpusTests {
  /// The same posts as a CSV and as JSON Lines: ids as numbers, empty cells as `null`.
  private static func posts(_ count: Int) throws -> (csv: String, json: String) {
    let rows = LabelledSamples.cells(of: try LabelledSamples.lines().joined(separator: "\n") + "\n")
    var csv = "id,text,image,label,user.name,user.likes\n", json = ""
    for number in 0..<count {
      let row = rows[1 + number % (rows.count - 1)]
      let (id, name) = ("\(1_366_711_111_111_111_111 + number)", number % 3 == 0 ? "" : row[4])
      let cells = [id, "\(row[1]) \(number % 50)", number % 7 == 0 ? "" : row[2], row[3], name, "\(number)"]
      csv += cells.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") + "\n"
      let text = try string(cells[1]), image = cells[2].isEmpty ? "null" : try string(cells[2])
      let user = "{\"name\": \(name.isEmpty ? "null" : try string(name)), \"likes\": \(number)}"
      json +=
        "{\"id\": \(id), \"text\": \(text), \"image\": \(image), \"label\": \(try string(row[3])), \"user\": \(user)}\n"
    }
    return (csv, json)
  }

  private static func string(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  }

  private static func stored(_ store: String, _ workdir: borrowing Workdir) throws -> [String] {
    try [
      "SELECT record, key, state FROM entry ORDER BY record",
      "SELECT key, content_hash, text, knowledge, image, picture_hash, posted_at, extra FROM post ORDER BY key",
      "SELECT key, prediction.* FROM prediction JOIN post ON post.id = post_id ORDER BY key",
      "SELECT key, source, label FROM label JOIN post ON post.id = post_id ORDER BY key",
    ].flatMap { try workdir.rows(store, $0) }
  }

  @Test func thePostsGiveTheSameStoreInEveryForm() async throws {
    let workdir = try Workdir()
    let (csv, json) = try Self.posts(2000)
    let list = "{\"name\": \"x\", \"posts\": [" + json.split(separator: "\n").joined(separator: ",\n") + "]}"
    let forms = [
      (try workdir.write("a.csv", csv), []), (try workdir.write("b.jsonl", json), []),
      (try workdir.writeGzip("c.jsonl.gz", json), []), (try workdir.write("d.json", list), ["--records", "posts"]),
      (try workdir.writeZstd("e.csv.zst", csv), []),
    ]
    var stores: [[String]] = []
    for (number, (corpus, flags)) in forms.enumerated() {
      let arguments = Workdir.score(corpus, "\(number).sqlite", "--images", Workdir.samples, "--date", "user.likes")
      let outcome = try await workdir.run(arguments + flags)
      #expect(outcome.status == 0, "\(outcome.errors)")
      stores.append(try Self.stored("\(number).sqlite", workdir))
    }
    #expect(stores[0].count > 6000)
    for store in stores.dropFirst() { #expect(store == stores[0]) }
  }

  @Test func anInterruptedRunOverACompressedFileEndsInTheSameRows() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.writeGzip("posts.jsonl.gz", try Self.posts(4000).json + "{\"id\": 7, \"text\"\n")
    let arguments = Workdir.score(corpus, "posts.sqlite") + ["--images", Workdir.samples, "--no-cache"]
    let outcome = try await workdir.run(
      arguments, signal: SIGINT, onceIn: "posts.sqlite", holds: "SELECT 1 FROM entry LIMIT 1")
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(try workdir.rows("posts.sqlite", "SELECT name, state FROM run") == ["posts|interrupted"])
    let rest = try await workdir.run(arguments)
    #expect(rest.status == 0, "\(rest.errors)")
    let whole = try await workdir.run(
      Workdir.score(corpus, "whole.sqlite") + ["--images", Workdir.samples, "--no-cache"])
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(try workdir.contents("posts.sqlite") == workdir.contents("whole.sqlite"))
    #expect(try workdir.rows("posts.sqlite", "SELECT line, code FROM fault") == ["4001|invalid_json"])
  }

  @Test func shardsOfALineAddUpToTheWhole() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.jsonl", try Self.posts(120).json)
    for shard in ["1/2", "2/2"] {
      let arguments = Workdir.score(corpus, "shards.sqlite", "--images", Workdir.samples, "--run", shard)
      #expect(try await workdir.run(arguments + ["--shard", shard]).status == 0)
    }
    #expect(try workdir.rows("shards.sqlite", "SELECT count(*), count(DISTINCT key) FROM entry") == ["120|120"])
  }

  /// The form of the public file of hateful memes.
  @Test func labelsMayBeNumbers() async throws {
    let workdir = try Workdir()
    let picture = try Data(contentsOf: URL(filePath: Workdir.jpeg))
    var lines = ""
    for number in 0..<6 {
      try workdir.write("img/0829\(number).jpg", picture)
      lines += #"{"id": 829\#(number), "img": "img\/0829\#(number).jpg", "label": \#(number % 2), "#
      lines += #""text": "when the bus is \"early\", for once \#(number)"}"# + "\n"
    }
    let corpus = try workdir.write("dev_seen.jsonl", lines)
    let outcome = try await workdir.run(
      Workdir.score(corpus, "memes.sqlite", "--image", "img", "--labels", "0=sincere,1=ironic"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try workdir.rows("memes.sqlite", "SELECT key, truth, text FROM scored ORDER BY key LIMIT 2") == [
        #"8290|sincere|when the bus is "early", for once 0"#, #"8291|ironic|when the bus is "early", for once 1"#,
      ])
    #expect(try workdir.rows("memes.sqlite", "SELECT count(*) FROM entry WHERE state = 'scored'") == ["6"])
  }

  @Test func linesOfPythonAreNamedWithACommandThatWorks() async throws {
    let workdir = try Workdir()
    try workdir.write("test2.txt", "['862', 'what a day \" really \" , 0', 1, 0]\n['863', \"i 'm so glad\", 1, 1]\n")
    let refused = try await workdir.run("check", "test2.txt")
    #expect(refused.status != 0 && refused.errors.contains("each line is a list of Python"), "\(refused.errors)")
    let command = try #require(refused.errors.firstMatch(of: /python3 -c .* > posts\.csv/)).output
    #expect(try await workdir.shell(String(command)).status == 0)
    #expect(
      LabelledSamples.cells(of: try String(contentsOfFile: workdir.path + "/posts.csv", encoding: .utf8)) == [
        ["862", "what a day \" really \" , 0", "1", "0\r"], ["863", "i 'm so glad", "1", "1\r"],
      ])
  }

  @Test func aTwitterArchiveAndRecordsOfSeveralLinesComeWithACommandThatWorks() async throws {
    let workdir = try Workdir()
    try workdir.write(
      "tweets.js",
      """
      window.YTD.tweets.part0 = [
        {
          "tweet" : { "id_str" : "1", "full_text" : "one [a]" }
        },
        {
          "tweet" : { "id_str" : "2", "full_text" : "two" }
        }
      ]
      """)
    let refused = try await workdir.run("check", "tweets.js")
    #expect(refused.status != 0 && refused.errors.contains("--text tweet.full_text"), "\(refused.errors)")
    let command = try #require(refused.errors.firstMatch(of: /sed '.*' tweets\.js > posts\.json/)).output
    #expect(try await workdir.shell(String(command)).status == 0)
    let scored = try await workdir.run(
      Workdir.score("posts.json", "posts.sqlite", "--id", "tweet.id_str", "--text", "tweet.full_text"))
    #expect(scored.status == 0, "\(scored.errors)")
    #expect(try workdir.rows("posts.sqlite", "SELECT key, text FROM post ORDER BY id") == ["1|one [a]", "2|two"])
    for text in ["{\n  \"text\": \"a\"\n}\n{\n  \"text\": \"b\"\n}\n", "{\"text\": \"a\"}{\"text\": \"b\"}\n"] {
      let spread = try await workdir.run("check", try workdir.write("spread.json", text))
      #expect(spread.status != 0 && spread.errors.contains("write each on a line: jq -c . "), "\(spread.errors)")
    }
    let lists = try await workdir.run("check", try workdir.write("lists.json", #"[["id", "text"], [1, "a"]]"#))
    #expect(lists.status != 0 && !lists.errors.contains("jq -c . "), "\(lists.errors)")
  }

  @Test func theRowsComeBackWithAllTheirMembers() async throws {
    let workdir = try Workdir()
    let lines = (1...1100).map {
      #"{"id": \#($0), "text": "post \#($0)", "n": \#($0)\#($0 == 1100 ? #", "late": [1, 2]"# : "")}"#
    }
    let corpus = try workdir.write("posts.jsonl", lines.joined(separator: "\n") + "\n{\"id\": 5\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    let outcome = try await workdir.run("export", "posts.sqlite", "--corpus", corpus)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let rows = LabelledSamples.cells(of: outcome.output)
    #expect(rows[0].starts(with: ["id", "text", "n", "late"]) && rows.count == 1102)
    #expect(
      rows[1].starts(with: ["1", "post 1", "1", ""])
        && rows[1100].starts(with: ["1100", "post 1100", "1100", "[1, 2]"]))
    #expect(rows[1101].starts(with: ["5", "", "", ""]))
  }

  @Test func checkCountsMembersThatRecordsLack() async throws {
    let workdir = try Workdir()
    let lines = (0..<40).map {
      #"{"id": \#($0), "text": "post \#($0)"\#($0 % 4 == 0 ? #", "geo": {"place": "Bonn"}"# : "")}"#
    }
    let outcome = try await workdir.run(
      "check", try workdir.write("posts.jsonl", lines.joined(separator: "\n")), "--format", "json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let found = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let columns = try #require(found["columns"] as? [[String: Any]])
    let place = try #require(columns.first { $0["name"] as? String == "geo.place" })
    #expect(place["rows"] as? Int == 40 && place["empty"] as? Int == 30, "\(place)")
  }

  @Test func standardInputMayBeCompressed() async throws {
    let workdir = try Workdir()
    try workdir.writeGzip("posts.jsonl.gz", "{\"id\": 1, \"text\": \"a\"}\n{\"id\": 2, \"text\": \"b\"}\n")
    let score = Workdir.score("-", "posts.sqlite").map { "'\($0)'" }.joined(separator: " ")
    let outcome = try await workdir.shell("'\(Workdir.program)' \(score) < posts.jsonl.gz")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try workdir.rows("posts.sqlite", "SELECT key, line FROM entry ORDER BY 1") == ["1|1", "2|2"])
  }
}
