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
    #expect(outcome.status == 0 && outcome.errors.contains("posts.csv:3: the date \"soon\" cannot be read"))
    #expect(
      try workdir.rows("posts.sqlite", "SELECT key, posted_at FROM post ORDER BY id") == [
        "1|2026-01-01T00:00:00Z", "2|NULL", "3|2020-01-31T12:00:00Z",
      ])
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
