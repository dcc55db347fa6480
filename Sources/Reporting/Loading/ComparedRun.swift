import GRDB
public import Queries
public import Store

/// What another run says of its posts, to be looked up one by one.
public struct ComparedRun: Sendable {
  /// A post's place: the row of `PostTwin` in the same store; in another one two hashes, over its key and over its content.
  struct Mark: Hashable {
    var first: UInt64
    var second: UInt64
  }

  /// What the run says of a post.
  struct Answer {
    var label: UInt16
    /// nil where nobody gave it.
    var confidence: Float?
    /// The number of the post's true label among ``ComparedRun/truths``; negative where it has none, and not looked up
    /// where only the same posts are pairs.
    var truth: Int32 = -1
  }

  /// How a post of one run finds its pair in the other.
  enum Match {
    /// The same post.
    case same(Answer)
    /// Another content under the same key.
    case key(Answer)
    /// The other run has its key with other content, and that is no pair.
    case keyOnly
    /// The other run does not have it.
    case none
  }

  /// The run's name.
  let name: String
  /// The name of the store's file, where it is another store.
  let store: String?
  let model: String
  /// The labels by number.
  private(set) var labels: [String]
  /// The true labels of its posts by number.
  private(set) var truths: [String] = []
  /// Which posts are pairs.
  let pairing: Pairing
  private(set) var answers: [Mark: Answer] = [:]
  /// The run's posts by a hash of their key; nil where it has several of a key.
  private var keys: [UInt64: Mark?] = [:]

  private static func sql(_ post: String, truth: String?) -> String {
    """
    SELECT prediction.label, \(QueryParts.confidence(of: "prediction")), \(post), post.key, post.content_hash,
      \(truth == nil ? "NULL" : "truth.label")
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
    CROSS JOIN post ON post.id = entry.post_id
    \(truth ?? "")
    WHERE entry.run_id = ? AND entry.state IN ('scored', 'without_picture')
    """
  }

  /// Reads a run's predictions.
  ///
  /// - Parameters:
  ///   - store: The store it is in.
  ///   - run: Its name.
  ///   - file: The store's name, where it is another one than the report's; posts are then found again by key and content.
  ///   - pairing: Which posts are pairs.
  ///   - truth: Whose true labels count, by source; nil for each post's latest.
  /// - Returns: The run's predictions.
  /// - Throws: `ReportingError.noSuchRun`, or where the store cannot be read.
  /// - Complexity: A pass over the run's rows; about 80 bytes of memory a post.
  public static func load(
    from store: StoreReader, run: String, file: String? = nil, pairing: Pairing = .content, truth: String? = nil
  ) throws(ReportingError) -> ComparedRun {
    try reading(store) { database in
      let (run, scorer) = try RunQuery.fetch(database, name: run)
      var codes = LabelCodes(scorer.labels), truths = LabelCodes([])
      var answers: [Mark: Answer] = [:], keys: [UInt64: Mark?] = [:]
      // The same post has one truth; posts that share their key only have one each.
      let source = pairing == .key ? truth : nil
      let join =
        source == nil
        ? try TruthJoin(database).sql : "JOIN label AS truth ON truth.post_id = entry.post_id AND truth.source = ?"
      let statement = try database.makeStatement(
        sql: sql(
          file == nil ? PostTwin.sql(database) : "post.id", truth: pairing == .key ? "LEFT \(join)" : nil))
      let cursor = try Row.fetchCursor(
        statement, arguments: [scorer.id] + (source.map { [$0] } ?? []) + [run.id])
      let row = RawRow(statement)
      while try cursor.next() != nil {
        guard let label = row.bytes(0) else { continue }
        let code = codes.code(label)
        guard codes.names.count <= ReportData.labelLimit else {
          throw ReportingError.tooManyLabels(codes.names.count, limit: ReportData.labelLimit)
        }
        let mark = file == nil ? Mark(row: row.integer(2)) : Mark(key: row.bytes(3), content: row.bytes(4))
        let key = Mark.hash(row.bytes(3))
        if let known = keys[key] {
          if known != mark { keys[key] = .some(nil) }
        } else {
          keys[key] = mark
        }
        answers[mark] = Answer(
          label: UInt16(code), confidence: row.number(1).map(Float.init),
          truth: row.bytes(5).map { Int32(truncatingIfNeeded: truths.code($0)) } ?? -1)
      }
      return ComparedRun(
        name: run.name, store: file, model: "\(scorer.modelName), \(scorer.precision)", labels: codes.names,
        truths: truths.names, pairing: pairing, answers: answers, keys: keys)
    }
  }
}

extension ComparedRun {
  /// The one place that decides which posts are a pair: the same post; with the pairing `key`, otherwise the posts of one
  /// key, where each run has one post of that key.
  ///
  /// - Parameters:
  ///   - mark: the post.
  ///   - key: its key.
  ///   - isOnlyOne: whether its own run has no other post of the key.
  /// - Returns: What the other run has for it.
  func match(_ mark: Mark, key: UnsafeBufferPointer<UInt8>?, isOnlyOne: Bool) -> Match {
    if let answer = answers[mark] { return .same(answer) }
    guard let place = keys[Mark.hash(key)] else { return .none }
    guard pairing == .key, isOnlyOne, let place, let answer = answers[place] else { return .keyOnly }
    return .key(answer)
  }
}

extension ComparedRun.Mark {
  /// A post of the same store.
  init(row: Int64) { self.init(first: UInt64(bitPattern: row), second: 0) }

  /// A post of any store.
  init(key: UnsafeBufferPointer<UInt8>?, content: UnsafeBufferPointer<UInt8>?) {
    self.init(first: Self.hash(key), second: Self.hash(content))
  }

  /// Fowler, Noll and Vo's hash, 64 bits (FNV-1a). The content is a SHA-256 already.
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>?) -> UInt64 {
    (bytes ?? UnsafeBufferPointer(start: nil, count: 0)).reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
  }
}
