import Bytes
import Foundation
import Queries
import Testing

@Suite struct NamedQueryTests {
  @Test func everyFileIsCompiledInUnderItsName() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Queries/SQL")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(NamedQuery.embedded.map { $0.name + ".sql" } == files)
    for (name, sql) in NamedQuery.embedded {
      let file = try Data(contentsOf: folder.appendingPathComponent(name + ".sql"))
      #expect(Array(file) == sql, "\(name) differs from its file")
    }
  }

  @Test func everyCompiledInQueryReads() throws {
    let all = try NamedQuery.all
    #expect(all.map(\.name) == all.map(\.name).sorted())
    for query in all {
      #expect(!query.summary.isEmpty)
      let parameters = try #require(query.parameters)
      #expect(parameters.contains { $0.name == "run" && $0.kind == .run }, "\(query.name) takes a run")
      #expect(parameters.allSatisfy { !$0.help.isEmpty }, "\(query.name) explains its parameters")
    }
  }

  @Test func aHeaderGivesSummaryAndParameters() throws {
    let query = try NamedQuery(
      name: "odd", file: "odd.sql",
      sql: """
        -- odd: Posts that are odd,
        --   told in two lines.
        --
        -- @run run = latest   the run
        -- @limit integer = -20
        --@share real = 0.5 a share
        -- @label text = 'it''s = here'  a label
        -- @code text = null  optional
        -- @key any           what is needed
        -- Only a comment.
        SELECT 1
        -- @late text
        """)
    #expect(query.summary == "Posts that are odd, told in two lines.")
    let parameters = try #require(query.parameters)
    #expect(parameters.map(\.name) == ["run", "limit", "share", "label", "code", "key"])
    #expect(parameters.map(\.kind) == [.run, .integer, .real, .text, .text, .any])
    #expect(
      parameters.map(\.defaultValue) == [
        .text("latest"), .integer(-20), .real(0.5), .text("it's = here"), .null, nil,
      ])
    #expect(parameters.map(\.help) == ["the run", "", "a share", "a label", "optional", "what is needed"])
  }

  @Test(arguments: [
    ("SELECT 1", 1, "begins with the line"),
    ("-- other: Name of another.\nSELECT 1", 1, "begins with the line"),
    ("\n-- q:   \nSELECT 1", 2, "summary is empty"),
    ("-- q: Summary.\n-- @Limit integer\n", 2, "a parameter is written"),
    ("-- q: Summary.\n-- @\n", 2, "a parameter is written"),
    ("-- q: Summary.\n-- @limit\n", 2, "a parameter is written"),
    ("-- q: Summary.\r\n\r\n-- @limit intger = 3\r\n", 3, "did you mean \"integer\"?"),
    ("-- q: Summary.\n-- @limit integer = many\n", 2, "the default many is not of type integer"),
    ("-- q: Summary.\n-- @limit integer = 9223372036854775808\n", 2, "is not of type integer"),
    ("-- q: Summary.\n-- @limit integer =\n", 2, "is not of type integer"),
    ("-- q: Summary.\n-- @share real = nan\n", 2, "is not of type real"),
    ("-- q: Summary.\n-- @label text = 'open\n", 2, "is not of type text"),
    ("-- q: Summary.\n-- @a text\n-- @a real\n", 3, "declared twice"),
  ])
  func aWrongHeaderIsNamedWithItsLine(sql: String, line: Int, words: String) {
    #expect {
      try NamedQuery(name: "q", file: "folder/q.sql", sql: sql)
    } throws: { error in
      let text = "\(error)"
      return text.hasPrefix("folder/q.sql:\(line): ") && text.contains(words)
    }
  }

  @Test func plainSQLNeedsNoHeader() throws {
    let query = try NamedQuery.own(
      name: "mine", file: "mine.sql", sql: "-- @anna asked: for this\n-- note: so\nSELECT :a")
    #expect(query.parameters == nil)
    #expect(query.summary == "")
    // Errors said "mine", which is no file.
    #expect(query.name == "mine.sql")
  }

  @Test func plainSQLMayDeclareParametersAlone() throws {
    let query = try NamedQuery.own(name: "--sql", file: "--sql", sql: "-- @a integer = 3\nSELECT :a")
    #expect(query.parameters?.map(\.name) == ["a"])
  }

  @Test func aDefaultOfAnotherTypeIsNamedInPlainSQLToo() {
    #expect {
      try NamedQuery.own(name: "--sql", file: "--sql", sql: "-- @a integer = x\nSELECT :a")
    } throws: { "\($0)".hasPrefix("--sql:1: the default x is not of type integer") }
  }

  @Test func aByteOrderMarkIsSkipped() throws {
    let query = try NamedQuery.own(name: "mine", file: "mine.sql", sql: "\u{FEFF}-- mine: Says it.\nSELECT 1")
    #expect(query.summary == "Says it.")
  }

  @Test func anUnknownNameListsTheKnownOnes() throws {
    let all = try NamedQuery.all
    #expect(try NamedQuery.named("labels", in: all).name == "labels")
    #expect {
      try NamedQuery.named("lables", in: all)
    } throws: { error in
      let text = "\(error)"
      return text.contains("(did you mean \"labels\"?)") && all.allSatisfy { text.contains($0.name) }
    }
  }
}
