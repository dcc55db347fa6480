import Foundation
import GRDB
import Queries
import Store
import TestSupport
import Testing

/// Rules that queries, the program's own SQL and the store's view `scored` share.
@Suite struct SQLRulesTests {
  /// A store keeps the text of its views, so the view has the rules written out.
  @Test func theViewHasTheRulesOfTheFragments() throws {
    let folder = try Scratch()
    let writer = try StoreWriter.open(path: folder.file("posts.sqlite"))
    defer { try? writer.close() }
    let view = try writer.read { try String.fetchOne($0, sql: "SELECT sql FROM sqlite_schema WHERE name = 'scored'") }
    func words(_ sql: String) -> String { sql.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    let sql = words(try #require(view))
    for rule in [SQLFragments.isScored("entry"), SQLFragments.trueLabelSource, SQLFragments.isAlone("prediction")] {
      #expect(sql.contains(words(rule)), "\(rule)")
    }
    let distinct = try writer.read {
      try String.fetchOne($0, sql: "SELECT sql FROM sqlite_schema WHERE name = 'distinct_post'")
    }
    #expect(
      words(try #require(distinct)).hasSuffix(words(SQLFragments.distinctPosts(ofRun: "(SELECT max(id) FROM run)"))))
  }

  /// Which states each rule accepts.
  @Test func theRulesOfStatesAreThoseOfTheLedger() throws {
    let rules: [(sql: (String) -> String, states: [EntryState])] = [
      (SQLFragments.isScored, [.scored, .withoutPicture]), (SQLFragments.isScoredWithPicture, [.scored]),
      (SQLFragments.isScoredWithoutPicture, [.withoutPicture]),
      (SQLFragments.isAnswered, [.scored, .withoutPicture, .duplicate]),
    ]
    let database = try DatabaseQueue()
    for (rule, states) in rules {
      let accepted = try EntryState.allCases.filter { state in
        let sql = "SELECT \(rule("entry")) FROM (SELECT ? AS state) AS entry"
        return try database.read { try Bool.fetchOne($0, sql: sql, arguments: [state.rawValue]) } == true
      }
      #expect(accepted == states, "\(rule("entry"))")
    }
  }

  /// Which posts are scored is written in `SQLFragments` and, as a check and a view, in the schema.
  @Test func noSourceSpellsOutWhichPostsAreScored() throws {
    var found: Set<String> = []
    for folder in ["Sources", "Queries"] {
      let files = FileManager.default.enumerator(
        at: URL(filePath: Checkout.root + "/" + folder), includingPropertiesForKeys: nil)
      for case let file as URL in try #require(files) where ["swift", "sql"].contains(file.pathExtension) {
        let source = try String(contentsOf: file, encoding: .utf8)
        if source.contains("'scored'") || source.contains("'without_picture'") { found.insert(file.lastPathComponent) }
      }
    }
    #expect(found == ["SQLFragments.swift", "StoreSchema.swift"])
  }

  /// Every way to have up to three labels, noted at two times.
  @Test func theTrueLabelIsTheSameEverywhere() throws {
    let database = try DatabaseQueue()
    try database.write { db in
      try db.execute(
        sql: """
          CREATE TABLE entry (post_id INTEGER PRIMARY KEY);
          CREATE TABLE label (post_id INTEGER, source TEXT, label TEXT, noted_at TEXT, PRIMARY KEY (post_id, source));
          """)
      for post in 0..<27 {
        try db.execute(sql: "INSERT INTO entry VALUES (?)", arguments: [post])
        for (source, day) in Self.days(post) {
          try db.execute(
            sql: "INSERT INTO label VALUES (?1, ?2, 'of ' || ?2, ?3)", arguments: [post, source, "2026-01-0\(day)"])
        }
      }
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT entry.post_id, \(SQLFragments.trueLabel(of: "entry.post_id")),
            (SELECT group_concat(label) FROM label
              WHERE post_id = entry.post_id AND source = \(SQLFragments.trueLabelSource)),
            (SELECT group_concat(label) FROM label
              WHERE post_id = entry.post_id AND \(SQLFragments.isTrueLabel("label")))
          FROM entry
          """)
      #expect(rows.count == 27)
      for row in rows {
        let days = Self.days(row[0]), last = days.map(\.day).max()
        let expected = days.first { $0.day == last }.map { "of \($0.source)" }
        for column in 1...3 { #expect(row[column] as String? == expected, "post \(row[0] as Int), column \(column)") }
      }
    }
  }

  /// The sources of a post's labels in order, each with the day on which it was noted.
  private static func days(_ post: Int) -> [(source: String, day: Int)] {
    [("a", post % 3), ("b", post / 3 % 3), ("c", post / 9)].filter { $0.1 > 0 }
  }
}
