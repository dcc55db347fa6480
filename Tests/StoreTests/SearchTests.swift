import Corpus
import GRDB
import Queries
import Store
import TestSupport
import Testing

@Suite struct SearchTests {
  let folder: Scratch
  let path: String

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
  }

  private static func row(_ record: Int, _ text: String, knowledge: String = "") -> LedgerRow {
    var post = Fixtures.post("k\(record)")
    post.text = text
    post.knowledge = knowledge
    return LedgerRow(position: Fixtures.position(record), outcome: .post(post, Fixtures.prediction(record)))
  }

  private static let rows = [
    row(1, "Das Café am Fluß, so schön"), row(2, "ein cafe, ein CAFÉ und noch ein Cafe"),
    row(3, "nichts davon", knowledge: "Cafe Central"), row(4, "Регистр тоже: ПОЕЗД"), row(5, "don't stop"),
  ]

  private func ask(_ words: String, _ store: String? = nil) throws -> [QueryValue] {
    var keys: [QueryValue] = []
    let query = try NamedQuery.named("search", in: NamedQuery.all)
    try QueryRunner(path: store ?? path).run(query, arguments: [QueryArgument(name: "words", value: words)]) { _ in
    } row: {
      keys.append($0[0])
      return true
    }
    return keys
  }

  /// SQLite's own comparison of the index with the posts' words.
  private func isSound(_ store: String) throws {
    let queue = try DatabaseQueue(path: store)
    try queue.write { try $0.execute(sql: "INSERT INTO post_search (post_search, rank) VALUES ('integrity-check', 1)") }
    try queue.close()
  }

  @Test func postsAreFoundInAnyCaseAndWithAnyDiacritics() throws {
    try Fixtures.store(path, rows: Self.rows, counts: Fixtures.counts(5))
    #expect(try Set(ask("cafe").map { "\($0)" }).count == 3)
    #expect(try ask("CAFÉ") == ask("cafe"))
    #expect(try ask("knowledge:cafe") == [.text("k3")])
    #expect(try ask("поезд") == [.text("k4")])
    #expect(try ask("\"so schon\"") == [.text("k1")])
    #expect(try ask("caf* NOT noch") == [.text("k3"), .text("k1")])
    #expect(try ask("\"don't\"") == [.text("k5")])
    #expect(try ask("nothing").isEmpty)
    #expect { try ask("don't") } throws: { "\($0)".contains("double quotes") }
    try isSound(path)
  }

  @Test func theBestMatchComesFirstAndTheExcerptShowsIt() throws {
    try Fixtures.store(path, rows: Self.rows, counts: Fixtures.counts(5))
    #expect(try ask("ein OR cafe").first == .text("k2"))
    let store = try StoreReader(path: path)
    let excerpt = try store.text(
      "SELECT snippet(post_search, -1, '[', ']', '…', 4) FROM post_search WHERE post_search MATCH 'central'")
    #expect(excerpt == "Cafe [Central]")
  }

  @Test func changesByAnybodyAreFollowed() throws {
    try Fixtures.store(path, rows: Self.rows, counts: Fixtures.counts(5))
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "UPDATE post SET text = 'ein Zug' WHERE key = 'k1'") }
    try queue.close()
    #expect(try ask("zug") == [.text("k1")])
    #expect(try ask("schon").isEmpty)
    try isSound(path)
  }

  @Test func anEarlierStoreIsIndexedWhenItIsNextWritten() throws {
    try Fixtures.store(path, rows: Self.rows, counts: Fixtures.counts(5))
    try EarlierStore.make(of: path)
    #expect { try ask("cafe") } throws: { error in
      guard case QueryError.olderStore = error else { return false }
      return "\(error)".contains("earlier clfa")
    }
    // What the earlier version had is answered as before.
    let reader = try StoreReader(path: path)
    #expect(try reader.text("SELECT count(*) FROM scored") == "5")
    reader.close()
    try StoreWriter.open(path: path).close()
    #expect(try ask("cafe").count == 3)
    try isSound(path)
    #expect(try folder.names() == ["posts.sqlite"])
  }

  @Test func aMergeIndexesWhatItBrings() throws {
    let (other, output) = (folder.file("other.sqlite"), folder.file("all.sqlite"))
    try Fixtures.store(path, Fixtures.request("a"), rows: Array(Self.rows[..<3]), counts: Fixtures.counts(3))
    try Fixtures.store(other, Fixtures.request("b"), rows: Self.rows, counts: Fixtures.counts(5))
    try EarlierStore.make(of: other)
    _ = try StoreMerge.stores([path, other], into: output)
    #expect(try ask("cafe", output).count == 3)
    #expect(try ask("поезд", output) == [.text("k4")])
    try isSound(output)
    // Post ids are those of the rows, though the index writes rows of its own between.
    let reader = try StoreReader(path: output)
    #expect(
      try reader.text(
        "SELECT count(*) FROM entry JOIN post ON post.id = post_id WHERE entry.key <> post.key") == "0")
  }
}
