import Foundation
import Testing

/// `clfa score --column`: types of the corpus' own columns, and the queries that use them.
@Suite struct ScoreColumnsTests {
  private static let corpus =
    "id,text,likes,sent:at,when\n1,one,12,2026-01-01,x\n2,two,n/a,soon,x\n3,three,3,1580472000,x\n"

  @Test func typesAreDeclaredQueriedAndChanged() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", Self.corpus)
    let typed = Workdir.score(corpus, "posts.sqlite", "--column", "likes:integer", "--column", "sent:at:time")
    #expect(try await workdir.run(typed).status == 0)
    #expect(
      try workdir.rows("posts.sqlite", "SELECT likes, \"sent:at\" FROM typed ORDER BY post_id") == [
        "12|2026-01-01T00:00:00Z", "NULL|NULL", "3|2020-01-31T12:00:00Z",
      ])
    #expect(try workdir.rows("posts.sqlite", "SELECT extra ->> 'likes' FROM post ORDER BY id") == ["12", "n/a", "3"])
    let counts = try await workdir.run("query", "posts.sqlite", "columns")
    #expect(
      counts.output == "name,type,posts,texts,converted,not_converted,not_converted_example\n"
        + "likes,integer,3,3,2,1,n/a\nsent:at,time,3,3,2,1,soon\n", "\(counts.output)")
    let sorted = try await workdir.run(
      "query", "posts.sqlite", "--sql", "select key from scored join typed using (post_id) order by likes desc")
    #expect(sorted.output == "key\n1\n3\n2\n")
    // Another type is reported; neither makes another scorer, for nothing is scored again.
    let other = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--column", "likes:real"))
    #expect(other.errors.contains("column likes was of type integer before"), "\(other.errors)")
    #expect(other.errors.contains("3 were already scored"), "\(other.errors)")
    #expect(try workdir.rows("posts.sqlite", "SELECT count(*) FROM scorer") == ["1"])
    #expect(try workdir.rows("posts.sqlite", "SELECT name, type FROM column_type") == ["likes|real", "sent:at|time"])
  }

  @Test func aDateThatCannotBeReadIsShown() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", Self.corpus)
    let outcome = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--date", "sent:at"))
    #expect(
      outcome.status == 0
        && outcome.errors.contains(
          "rows without a date: 1 of 3: 1 with a date that cannot be read, such as \"soon\" (posts.csv:3)"),
      "\(outcome.errors)")
    #expect(
      try workdir.rows("posts.sqlite", "SELECT key, posted_at FROM post ORDER BY id") == [
        "1|2026-01-01T00:00:00Z", "2|NULL", "3|2020-01-31T12:00:00Z",
      ])
  }

  @Test func decimalCommasAreCounted() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write(
      "posts.csv", "sep=;\nid;text;score\n1;a;0,3\n2;b;0.4\n3;c;-1.000,25\n4;d;n/a\n5;e;\n")
    let outcome = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--column", "score:real"))
    #expect(
      outcome.errors.contains(
        "column score: 2 of 3 values are no numbers, such as \"0,3\" (posts.csv:3), \"-1.000,25\" (posts.csv:5): queries "
          + "have no value for them; 2 have a decimal comma"), "\(outcome.errors)")
    let plain = try await workdir.run(Workdir.score(corpus, "plain.sqlite"))
    #expect(!plain.errors.contains("decimal comma"), "\(plain.errors)")
  }

  /// A run, its plan and a check say the same of cells that do not have their type.
  @Test func cellsWithoutTheirTypeAreCountedBeforeAndAfter() async throws {
    let workdir = try Workdir()
    let likes = ["12", "12%", "abc", "1 234", "3.5", "n/a", ""]
    let rows = likes.enumerated().map { "\($0),post \($0),\($1),\($0 == 1 ? "soon" : "2026-01-01")\n" }.joined()
    let corpus = try workdir.write("posts.csv", "id,text,likes,when\n" + rows)
    let flags = ["--column", "likes:integer", "--date", "when"]
    let number =
      "column likes: 4 of 5 values are no whole numbers, such as \"12%\" (posts.csv:3), \"abc\" (posts.csv:4), "
      + "\"1 234\" (posts.csv:5): queries have no value for them"
    let date = "rows without a date: 1 of 7: 1 with a date that cannot be read, such as \"soon\" (posts.csv:3)"
    let plan = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--plan") + flags)
    #expect(plan.output.contains(number) && plan.output.contains(date), "\(plan.output)\(plan.errors)")
    let run = try await workdir.run(Workdir.score(corpus, "posts.sqlite") + flags)
    #expect(run.errors.contains(number) && run.errors.contains(date), "\(run.errors)")
    let check = try await workdir.run(["check", corpus, "--list", workdir.path + "/list.csv"] + flags)
    #expect(check.output.contains(number) && check.output.contains(date), "\(check.output)\(check.errors)")
    let list = try String(contentsOfFile: workdir.path + "/list.csv", encoding: .utf8)
    #expect(list.contains("unread_dates,1,posts.csv,3,,,,\"\"\"soon\"\"\"\n"), "\(list)")
    #expect(list.split(separator: "\n").count { $0.hasPrefix("unread_values,") } == 4, "\(list)")
  }

  @Test func aColumnOfTimesIsReadAsTheDate() async throws {
    let workdir = try Workdir()
    let dates = [
      "Wed Oct 10 20:19:24 +0000 2018", "Tue Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24.000Z", "1539202764.0",
      "1539202764000", "2018-10-10 16:19:24 EDT", "10/10/2018 20:19", "10/11/2018", "43383.84680555556",
      "10-Oct-2018 08:19PM", "10.10.2018 20:19:24 UTC+02:00", "October 10, 2018", "", "soon", "2018/10/10",
      "2018-10-10 22:19:24 Europe/Berlin",
    ]
    let rows = dates.enumerated().map { "\($0),post \($0),\"\($1)\",\"\($1)\"\n" }.joined()
    let corpus = try workdir.write("posts.csv", "id,text,when,sent\n" + rows)
    for format in [[], ["--date-format", "%m/%d/%Y"]] {
      let store = "\(format.count).sqlite"
      let outcome = try await workdir.run(
        Workdir.score(corpus, store, "--date", "when", "--column", "sent:time") + format)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let differing = try workdir.rows(
        store, "SELECT key FROM post JOIN typed ON post_id = post.id WHERE posted_at IS NOT sent")
      #expect(differing.isEmpty, "\(differing)")
      #expect(
        try workdir.rows(store, "SELECT count(*) FROM typed_value WHERE value IS NOT NULL")
          == ["12"])
      // What SQL reads in the same way is not stored a second time.
      #expect(try workdir.rows(store, "SELECT count(*) FROM post_time WHERE time = '2018-10-10T00:00:00Z'") == ["1"])
    }
    let drawn = try await workdir.run("query", "0.sqlite", "columns")
    #expect(drawn.output.contains("sent,time,16,15,12,3,"), "\(drawn.output)")
  }

  @Test func datesWithTwoMeaningsNeedAFormat() async throws {
    let workdir = try Workdir()
    let dates = ["10/11/2018", "2018-10-10", "", "1/2/2018", "soon", "13/12/2018", "43383", "2018-10-10 20:19 CST"]
    let rows = dates.enumerated().map { "\($0),post \($0),\($1)\n" }.joined()
    let corpus = try workdir.write("posts.csv", "id,text,when\n" + rows)
    let plain = try await workdir.run(Workdir.score(corpus, "plain.sqlite", "--date", "when"))
    #expect(
      plain.errors.contains(
        "rows without a date: 5 of 8: 1 with an empty cell, 4 with a date that cannot be read, such as "
          + "\"10/11/2018\" (posts.csv:2), \"1/2/2018\" (posts.csv:5), \"soon\" (posts.csv:6); of 2 it does not follow"),
      "\(plain.errors)")
    #expect(plain.errors.contains("1 name a time zone that is unknown or has several meanings"), "\(plain.errors)")
    #expect(plain.errors.contains("number of days since 30 December 1899: 1, such as 43383"), "\(plain.errors)")
    let told = try await workdir.run(
      Workdir.score(corpus, "told.sqlite", "--date", "when", "--date-format", "%d/%m/%Y", "--date-format", "%Y-%m-%d"))
    #expect(told.errors.contains("rows without a date: 3 of 8"), "\(told.errors)")
    #expect(
      try workdir.rows("told.sqlite", "SELECT substr(posted_at, 1, 10) FROM post ORDER BY id") == [
        "2018-11-10", "2018-10-10", "NULL", "2018-02-01", "NULL", "2018-12-13", "2018-10-10", "NULL",
      ])
    #expect(
      try workdir.rows("told.sqlite", "SELECT counts ->> '$.reading.date-format' FROM run") == [
        "%d/%m/%Y\n%Y-%m-%d"
      ])
    let wrong = try await workdir.run(
      Workdir.score(corpus, "x.sqlite", "--date", "when", "--date-format", "%d/%m"))
    #expect(wrong.status == 64 && wrong.errors.contains("does not give a year, a month and a day"), "\(wrong.errors)")
  }

  @Test func unknownColumnsAndTypesAreErrors() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", Self.corpus)
    for (column, words, status) in [
      ("lieks:integer", "did you mean \"likes\"", 64), ("text:integer", "as part of the post", 64),
      ("likes:int", "did you mean \"integer\"", 64), ("likes", "NAME:TYPE", 64), (":real", "NAME:TYPE", 64),
    ] as [(String, String, Int32)] {
      for plan in [[], ["--plan"]] {
        let outcome = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--column", column) + plan)
        #expect(outcome.status == status && outcome.errors.contains(words), "\(outcome)")
      }
    }
    let twice = try await workdir.run(
      Workdir.score(corpus, "posts.sqlite", "--column", "likes:real", "--column", "likes:integer"))
    #expect(twice.status == 64 && twice.errors.contains("two types"), "\(twice.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/posts.sqlite"))
  }
}
