import Bytes
import GRDB
import Glibc
package import Queries
package import Store

/// The predictions of the run to compare with, for look-ups by post.
package struct ComparedRun: Sendable {
  /// Identifies a post: in the same store by the row from `FeatureVariantPost`, in another store by a hash of its key
  /// and a hash of its content.
  struct Mark: Hashable {
    var first: UInt64
    var second: UInt64
  }

  /// The run's prediction for a post.
  struct Answer {
    var label: UInt16
    /// Nil if the run's system gave none.
    var confidence: Float?
    /// The index of the post's true label in ``ComparedRun/truths``; −1 without one. Only read if posts are paired by
    /// key.
    var truth: Int32 = -1
  }

  /// The result of looking for a post's partner in the other run.
  enum Match {
    /// The other run has the same post.
    case same(Answer)
    /// The other run has other content under the same key, and the two are a pair.
    case key(Answer)
    /// The other run has other content under the same key, but the two are not a pair.
    case keyOnly
    /// The other run has no post with this key.
    case none
  }

  let name: ByteText
  /// The file name of the other store; nil for the same store.
  let store: String?
  /// The model and its precision, or the system whose predictions were imported.
  let model: String
  let isImported: Bool
  /// The label of each number.
  private(set) var labels: [ByteText]
  /// The true label of each number.
  private(set) var truths: [ByteText] = []
  /// Which posts form pairs.
  let pairing: PostPairing
  private(set) var answers: [Mark: Answer] = [:]
  /// The run's posts by a hash of their key; nil for a key with several posts.
  private var keys: [UInt64: Mark?] = [:]

  private static func sql(_ post: String, truth: String?, run: RunFacts) -> String {
    """
    SELECT prediction.label, \(SQLFragments.confidence(of: "prediction")), \(post), post.key, post.content_hash,
      \(truth == nil ? "NULL" : "truth.label")
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
    CROSS JOIN post ON post.id = entry.post_id
    \(truth ?? "")
    WHERE entry.run_id = ? AND \(run.isCounted("entry"))
    """
  }

  /// Reads a run's predictions.
  ///
  /// - Parameters:
  ///   - store: The store that contains the run.
  ///   - run: The run's name.
  ///   - file: The store's name if it is not the report's store; posts are then matched by key and content.
  ///   - pairing: Which posts form pairs.
  ///   - truth: The source of the true labels; nil for each post's latest.
  ///   - isDistinct: Whether one post of each group of reposts counts.
  /// - Returns: The run's predictions.
  /// - Throws: `ResultsError.noSuchRun`, or if the store cannot be read.
  /// - Complexity: One pass over the run's rows; about 80 bytes of memory for each post.
  package static func load(
    from store: StoreReader, run: String, file: String? = nil, pairing: PostPairing = .content, truth: String? = nil,
    isDistinct: Bool = false
  ) throws(ResultsError) -> ComparedRun {
    try reading(store) { database in
      let (run, scorer) = try RunQuery.fetch(database, name: run, isDistinct: isDistinct)
      var codes = LabelDictionary(scorer.labels), truths = LabelDictionary([])
      var answers: [Mark: Answer] = [:], keys: [UInt64: Mark?] = [:]
      // The same post has one truth; two posts that only share a key have one each.
      let source = pairing == .key ? truth : nil
      let join = try pairing == .key ? "LEFT \(TrueLabelJoin(database, source: source).sql)" : nil
      let statement = try database.makeStatement(
        sql: sql(file == nil ? FeatureVariantPost.sql(database) : "post.id", truth: join, run: run))
      let cursor = try Row.fetchCursor(
        statement, arguments: [scorer.id] + (source.map { [$0] } ?? []) + [run.id])
      let row = StatementRow(statement)
      while try cursor.next() != nil {
        guard let label = row.bytes(0) else { continue }
        let code = codes.code(label)
        guard codes.names.count <= ReportData.labelLimit else {
          throw ResultsError.tooManyLabels(codes.names.count, limit: ReportData.labelLimit)
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
        name: run.name, store: file,
        model: scorer.isForeign ? scorer.modelName : "\(scorer.modelName), \(scorer.precision)",
        isImported: scorer.isForeign, labels: codes.names,
        truths: truths.names, pairing: pairing, answers: answers, keys: keys)
    }
  }
}

extension ComparedRun {
  /// Finds a post's partner in the other run; all pairing is decided here. The partner is the same post. With the
  /// pairing `key`, it may also be another post with the same key, if each run has only one post with that key.
  ///
  /// - Parameters:
  ///   - mark: the post.
  ///   - key: its key.
  ///   - isOnlyOne: whether its own run has no other post with the key.
  /// - Returns: The partner's prediction, or the reason why there is none.
  func match(_ mark: Mark, key: UnsafeBufferPointer<UInt8>?, isOnlyOne: Bool) -> Match {
    if let answer = answers[mark] { return .same(answer) }
    guard let place = keys[Mark.hash(key)] else { return .none }
    guard pairing == .key, isOnlyOne, let place, let answer = answers[place] else { return .keyOnly }
    return .key(answer)
  }
}

extension ComparedRun.Mark {
  /// Identifies a post of the report's store by its row.
  init(row: Int64) { self.init(first: UInt64(bitPattern: row), second: 0) }

  /// Identifies a post of any store.
  init(key: UnsafeBufferPointer<UInt8>?, content: UnsafeBufferPointer<UInt8>?) {
    self.init(first: Self.hash(key), second: Self.hash(content))
  }

  /// The 64-bit FNV-1a hash (Fowler, Noll and Vo).
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>?) -> UInt64 {
    (bytes ?? UnsafeBufferPointer(start: nil, count: 0)).reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
  }
}

extension ComparedRun {
  /// Reads a run given on the command line: the name of a run of the same store, or else `FILE.sqlite:RUN`.
  ///
  /// - Parameters:
  ///   - name: The text from the command line.
  ///   - store: The report's store.
  ///   - pairing: Which posts form pairs.
  ///   - truth: The source of the true labels; nil for each post's latest.
  ///   - isDistinct: Whether one post of each group of reposts counts.
  ///   - shouldStop: Called while another store is read; true cancels the reading.
  /// - Returns: The run's predictions.
  /// - Throws: `ResultsError` if there is no such run; the other store's `StoreError`.
  package static func find(
    _ name: String, from store: StoreReader, pairing: PostPairing = .content, truth: String? = nil,
    isDistinct: Bool = false, shouldStop: (@Sendable () -> Bool)? = nil
  ) throws -> ComparedRun {
    guard let (file, run) = parts(of: name, isRun: try hasRun(name, store)) else {
      return try load(from: store, run: name, pairing: pairing, truth: truth, isDistinct: isDistinct)
    }
    let other = try StoreReader(path: file, calibration: store.calibration, shouldStop: shouldStop)
    defer { other.close() }
    let isSame = ByteText(other.path) == ByteText(store.path)
    return try load(
      from: other, run: run, file: isSame ? nil : String(file.split(separator: "/").last ?? ""), pairing: pairing,
      truth: truth, isDistinct: isDistinct)
  }

  /// The file and the run, if the text names both. Names of runs and files may contain colons.
  private static func parts(of name: String, isRun: Bool) -> (file: String, run: String)? {
    guard !isRun else { return nil }
    let colons = name.indices.filter { name[$0] == ":" }
    let places = colons.filter { isFile(String(name[..<$0])) }
    // If no such file exists, split after `.sqlite`, so that the error names the missing file.
    let place = places.last ?? colons.last { name[..<$0].hasSuffix(".sqlite") }
    return place.map { (String(name[..<$0]), String(name[name.index(after: $0)...])) }
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return !path.isEmpty && !path.utf8.contains(0) && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func hasRun(_ name: String, _ store: StoreReader) throws(ResultsError) -> Bool {
    try reading(store) { database in
      try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM run WHERE name = ?)", arguments: [name]) ?? false
    }
  }
}

/// Treats posts that differ only in their features as one post when runs are compared, for example a model with audio
/// features and one without.
enum FeatureVariantPost {
  /// An SQL expression for the representative of a row of `post`: the first row with the same key, text, knowledge and
  /// picture.
  ///
  /// - Complexity: One index look-up per post if the store has features, else none.
  static func sql(_ database: Database) throws -> String {
    guard try database.hasFeatures() else { return "post.id" }
    return """
      (SELECT min(twin.id) FROM post AS twin WHERE twin.key = post.key AND twin.text = post.text
        AND twin.knowledge = post.knowledge AND twin.picture_hash IS post.picture_hash)
      """
  }
}
