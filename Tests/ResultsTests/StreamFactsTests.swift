import Bytes
import GRDB
import Results
import ResultsFixtures
import Testing

@Suite struct StreamFactsTests {
  @Test func postsWithFeaturesAreComparedWithThoseWithout() throws {
    let store = try TestStore(rows: mixedRows)
    // Posts 1 and 3 are right, 2 is wrong, 7 has no true label; 4 to 6 and 8 have no features.
    try store.write { database in
      for post in [1, 2, 3, 7] {
        try database.execute(sql: "INSERT INTO feature VALUES (?, 'audio', 'hash')", arguments: [post])
      }
      // A post of no run.
      try database.execute(
        sql: "INSERT INTO post (id, key, content_hash, text, knowledge, extra) VALUES (99, 'x', 'x', 'x', '', '{}')")
      try database.execute(sql: "INSERT INTO feature VALUES (99, 'audio', 'hash')")
    }
    let streams = try ReportData.load(from: try store.reader()).charts.streams
    let audio = try #require(streams.first)
    #expect(streams.count == 1 && audio.name == "audio" && audio.pairs == nil)
    #expect(audio.with.posts == 4 && audio.with.labelled == 3 && audio.with.right == 2)
    #expect(audio.without.posts == 4 && audio.without.labelled == 4 && audio.without.right == 2)
  }

  @Test func aLaterLabelOfAnotherSourceIsTheTrueOne() throws {
    let store = try TestStore(rows: mixedRows)
    try store.write { database in
      try database.execute(sql: "INSERT INTO feature VALUES (1, 'audio', 'hash')")
      try database.execute(sql: "INSERT INTO label VALUES (1, 'a second hand', 'yes', '2026-02-01T00:00:00Z')")
    }
    let audio = try #require(try ReportData.load(from: try store.reader()).charts.streams.first)
    #expect(audio.with.labelled == 1 && audio.with.right == 0)
  }

  @Test func aStoreWithoutFeaturesHasNoStreams() throws {
    let store = try TestStore(rows: mixedRows)
    #expect(try ReportData.load(from: try store.reader()).charts.streams.isEmpty)
    // Nor has a store of an earlier version, without the table.
    try store.write { try $0.execute(sql: "DROP TABLE feature") }
    #expect(try ReportData.load(from: try store.reader()).charts.streams.isEmpty)
  }
}
