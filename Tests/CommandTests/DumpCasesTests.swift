import Bytes
import Foundation
import Testing

/// Whole dumps in the forms that people have, in `Data/dumps`, and what each gives.
@Suite struct DumpCasesTests {
  /// Copies a dump's files into the folder, and writes pictures of the samples under the names given.
  private static func copy(_ dump: String, to workdir: borrowing Workdir, pictures: [String] = []) throws {
    let folder = "\(Workdir.repository)/Tests/CommandTests/Data/dumps/\(dump)"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      try workdir.write(name, Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }
    let images = Workdir.samples + "/images"
    let all = try FileManager.default.contentsOfDirectory(atPath: images).filter { $0.hasSuffix(".jpg") }.sorted()
    for (place, name) in pictures.enumerated() {
      try workdir.write(name, Data(contentsOf: URL(filePath: "\(images)/\(all[place % all.count])")))
    }
  }

  // MARK: Pictures

  @Test func severalPicturesInEveryFormOfAList() async throws {
    let workdir = try Workdir()
    let media = [
      "1000_1", "1001_2", "1002_1", "1003_2", "1004_1", "1005_2", "1006_1", "1007_2",
    ].map { "media/\($0).jpg" }
    try Self.copy("several_pictures", to: workdir, pictures: media)
    let first = try await workdir.run(Workdir.score("posts.csv", "first.sqlite"))
    #expect(first.errors.contains("10 rows = 7 scored + 3 without picture"), "\(first.errors)")
    #expect(
      first.errors.contains(
        "6 cells list pictures, of which 5 are left out; 3 cells say that there is no picture (--pictures each"),
      "\(first.errors)")
    let each = try await workdir.run(Workdir.score("posts.csv", "each.sqlite", "--pictures", "each"))
    #expect(each.errors.contains("15 rows = 12 scored + 3 without picture"), "\(each.errors)")
    #expect(
      try workdir.rows("each.sqlite", "SELECT key FROM entry ORDER BY record LIMIT 6") == [
        "1001", "1001#2", "1002", "1002#2", "1003", "1003#2",
      ])
  }

  /// The paths of an annotation tool begin with a folder of its server.
  @Test func theServersFolderIsCutFromPaths() async throws {
    let workdir = try Workdir()
    let names = ["ab12cd30-photo_0", "ab12cd31-photo_1", "ab12cd32-photo_2", "ab12cd33-photo_3"]
    try Self.copy("annotation", to: workdir, pictures: names.map { "media/upload/3/\($0).jpg" })
    let score = Workdir.score(
      "project-3-at-2024-01-05.csv", "s.sqlite", "--label", "sentiment", "--images", "media", "--run", "r")
    let written = try await workdir.run(score)
    #expect(
      written.errors.contains("4 rows = 0 scored + 0 without picture + 0 duplicate + 4 faulted"), "\(written.errors)")
    #expect(
      try workdir.rows("s.sqlite", "SELECT detail LIKE '%there is upload/3/%: --image-match near' FROM fault")
        == ["1", "1", "1", "1"])
    let near = try await workdir.run(score + ["--image-match", "near", "--retry-faults"])
    #expect(near.errors.contains("4 rows = 4 scored"), "\(near.errors)")
    #expect(near.errors.contains("4 pictures found by rules (folders above 4)"), "\(near.errors)")
  }

  // MARK: Rows

  @Test func aHeaderWithOtherDelimitersThanItsRows() async throws {
    let workdir = try Workdir()
    try Self.copy("header", to: workdir)
    for command in [["check", "dataset.csv"], Workdir.score("dataset.csv", "s.sqlite")] {
      let refused = try await workdir.run(command + ["--id", "tweet_id"])
      #expect(
        refused.status != 0 && refused.errors.contains("the header is separated by ',' and the rows by tabs"),
        "\(refused.errors)")
    }
    let read = try await workdir.run(
      Workdir.score(
        "dataset.csv", "s.sqlite", "--skip-lines", "1", "--no-header", "--delimiter", "tab", "--id", "1", "--text", "2",
        "--label", "3"))
    #expect(read.errors.contains("30 rows = 0 scored + 30 without picture + 0 duplicate + 0 faulted"), "\(read.errors)")
    #expect(
      try workdir.rows("s.sqlite", "SELECT key, text, truth FROM scored ORDER BY record LIMIT 1") == [
        "1200000000000000001|claim number 1 about the weather|FALSE"
      ])
    let rounded = try await workdir.run("check", "rounded.csv", "--id", "tweet_id")
    #expect(
      rounded.output.contains("rounded.csv:2: the id '1.231E+18' has been rounded by a spreadsheet"),
      "\(rounded.output)")
  }

  @Test func whatASpreadsheetWrites() async throws {
    let workdir = try Workdir()
    try Self.copy("spreadsheet", to: workdir, pictures: (0..<4).map { "bild\($0).jpg" })
    let texts = [
      "Schöner Tag, wirklich großartig; ganz toll", "Größe zählt – sagt er", "Café \"Zur Post\" wieder zu",
      "alles gut €5",
    ]
    for (name, flags) in [
      ("dump", ["--encoding", "windows-1252"]), ("dump_quoted_sep", []), ("dump_utf8", []),
      ("no_sep", ["--delimiter", ";"]),
    ] {
      let read = try await workdir.run(
        Workdir.score("\(name).csv", "\(name).sqlite", "--date", "datum", "--column", "score:real") + flags)
      #expect(read.errors.contains("4 rows = 4 scored"), "\(name): \(read.errors)")
      #expect(read.errors.contains("column score: 4 of 4 values are no numbers"), "\(name): \(read.errors)")
      let found = try workdir.rows("\(name).sqlite", "SELECT text FROM post ORDER BY id")
      #expect(found.map { ByteText($0) } == texts.map { ByteText($0) } && found.count == 4, "\(name): \(found)")
      #expect(
        try workdir.rows("\(name).sqlite", "SELECT posted_at FROM post ORDER BY id LIMIT 1") == ["2020-12-31T23:00:00Z"]
      )
    }
    let commas = try await workdir.run("check", "no_sep.csv")
    #expect(commas.status != 0 && commas.errors.contains("add --delimiter ';'"), "\(commas.errors)")
    let misread = try await workdir.run("check", "dump_quoted_sep.csv", "--encoding", "windows-1252")
    #expect(misread.output.contains("4 of 4 texts hold UTF-8 that was read as Windows-1252"), "\(misread.output)")
    #expect(
      misread.output.contains("if the file was read with --encoding windows-1252, leave that out"), "\(misread.output)")
  }

  @Test func linesAboveTheHeader() async throws {
    let workdir = try Workdir()
    try Self.copy("spreadsheet", to: workdir)
    let refused = try await workdir.run(Workdir.score("preamble.csv", "s.sqlite"))
    #expect(refused.status != 0 && refused.errors.contains("add --skip-lines 6"), "\(refused.errors)")
    let read = try await workdir.run(
      Workdir.score(
        "preamble.csv", "s.sqlite", "--skip-lines", "6", "--id", "Query Id", "--text", "Snippet", "--date", "Date"))
    #expect(read.errors.contains("5 rows = 0 scored + 5 without picture + 0 duplicate + 0 faulted"), "\(read.errors)")
    #expect(
      try workdir.rows("s.sqlite", "SELECT key, text, posted_at FROM post ORDER BY id LIMIT 1") == [
        "123450|what a lovely queue, again 0|2024-01-01T10:00:00Z"
      ])
  }

  @Test func otherDialects() async throws {
    let workdir = try Workdir()
    try Self.copy("dialects", to: workdir)
    for (name, flags, texts) in [
      ("single.csv", ["--delimiter", ";", "--quote", "'"], ["semicolon ; inside", "it's doubled", "plain"]),
      ("comments.csv", ["--comment", "#"], ["after comments"]),
      ("hive.txt", ["--delimiter", "\\x01"], ["hive text"]), ("pipe.txt", ["--delimiter", "|"], ["pipe text"]),
      (
        "backslash.csv", ["--escape", "backslash"],
        ["he said \"hi\" to me", "a \"quoted, comma\" here", "plain, comma", "after, it", "plain"]
      ),
      ("blanklines.csv", [], ["one", "two", "three"]),
    ] as [(String, [String], [String])] {
      let read = try await workdir.run(Workdir.score(name, name + ".sqlite") + flags)
      #expect(read.status == 0, "\(name): \(read.errors)")
      #expect(try workdir.rows(name + ".sqlite", "SELECT text FROM post ORDER BY id") == texts, "\(name)")
    }
    // A backslash that escapes the closing quote leaves the cell open: a fault of its line alone, as its bytes say.
    #expect(try workdir.rows("backslash.csv.sqlite", "SELECT line, code FROM fault") == ["5|unbalanced_quote"])
    for (name, flags, words) in [
      ("backslash.csv", [], "read it with --escape backslash"),
      ("single.csv", ["--delimiter", ";"], "read the file with --quote"), ("comments.csv", [], "add --comment '#'"),
      ("hive.txt", [], "add --delimiter '\\x01'"), ("pipe.txt", [], "add --delimiter '|'"),
    ] as [(String, [String], String)] {
      let check = try await workdir.run(["check", name] + flags)
      #expect((check.output + check.errors).contains(words), "\(name): \(check)")
    }
  }

  // MARK: Columns

  @Test func columnsOfOneName() async throws {
    let workdir = try Workdir()
    try Self.copy("columns", to: workdir)
    let read = try await workdir.run(Workdir.score("extra_twice.csv", "s.sqlite"))
    #expect(read.errors.contains("'lang_3' (column 4), 'likes_2' (column 8)"), "\(read.errors)")
    #expect(
      try workdir.rows(
        "s.sqlite",
        "SELECT extra ->> 'lang', extra ->> 'lang_3', extra ->> 'Lang', extra ->> 'lang_2', extra ->> 'likes_2' FROM post"
      ) == ["en|de|fr|es|6", "en|de|fr|es|8"])
    let twice = try await workdir.run("check", "twice.csv")
    #expect(twice.status != 0 && twice.errors.contains("columns 2 and 3 are both called 'text'"), "\(twice.errors)")
    for (name, keys) in [("case.csv", ["a", "b"]), ("blank_names.csv", (2...4).map { "blank_names.csv#\($0)" })] {
      #expect(try await workdir.run(Workdir.score(name, name + ".sqlite")).status == 0)
      #expect(try workdir.rows(name + ".sqlite", "SELECT key FROM post ORDER BY id") == keys)
    }
    #expect(
      try workdir.rows("case.csv.sqlite", "SELECT text, extra ->> 'ID', extra ->> 'Text' FROM post LIMIT 1")
        == ["lower text|1|upper text"])
  }

  /// Bare numbers, which the model does not know, need names; the others are labels.
  @Test func aMissingNumberIsNoLabel() async throws {
    let workdir = try Workdir()
    try Self.copy("columns", to: workdir)
    let read = try await workdir.run(Workdir.score("float_labels.csv", "s.sqlite"))
    #expect(read.status == 0 && read.errors.contains("labels are bare numbers"), "\(read.errors)")
    #expect(
      try workdir.rows("s.sqlite", "SELECT label, count(*) FROM label GROUP BY label ORDER BY label") == [
        " 1|5", "0.0|5", "1.0|5", "TRUE|5",
      ])
  }

  @Test func datesInEveryForm() async throws {
    let workdir = try Workdir()
    try Self.copy("dates", to: workdir)
    let time = "2018-10-10T20:19:24Z"
    let times = [
      time, time, time, time, time, time, time, time, "2018-10-10T20:19:00Z", time, time, "2018-10-10T18:19:24Z",
      "2018-10-10T00:00:00Z", time, "2018-10-10T20:19:00Z", "2018-10-10T18:19:24Z", time, "2018-10-10T00:00:00Z",
      "NULL", time,
    ]
    let read = try await workdir.run(Workdir.score("posts.csv", "s.sqlite", "--date", "created_at"))
    #expect(read.errors.contains("rows without a date: 1 of 20: 1 with an empty cell"), "\(read.errors)")
    #expect(try workdir.rows("s.sqlite", "SELECT posted_at FROM post ORDER BY id") == times)
    let typed = try await workdir.run(Workdir.score("extra.csv", "t.sqlite", "--column", "when:time"))
    #expect(typed.status == 0, "\(typed.errors)")
    #expect(try workdir.rows("t.sqlite", "SELECT \"when\" FROM typed ORDER BY post_id") == times)
  }

  // MARK: Texts

  @Test func textsEncodedTwiceComeWithTheRepair() async throws {
    let workdir = try Workdir()
    try Self.copy("encodings", to: workdir)
    let twice = try await workdir.run("check", "double.csv")
    #expect(twice.output.contains("texts hold UTF-8 that was encoded twice"), "\(twice.output)")
    let repair = try #require(
      twice.output.firstRange(of: "iconv -f UTF-8 -t ISO-8859-1 double.csv > "), "\(twice.output)")
    #expect(try await workdir.shell("\(twice.output[repair])fixed.csv").status == 0)
    let fixed = try await workdir.run("check", "fixed.csv")
    #expect(fixed.status == 0 && !fixed.output.contains("encoded twice"), "\(fixed.output)")
    let misread = try await workdir.run("check", "double1252.csv")
    #expect(misread.output.contains("texts hold UTF-8 that was read as Windows-1252"), "\(misread.output)")
    let mixed = try await workdir.run(Workdir.score("mixed.csv", "m.sqlite"))
    #expect(mixed.status == 0, "\(mixed.errors)")
    #expect(
      try workdir.rows("m.sqlite", "SELECT line, code FROM fault ORDER BY line")
        == [5, 15, 25, 35, 45, 55].map { "\($0)|invalid_encoding" })
    let returns = try await workdir.run("check", "cr_only.csv")
    #expect(returns.status != 0 && returns.errors.contains("tr '\\r' '\\n'"), "\(returns.errors)")
  }

  @Test func aSelectorBehindAWordGivesTheLabelAway() async throws {
    let workdir = try Workdir()
    try Self.copy("leftovers", to: workdir)
    let check = try await workdir.run("check", "planted_fe0f.csv", "--strict")
    #expect(check.status == 2, "\(check.errors)")
    let findings = check.output.components(separatedBy: "\nFindings\n").last ?? ""
    let first = try #require(findings.split(separator: "\n").first { $0.contains("U+FE0F") }, "\(check.output)")
    #expect(first.contains("with a balanced accuracy of 9"), "\(first)")
    #expect(check.output.contains("U+FE0F") && !check.output.unicodeScalars.contains("\u{FE0F}"), "\(check.output)")
  }
}
