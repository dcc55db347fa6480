import Bytes
import Corpus
import Foundation
import GRDB
import Queries
import Store
import Synchronization
import TestSupport
import Testing

@Suite struct NeighbourSearchTests {
  let folder: Scratch
  var path: String { folder.file("near.sqlite") }
  private static let width = 24
  private static let posts = 500

  /// A run of posts with vectors of small whole numbers, many of them equal; three of them are damaged.
  init() throws {
    folder = try Scratch()
    var rows: [LedgerRow] = []
    for record in 1...Self.posts {
      var prediction = Fixtures.prediction(record, spaces: [])
      prediction.label = record % 3 == 0 ? "plain" : "ironic \"é\""
      prediction.vectors = [("fused", Self.vector(record))]
      if record % 2 == 0 { prediction.vectors.append(("image", Self.vector(record + 7))) }
      rows.append(
        LedgerRow(
          position: Fixtures.position(record),
          outcome: .post(Fixtures.post("k\(1000 - record)", label: "plain"), prediction)))
    }
    rows.append(Fixtures.fault(Self.posts + 1))
    try Fixtures.store(path, rows: rows, counts: Fixtures.counts(Self.posts + 1))
    let queue = try DatabaseQueue(path: path)
    try queue.write { db in
      try db.execute(
        sql: """
          UPDATE embedding SET vector = zeroblob(\(Self.width * 4)) WHERE post_id = 11 AND space = 'fused';
          UPDATE embedding SET vector = x'0000803f' WHERE post_id = 12 AND space = 'fused';
          UPDATE embedding SET vector = CAST(x'0000c07f' || substr(vector, 5) AS BLOB) WHERE post_id = 13 AND space = 'fused';
          """)
    }
    try queue.close()
  }

  private static func vector(_ seed: Int) -> [Float] {
    // Only 40 different vectors, so most cosines are equal to others.
    (0..<width).map { Float((seed % 40 * 37 + $0 * $0 * 11) % 13) - 6 }
  }

  /// The expected result of a search: every vector compared by the formula, in double.
  private func plain(_ probe: [Float], space: String, without post: Int64?, limit: Int, where condition: String = "1")
    throws -> [Int64]
  {
    let rows = try DatabaseQueue(path: path).read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT post.id, post.key, vector FROM embedding JOIN post ON post.id = embedding.post_id
          JOIN prediction ON prediction.post_id = post.id WHERE space = ? AND \(condition)
          """, arguments: [space])
    }
    var found: [(cosine: Double, key: String, post: Int64)] = []
    for row in rows {
      let (id, data): (Int64, Data) = (row["id"], row["vector"])
      let values = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      guard values.count == probe.count, id != post else { continue }
      let dot = zip(probe, values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      let squares = values.reduce(0.0) { $0 + Double($1) * Double($1) }
      let own = probe.reduce(0.0) { $0 + Double($1) * Double($1) }
      guard squares > 0, squares.isFinite else { continue }
      found.append((dot / (own * squares).squareRoot(), row["key"], id))
    }
    return found.sorted {
      if $0.cosine != $1.cosine { return $0.cosine > $1.cosine }
      return $0.key == $1.key ? $0.post < $1.post : $0.key < $1.key
    }.prefix(limit).map(\.post)
  }

  private func posts(_ found: Neighbours) -> [Int64] {
    found.rows.map { row in
      if case .integer(let post)? = row.last { post } else { -1 }
    }
  }

  @Test(arguments: [1, 2, 3, 8], [1, 10, 77, 1000])
  func findsWhatAPlainComparisonFinds(threads: Int, limit: Int) throws {
    let search = try NeighbourSearch(path: path, run: nil)
    for key in ["k999", "k600", "k501"] {
      let probe = try search.probe(post: key, space: "fused")
      let found = try search.nearest(
        to: probe.values, leavingOut: probe.post, space: "fused", limit: limit, threads: threads)
      #expect(posts(found) == (try plain(probe.values, space: "fused", without: probe.post, limit: limit)))
      #expect(found.rows.allSatisfy { $0.count == Neighbours.columns.count })
    }
  }

  @Test func selectsBeforeRanking() throws {
    let search = try NeighbourSearch(path: path, run: "posts")
    let probe = Self.vector(4)
    let conditions = [
      "label = 'plain'", "key < 'k600'", "post.id IN (3, 400)", "post.id = 7", "0",
    ]
    for condition in conditions {
      let asked = condition.replacingOccurrences(of: "post.id", with: "post_id")
      let found = try search.nearest(to: probe, space: "fused", where: asked, limit: 20, threads: 2)
      let expected = try plain(probe, space: "fused", without: nil, limit: 20, where: condition)
      #expect(posts(found) == expected, "\(condition)")
    }
  }

  @Test func postsWithoutAVectorAreCounted() throws {
    let search = try NeighbourSearch(path: path, run: nil)
    let fused = try search.nearest(to: Self.vector(1), space: "fused", limit: 5, threads: 2)
    #expect(fused.compared == Self.posts - 3 && fused.zeroLength == 1 && fused.damaged == 2)
    #expect(fused.withoutVector == 0)
    let image = try search.nearest(to: Self.vector(1), space: "image", limit: 5, threads: 2)
    #expect(image.compared == Self.posts / 2 && image.withoutVector == Self.posts / 2)
  }

  @Test func aPostIsNotItsOwnNeighbourButItsVersionsAre() throws {
    let twin = folder.file("twin.sqlite")
    try Fixtures.store(
      twin,
      rows: [
        Fixtures.scored(1, key: "a", content: "old"), Fixtures.scored(2, key: "b"),
        Fixtures.scored(3, key: "a", content: "new"),
      ], counts: Fixtures.counts(3))
    let search = try NeighbourSearch(path: twin, run: nil)
    let probe = try search.probe(post: "a", space: "text")
    #expect(probe.versions == 2 && probe.post == 3 && probe.place == "posts.csv:4")
    let found = try search.nearest(to: probe.values, leavingOut: probe.post, space: "text", limit: 5, threads: 1)
    #expect(Set(posts(found)) == [1, 2])
  }

  @Test func onlyTheRunsPostsAreSearched() throws {
    let two = folder.file("two.sqlite")
    try Fixtures.store(two, rows: (1...5).map { Fixtures.scored($0) }, counts: Fixtures.counts(5))
    try Fixtures.store(
      two, Fixtures.request("later", given: true),
      rows: [Fixtures.scored(1, key: "k3"), Fixtures.scored(2, key: "k9")],
      counts: Fixtures.counts(2))
    let vector: [Float] = [1, 2, 3, 4]
    let latest = try NeighbourSearch(path: two, run: nil).nearest(to: vector, space: "text", limit: 9, threads: 1)
    #expect(latest.compared == 2)
    let first = try NeighbourSearch(path: two, run: "posts").nearest(to: vector, space: "text", limit: 9, threads: 1)
    #expect(first.compared == 5)
  }

  @Test func unknownPostsAreNamed() throws {
    let search = try NeighbourSearch(path: path, run: nil)
    #expect(throws: SimilarityError.noSuchPost(key: "nobody", run: "posts")) {
      try search.probe(post: "nobody", space: "fused")
    }
    #expect(throws: SimilarityError.faulted(key: "k501", run: "posts")) {
      // In this store, no other record has the faulted record's key.
      let lost = folder.file("lost.sqlite")
      try Fixtures.store(lost, rows: [Fixtures.scored(1), Fixtures.fault(501)], counts: Fixtures.counts(2))
      _ = try NeighbourSearch(path: lost, run: nil).probe(post: "k501", space: "text")
    }
    #expect(throws: SimilarityError.noVector(key: "k999", space: "image", spaces: ["fused"])) {
      try search.probe(post: "k999", space: "image")
    }
    #expect(throws: SimilarityError.emptySpace(space: "text", run: "posts", spaces: ["image", "fused"])) {
      try search.nearest(to: Self.vector(1), space: "text", limit: 5, threads: 1)
    }
    #expect(throws: SimilarityError.zeroLength) {
      try search.nearest(to: [0, 0], space: "fused", limit: 5, threads: 1)
    }
    #expect {
      try search.nearest(to: Self.vector(1), space: "fused", where: "key = 1\n OR bogus", limit: 5, threads: 1)
    } throws: { error in
      guard case SimilarityError.condition(.sqlite(message: _, line: 2?, column: 5?)) = error else { return false }
      return "\(error)".contains("no such column: bogus") && "\(error)".contains("confidence")
    }
    #expect {
      try search.nearest(to: Self.vector(1), space: "fused", where: "load_extension('x')", limit: 5, threads: 1)
    } throws: { error in
      guard case SimilarityError.condition(.notReading) = error else { return false }
      return true
    }
  }

  @Test func readingChangesNothing() throws {
    let before = try folder.state()
    // The reader takes its side files with it.
    func ask() throws {
      let search = try NeighbourSearch(path: path, run: nil)
      _ = try search.nearest(to: Self.vector(1), space: "fused", where: "label = 'plain'", limit: 5, threads: 2)
    }
    try ask()
    #expect(try folder.state() == before)
  }

  @Test func stopsWhenAsked() throws {
    let stop = Atomic(false)
    let search = try NeighbourSearch(path: path, run: nil) { stop.load(ordering: .relaxed) }
    stop.store(true, ordering: .relaxed)
    #expect(throws: SimilarityError.interrupted) {
      try search.nearest(to: Self.vector(1), space: "fused", limit: 5, threads: 2)
    }
  }
}

@Suite struct PostConditionTests {
  @Test(arguments: [
    "label = 'ironic'", "(confidence > 0.5) AND key <> ')'", "text LIKE '%;--/*%'", "\"label\" = ')'",
    "extra ->> 'likes' > 5", "key IN ('a', 'b')", "1", "[label] = 1", "text = 'it''s'",
  ])
  func anExpressionIsTaken(sql: String) throws {
    #expect(try PostCondition(sql).sql == sql)
  }

  @Test(arguments: [
    ("", ConditionError.empty), (" \n\t", .empty), ("1) UNION SELECT (1", .unpaired), ("1)", .unpaired),
    ("(1", .unpaired), ("1) OR (1", .unpaired), ("1; DROP TABLE post", .semicolon), ("1;", .semicolon),
    ("1 -- x", .comment), ("1 /* x */", .comment), ("1 /*", .comment), ("'a", .open(quote: "'")),
    ("\"a", .open(quote: "\"")), ("[a", .open(quote: "[")), ("label = :x", .parameter(":x")),
    ("key = ?1", .parameter("?1")),
    ("a\u{0}b", .nul), ("clfa_take(1)", .reserved("clfa_take")), ("\"CLFA_take\"(1)", .reserved("\"CLFA_take\"")),
  ])
  func whatIsNoExpressionIsNamed(sql: String, problem: ConditionError) {
    #expect(throws: problem) { try PostCondition(sql) }
  }
}
