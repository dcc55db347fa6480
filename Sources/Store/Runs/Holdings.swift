import Bytes
import GRDB
import Synchronization

/// What a store holds already of the work that a command asks for.
public struct Holdings: Sendable {
  /// What the run has read that the command would go on with; empty for one that it would begin.
  public let counts: RunCounts
  /// The posts that the scorer has predictions for, of this corpus or of others.
  public let predictions: Int
  /// The run's faulted records by file, in the order of `counts.files`, where they would be tried again.
  private let faulted: [Set<Int>]
  private let scorer: Int64?

  /// What no store holds.
  public static let nothing = Holdings(counts: RunCounts(), predictions: 0, faulted: [], scorer: nil)

  fileprivate init(counts: RunCounts, predictions: Int, faulted: [Set<Int>], scorer: Int64?) {
    self.counts = counts
    self.predictions = predictions
    self.faulted = faulted
    self.scorer = scorer
  }

  /// The run's entries.
  public var entries: Int { counts.files.reduce(0) { $0 + max(0, $1.read - $1.left) } }

  /// The run's faults that would be tried again.
  public var retried: Int { faulted.reduce(0) { $0 + $1.count } }

  /// Whether the run has read the record and would not try it again.
  public func isDone(file: String, record: Int) -> Bool {
    guard let place = counts.files.firstIndex(where: { $0.name.hasSameBytes(as: file) }) else { return false }
    return record <= counts.files[place].read && !(faulted.indices.contains(place) && faulted[place].contains(record))
  }

  /// The scorer's id, where it has scored anything.
  fileprivate var scorerOfPredictions: Int64? { predictions > 0 ? scorer : nil }
}

/// What of a post is known before its picture is read.
public struct PostSketch: Sendable {
  /// The post's key.
  public var key: String
  /// The post's text.
  public var text: String
  /// The third stream.
  public var knowledge: String
  /// The picture's path.
  public var image: String?
  /// Whether the post would be scored with its picture; `nil` where that is not known.
  public var hasPicture: Bool?
  /// The streams of features that it names a file for; `nil` where that is not known, or the model reads none.
  public var streams: [String]?

  /// Creates a sketch from its parts.
  public init(key: String, text: String, knowledge: String, image: String?, hasPicture: Bool?, streams: [String]? = nil)
  {
    self.key = key
    self.text = text
    self.knowledge = knowledge
    self.image = image
    self.hasPicture = hasPicture
    self.streams = streams
  }
}

extension StoreReader {
  /// What the store holds of a command's work.
  /// - Throws: what opening the run would throw.
  /// - Complexity: O(n) for n predictions, and for the run's entries where faults are tried again.
  public func holdings(of request: RunRequest) throws(StoreError) -> Holdings {
    try ask { db in
      let scorer = try request.scorer.find(in: db)
      let predictions =
        try scorer.flatMap {
          try Int.fetchOne(db, sql: "SELECT count(*) FROM prediction WHERE scorer_id = ?", arguments: [$0])
        } ?? 0
      guard case .resumes(let run, _) = try request.choice(scorer: scorer, in: db, path: path) else {
        return Holdings(counts: RunCounts(), predictions: predictions, faulted: [], scorer: scorer)
      }
      let counts = try RunCounts(run: run, in: db, path: path)
      let faulted = try counts.files.map { file in
        request.reopensFinished ? Set(try Ledger.faultedRecords(db, run: run, file: file.name)) : []
      }
      return Holdings(counts: counts, predictions: predictions, faulted: faulted, scorer: scorer)
    }
  }

  /// Whether the scorer knows a post of the same key, words, picture path and streams of features, asked vectors included.
  ///
  /// Only reading the files would tell whether their bytes are still the same.
  /// - Complexity: O(log n) for n posts; the first question about a key reads all its versions.
  public func knows(_ post: PostSketch, spaces: [String], holdings: Holdings) throws(StoreError) -> Bool {
    guard let scorer = holdings.scorerOfPredictions else { return false }
    return try ask { db in
      let candidates = try versions.withLock { try $0.candidates(for: post, scorer: scorer, in: db) }
      let row = try db.cachedStatement(
        sql: """
          SELECT picture_hash IS NOT NULL FROM post WHERE id = ?1 AND text = ?2 AND knowledge = ?3 AND image IS ?4
            AND (?5 IS NULL OR (picture_hash IS NOT NULL) = ?5)
          """)
      let vector = try db.cachedStatement(
        sql: "SELECT 1 FROM embedding WHERE scorer_id = ? AND space = ? AND post_id = ?")
      let wanted = try db.tableExists("feature") ? post.streams.map { Set($0.map(ByteText.init)) } : nil
      return try candidates.contains { id in
        guard
          let hasPicture = try Bool.fetchOne(
            row, arguments: [id, post.text, post.knowledge, post.image, post.hasPicture])
        else { return false }
        let streams = try wanted == nil ? [] : Set(Self.streams(of: id, in: db))
        if let wanted, wanted != streams { return false }
        return try spaces.allSatisfy { space in
          if space == "image" && !hasPicture { return true }
          if wanted != nil, !StoreSchema.wholeSpaces.contains(space), !streams.contains(ByteText(space)) { return true }
          return try Int.fetchOne(vector, arguments: [scorer, space, id]) != nil
        }
      }
    }
  }

  private static func streams(of post: Int64, in db: Database) throws -> [ByteText] {
    let statement = try db.cachedStatement(sql: "SELECT stream FROM feature WHERE post_id = ?")
    return try String.fetchAll(statement, arguments: [post]).map { ByteText($0) }
  }
}
