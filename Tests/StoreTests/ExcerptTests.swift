import Corpus
import Foundation
import GRDB
import Queries
import Store
import TestSupport
import Testing

/// Excerpts equal SQLite's own, in linear instead of quadratic time.
@Suite struct ExcerptTests {
  let folder: Scratch
  let path: String

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
  }

  /// Numbers that are the same each time.
  private struct Dice {
    var state: UInt64 = 7

    mutating func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
  }

  private static func text(_ dice: inout Dice, words: Int) -> String {
    let all = ["so", "happy", "rain", "a", "b", "c", "day", "Café", "été", "x.y", "了", "d", "e", "f", "g"]
    let signs = [" ", " ", " ", ". ", ": ", ", ", "  ", ".\n", " - "]
    return (0..<words).map { _ in all[dice.next(all.count)] + signs[dice.next(signs.count)] }.joined()
  }

  @Test func excerptsAndMarksAreThoseOfSQLite() throws {
    var dice = Dice()
    let rows = (1...120).map { record in
      var post = Fixtures.post("k\(record)")
      let (words, more) = (dice.next(90), dice.next(40))
      post.text = Self.text(&dice, words: words)
      post.knowledge = Self.text(&dice, words: more)
      return LedgerRow(position: Fixtures.position(record), outcome: .post(post, Fixtures.prediction(record)))
    }
    try Fixtures.store(path, rows: rows, counts: Fixtures.counts(120))
    let plain = try DatabaseQueue(path: path)
    for words in [
      "so", "so happy", "\"so happy\"", "so OR rain OR cafe", "knowledge:day", "ha* OR ete", "NEAR(a b, 3)", "a b c",
    ] {
      for call in [
        "snippet(post_search, -1, '[', ']', '…', 16)", "snippet(post_search, 0, '<', '>', '', 3)",
        "highlight(post_search, 0, '[', ']')", "highlight(post_search, 1, '(', ')')",
      ] {
        let sql = "SELECT rowid, \(call) FROM post_search WHERE post_search MATCH '\(words)' ORDER BY rowid"
        var found: [String] = []
        try QueryRunner(path: path).run(NamedQuery.own(name: "q", file: "q", sql: sql)) { _ in
        } row: {
          if case .text(let text) = $0[1] { found.append(text) }
          return true
        }
        let expected = try plain.read { db in
          try Row.fetchAll(db, sql: sql).map { String.fromDatabaseValue($0[1]) ?? "" }
        }
        #expect(found == expected, "\(words) \(call)")
      }
    }
    try plain.close()
  }

  @Test func theStepsGrowWithTheMatchesAndNotWithTheirSquare() {
    func steps(_ count: Int) -> Int {
      var excerpt = Excerpt(phraseSizes: [1, 1], width: 16)
      let matches = (0..<count).map { Excerpt.Match(phrase: $0 % 2, column: 0, offset: $0) }
      let sentences = stride(from: 0, to: count, by: 3).map { $0 }
      excerpt.add(column: 0, matches: matches, size: count, sentences: sentences)
      #expect(excerpt.best == Excerpt.Part(column: 0, start: 0, score: 2134))
      return excerpt.steps
    }
    let (few, many) = (steps(2_000), steps(16_000))
    #expect(few > 2_000)
    #expect(many < 9 * few)
  }
}
