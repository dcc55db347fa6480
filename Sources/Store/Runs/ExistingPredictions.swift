package import Bytes
import GRDB
import Synchronization

/// The part of a command's work that is already in the store.
package struct ExistingPredictions: Sendable {
  /// The records read by the run that the command would continue; empty for a new run.
  package let counts: RunCounts
  /// The posts that the scorer has predictions for, of this corpus or of others.
  package let predictions: Int
  /// The run's faulted records by file, in the order of `counts.files`, if they would be retried.
  private let faulted: [Set<Int>]
  private let scorer: Int64?

  /// No existing predictions, as without a store.
  package static let nothing = ExistingPredictions(counts: RunCounts(), predictions: 0, faulted: [], scorer: nil)

  fileprivate init(counts: RunCounts, predictions: Int, faulted: [Set<Int>], scorer: Int64?) {
    self.counts = counts
    self.predictions = predictions
    self.faulted = faulted
    self.scorer = scorer
  }

  /// The run's entries.
  package var entries: Int { counts.files.reduce(0) { $0 + max(0, $1.read - $1.left) } }

  /// The number of the run's faults that would be retried.
  package var retried: Int { faulted.reduce(0) { $0 + $1.count } }

  /// Whether the run has read the record and would not retry it.
  package func isDone(file: ByteText, record: Int) -> Bool {
    guard let place = counts.files.firstIndex(where: { $0.name == file }) else { return false }
    return record <= counts.files[place].read && !(faulted.indices.contains(place) && faulted[place].contains(record))
  }

  /// The scorer's id, if it has scored anything.
  fileprivate var scorerOfPredictions: Int64? { predictions > 0 ? scorer : nil }
}

/// The facts about a post that are known before its picture is read.
package struct PostPreview: Sendable {
  /// The post's key.
  package var key: ByteText
  /// The post's text.
  package var text: String
  /// The third stream.
  package var knowledge: String
  /// The picture's path.
  package var image: String?
  /// Whether the post would be scored with its picture; `nil` if that is not known.
  package var hasPicture: Bool?
  /// The feature streams for which it names a file; `nil` if that is not known, or the model reads none.
  package var streams: [String]?

  /// Creates a preview from its parts.
  package init(
    key: ByteText, text: String, knowledge: String, image: String?, hasPicture: Bool?, streams: [String]? = nil
  ) {
    self.key = key
    self.text = text
    self.knowledge = knowledge
    self.image = image
    self.hasPicture = hasPicture
    self.streams = streams
  }
}

extension StoreReader {
  /// The part of a command's work that is already in the store.
  /// - Throws: what opening the run would throw.
  /// - Complexity: O(n) for n predictions, and for the run's entries if faults are retried.
  package func existingPredictions(of request: RunRequest) throws(StoreError) -> ExistingPredictions {
    try withDatabase { db in
      let scorer = try request.scorer.find(in: db)
      let predictions =
        try scorer.flatMap {
          try Int.fetchOne(db, sql: "SELECT count(*) FROM prediction WHERE scorer_id = ?", arguments: [$0])
        } ?? 0
      guard case .resumes(let run, _) = try request.choice(scorer: scorer, in: db, path: path) else {
        return ExistingPredictions(counts: RunCounts(), predictions: predictions, faulted: [], scorer: scorer)
      }
      let counts = try RunCounts(run: run, in: db, path: path)
      let faulted = try counts.files.map { file in
        request.reopensFinished ? Set(try RunLedger.faultedRecords(db, run: run, file: file.name)) : []
      }
      return ExistingPredictions(counts: counts, predictions: predictions, faulted: faulted, scorer: scorer)
    }
  }

  /// Whether the scorer has scored a post with the same key, texts, picture path and feature streams, including the
  /// requested vectors.
  ///
  /// Only reading the files would show whether their contents are still the same.
  /// - Complexity: O(log n) for n posts; the first question about a key reads all its versions.
  package func knows(_ post: PostPreview, spaces: [String], existingPredictions: ExistingPredictions) throws(StoreError)
    -> Bool
  {
    guard let scorer = existingPredictions.scorerOfPredictions else { return false }
    return try withDatabase { db in
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

/// The versions of the keys that a command asks about. Those of a key are read only once, however many rows have the
/// key.
///
/// It keeps hashes of 64 bits, which two versions may share, so the row itself must be compared.
struct PostVersionCache {
  /// The maximum number of versions kept for all keys together; a key with more is kept alone.
  private static let most = 1 << 20
  /// A key with at most this many versions is read again each time.
  private static let few = 8

  private struct Version: Hashable {
    var text, knowledge: ByteText
    var image: ByteText?
  }

  private var scorer: Int64?
  private var kept: [ByteText: [Int: [Int64]]] = [:]
  private var count = 0
  /// Versions read from the store so far.
  private(set) var read = 0

  /// The ids of a key's versions that the scorer has scored and that probably have the same text, knowledge and picture
  /// path.
  /// - Complexity: O(n) for n versions of the key at the first call, O(1) later.
  mutating func candidates(for post: PostPreview, scorer: Int64, in db: Database) throws -> [Int64] {
    if self.scorer != scorer { (self.scorer, kept, count) = (scorer, [:], 0) }
    let hash = Self.hash(post.text, post.knowledge, post.image)
    if let versions = kept[post.key] { return versions[hash] ?? [] }
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT post.id, post.text, post.knowledge, post.image FROM post CROSS JOIN prediction
          ON prediction.scorer_id = ?1 AND prediction.post_id = post.id WHERE post.key = ?2
          """),
      arguments: [scorer, post.key.text])
    var (versions, found) = ([Int: [Int64]](), 0)
    while let row = try rows.next() {
      found += 1
      try versions[Self.hash(row.get(1), row.get(2), row.find(3)), default: []].append(row.get(0))
    }
    read += found
    if found > Self.few {
      if count + found > Self.most { (kept, count) = ([:], 0) }
      kept[post.key] = versions
      count += found
    }
    return versions[hash] ?? []
  }

  private static func hash(_ text: String, _ knowledge: String, _ image: String?) -> Int {
    Version(text: ByteText(text), knowledge: ByteText(knowledge), image: image.map { ByteText($0) }).hashValue
  }
}
