package import Bytes
import GRDB
package import Inputs
import Queries
package import Store

/// One post as a run scored it: its content, the scorer, and the prediction.
package struct ScoredPost: Sendable {
  /// A model with a precision, as recorded in the store.
  package struct ScorerInfo: Sendable {
    package var modelName: String
    package var fingerprint: String
    /// The precision that `score` used.
    package var precision: String
    /// How pictures were decoded; nil if the options do not say.
    package var decoding: String?
  }

  /// A file of features that the post was scored with.
  package struct Features: Sendable, Equatable {
    package var stream: String
    /// SHA-256 of the file's bytes, in hexadecimal.
    package var hash: String
  }

  package var key: String
  package var run: ByteText
  /// The run's folder of pictures as given; nil if each corpus file's own folder was used.
  package var images: String?
  /// How files may differ from their references: by any rule, if the run found pictures by rules.
  package var imageMatch: PictureMatch
  /// When the run ended, or when it began if it has not ended; UTC ISO 8601.
  package var scoredAt: String
  /// The corpus file that contains the post.
  package var file: String
  /// The line in the file, from 1.
  package var line: Int
  /// The number of posts with this key but different content that the run scored; this is the last of them.
  package var versions: Int
  /// The text, unchanged.
  package var text: String
  /// The text of the knowledge stream.
  package var knowledge: String
  /// The picture's path as written in the corpus; nil without one.
  package var image: String?
  /// SHA-256 of the picture's bytes in hexadecimal; nil if the post was scored without a picture.
  package var pictureHash: String?
  /// The feature files, sorted by stream.
  package var features: [Features]
  /// The cells of the corpus's other columns.
  package var extra: [(name: ByteText, value: String)]
  /// A small JPEG of the picture, if the store has one.
  package var thumbnail: [UInt8]?
  package var scorer: ScorerInfo
  /// The predicted label.
  package var label: ByteText
  /// The probability of the predicted label.
  package var confidence: Double
  /// Every label's probability, in the model's order.
  package var probabilities: [(label: ByteText, value: Double)]
  /// The cosine of the text's and the picture's vector; nil without a picture.
  package var textImageSimilarity: Double?
  /// The share of word pieces that the model does not know.
  package var unknownShare: Double
  /// The number of word pieces that were cut off.
  package var truncated: Int
  /// The latest true label; nil if none is known.
  package var truth: ByteText?
}

/// Why a run has no prediction for a post.
package enum ScoredPostError: Error, Equatable, Sendable {
  /// No run of the store has a post with this key; `near` is a similar key in the store.
  case unknown(key: String, run: String, near: String?)
  /// Only other runs have scored the post.
  case inOtherRuns(key: String, run: String, others: [String])
  /// The row is a fault in this run.
  case faulted(key: String, run: String, stage: String, code: String, detail: String)
}

extension ScoredPostError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknown(let key, let run, let near):
      "no post \"\(key.printable)\" in run \(run.printable)"
        + (near.map { "; did you mean \"\($0.printable)\"?" }
          ?? "; a key is a post's id in the corpus, exactly as written there")
    case .inOtherRuns(let key, let run, let others):
      "run \(run.printable) did not score post \"\(key.printable)\", but "
        + "\(others.listed(most: 8)) did"
    case .faulted(let key, let run, let stage, let code, let detail):
      "post \"\(key.printable)\" was not scored in run \(run.printable): \(stage.printable): \(code.printable): "
        + "\(detail.printable)"
    }
  }
}

extension StoreReader {
  /// The post with a key as a run scored it; if there are several, the last in the run's order.
  ///
  /// - Parameters:
  ///   - key: the post's key, compared byte by byte.
  ///   - name: the run's name; nil for the latest run.
  /// - Returns: the post with the run's prediction.
  /// - Throws: `ScoredPostError` if the run has no such post; `StoreError`.
  /// - Complexity: O(log n + m) for m rows with the key.
  package func scoredPost(_ key: String, run name: String?) throws -> ScoredPost {
    do {
      return try read { db in
        let run = try PostRun(named: name, in: db, path: path)
        guard let place = try PostPlace(key: key, run: run, in: db) else {
          throw try PostSearch(key: key, run: run, db: db).reason()
        }
        return try ScoredPost(place, key: key, run: run, in: db)
      }
    } catch let error as ScoredPostError {
      throw error
    } catch {
      throw StoreError(error, store: path)
    }
  }
}

extension StoreReader {
  /// A post of a report with all its data; nil if the run has no such post.
  ///
  /// - Throws: `StoreError`.
  package func scoredPost(_ shown: ShownPost, run name: String) throws -> ScoredPost? {
    do {
      return try scoredPost(shown.key, run: name)
    } catch is ScoredPostError {
      return nil
    }
  }
}

/// The run to search.
private struct PostRun {
  var id: Int64
  var name: ByteText
  var scorer: Int64
  var images: String?
  var imageMatch: PictureMatch
  var scoredAt: String
  /// The store's path, for errors.
  var path: String
  /// The corpus files in order.
  var files: [ByteText]

  init(named name: String?, in db: Database, path: String) throws {
    let id = try RunName.find(name, in: db, path: path)
    let row = try Row.fetchOne(
      db, sql: "SELECT name, scorer_id, images, coalesce(finished_at, started_at) FROM run WHERE id = ?",
      arguments: [id])
    guard let row else { throw StoreError.noRuns(path: path) }
    (self.id, self.path) = (id, path)
    (self.name, scorer, images, scoredAt) = try (row.get(0), row.get(1), row.find(2), row.get(3))
    let counts = try RunCounts(run: id, in: db, path: path)
    files = counts.files.map(\.name)
    imageMatch = counts.hasPicturesByRule ? .name : .written
  }
}

/// The last row with a key in a run.
private struct PostPlace {
  var post: Int64
  var file: String
  var line: Int
  /// The number of posts with the key in the run.
  var versions: Int

  init?(key: String, run: PostRun, in db: Database) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT entry.post_id, entry.file, entry.line, entry.record FROM post
        CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = post.id AND entry.run_id = ?
        CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = post.id
        WHERE post.key = ? AND \(SQLFragments.isAnswered("entry"))
        """, arguments: [run.id, run.scorer, key])
    var posts: Set<Int64> = [], last: (order: (Int, Int), post: Int64, file: ByteText, line: Int)?
    while let row = try rows.next() {
      let (post, file, line, record): (Int64, ByteText, Int, Int) =
        try (row.get(0), row.get(1), row.get(2), row.get(3))
      posts.insert(post)
      let order = (run.files.firstIndex(of: file) ?? run.files.count, record)
      if last.map({ $0.order < order }) ?? true { last = (order, post, file, line) }
    }
    guard let last else { return nil }
    (post, file, line, versions) = (last.post, last.file.text, last.line, posts.count)
  }
}

/// Finds out why a key has no scored row in a run.
private struct PostSearch {
  var key: String
  var run: PostRun
  var db: Database

  /// The number of keys before and after the missing one, in byte order, that are searched for a similar key.
  private static let neighbours = 400

  func reason() throws -> ScoredPostError {
    let fault = try Row.fetchOne(
      db, sql: "SELECT stage, code, detail FROM fault WHERE run_id = ? AND key = ? ORDER BY id LIMIT 1",
      arguments: [run.id, key])
    if let fault {
      return try .faulted(key: key, run: run.name.text, stage: fault.get(0), code: fault.get(1), detail: fault.get(2))
    }
    let others = try String.fetchAll(
      db,
      sql: """
        SELECT DISTINCT run.name FROM post CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = post.id
        CROSS JOIN run ON run.id = entry.run_id
        CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = post.id
        WHERE post.key = ? ORDER BY run.id DESC LIMIT 5
        """, arguments: [key])
    if !others.isEmpty { return .inOtherRuns(key: key, run: run.name.text, others: others) }
    let near = try DidYouMean.closest(to: key, in: keys("<=", "DESC") + keys(">", "ASC"))
    return .unknown(key: key, run: run.name.text, near: near)
  }

  private func keys(_ side: String, _ order: String) throws -> [String] {
    try String.fetchAll(
      db, sql: "SELECT DISTINCT key FROM post WHERE key \(side) ? ORDER BY key \(order) LIMIT ?",
      arguments: [key, Self.neighbours])
  }
}

extension ScoredPost {
  /// The size in bytes above which a thumbnail is ignored.
  private static let thumbnailLimit = 4 << 20

  fileprivate init(_ place: PostPlace, key: String, run: PostRun, in db: Database) throws {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT post.text, post.knowledge, post.image, post.picture_hash, scorer.model_name, scorer.model_fingerprint,
          scorer.precision, scorer.options ->> '$.decode', prediction.label, prediction.confidence,
          prediction.text_image_similarity, prediction.unknown_share, prediction.truncated,
          \(SQLFragments.trueLabel(of: "post.id"))
        FROM post CROSS JOIN scorer ON scorer.id = ?
        CROSS JOIN prediction ON prediction.scorer_id = scorer.id AND prediction.post_id = post.id WHERE post.id = ?
        """, arguments: [run.scorer, place.post])
    guard let row else { throw StoreError.damaged(path: run.path, what: "a post's prediction") }
    let probabilities = try Row.fetchAll(
      db,
      sql: """
        SELECT member.key, member.value FROM prediction, json_each(prediction.probabilities) AS member
        WHERE scorer_id = ? AND post_id = ? AND member.type IN ('real', 'integer') ORDER BY member.id
        """, arguments: [run.scorer, place.post]
    ).map { try (label: $0.get(0) as ByteText, value: $0.get(1) as Double) }
    self.init(
      key: key, run: run.name, images: run.images, imageMatch: run.imageMatch, scoredAt: run.scoredAt, file: place.file,
      line: place.line,
      versions: place.versions, text: try row.get(0), knowledge: try row.get(1), image: try row.find(2),
      pictureHash: try row.find(3), features: try Self.features(of: place.post, in: db),
      extra: try Self.extra(of: place.post, in: db), thumbnail: try Self.thumbnail(of: place.post, in: db),
      scorer: ScorerInfo(
        modelName: try row.get(4), fingerprint: try row.get(5), precision: try row.get(6), decoding: try row.find(7)),
      label: try row.get(8), confidence: try row.get(9), probabilities: probabilities,
      textImageSimilarity: try row.find(10), unknownShare: try row.get(11), truncated: try row.get(12),
      truth: try row.find(13))
  }

  /// The hashes of the post's feature files; older stores have no such table.
  private static func features(of post: Int64, in db: Database) throws -> [Features] {
    guard try db.tableExists("feature") else { return [] }
    let sql = "SELECT stream, hash FROM feature WHERE post_id = ? ORDER BY stream"
    return try Row.fetchAll(db, sql: sql, arguments: [post]).map { try Features(stream: $0.get(0), hash: $0.get(1)) }
  }

  /// The cells of the columns that the model does not read.
  private static func extra(of post: Int64, in db: Database) throws -> [(name: ByteText, value: String)] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT member.key, member.value FROM post, json_each(post.extra) AS member
        WHERE post.id = ? AND member.type = 'text' ORDER BY member.id
        """, arguments: [post]
    ).map { try (name: $0.get(0), value: $0.get(1)) }
  }

  /// The post's widest thumbnail; older stores have no such table.
  private static func thumbnail(of post: Int64, in db: Database) throws -> [UInt8]? {
    guard try db.tableExists("thumbnail") else { return nil }
    let bytes = try Row.fetchOne(
      db,
      sql: "SELECT jpeg FROM thumbnail WHERE post_id = ? AND length(jpeg) <= ? ORDER BY width DESC LIMIT 1",
      arguments: [post, thumbnailLimit])
    guard case .blob(let data)? = (bytes?[0] as DatabaseValue?)?.storage else { return nil }
    return [UInt8](data)
  }
}
