import Bytes
import Corpus
import Queries
import Store

/// Metadata for Datasette: descriptions of the tables, and the named queries as canned ones.
struct DatasetteMetadata {
  /// A database in Datasette, named after its file.
  struct Database {
    var description: String
    var queries: [String: Query]
    var tables: [String: Table]
  }

  /// A canned query.
  struct Query {
    var title: String
    var description: String
    var sql: String
    var params: [String]
  }

  /// A table or a view.
  struct Table {
    var description: String
    var columns: [String: String]
  }

  var title: String
  var databases: [String: Database]

  /// Queries that plain SQLite cannot run, each with SQLite's reason.
  private let leftOut: [(name: String, reason: String)]

  /// Describes the store of a run.
  init(_ source: ExportSource) throws {
    var queries: [String: Query] = [:]
    var leftOut: [(name: String, reason: String)] = []
    for query in try NamedQuery.all {
      let sql = DatasetteQuery.sql(query)
      if let reason = source.plainSQLiteError(of: sql) {
        leftOut.append((query.name, reason))
        continue
      }
      let parameters = query.parameters ?? []
      let words = parameters.map { "\($0.signature)\($0.help.isEmpty ? "" : ": \($0.help)")" }
      queries[query.name] = Query(
        title: query.name,
        description: query.summary + (words.isEmpty ? "" : " Parameters: " + words.joined(separator: "; ") + "."),
        sql: sql, params: parameters.map(\.name.text))
    }
    self.leftOut = leftOut
    let run = source.run
    title = "Run \(run.name), scored by \(run.model)"
    databases = [
      FileStem.of(run.path): Database(
        description: Self.description(run), queries: queries, tables: Self.tables)
    ]
  }

  /// Describes the posts and how they differ from the training data.
  private static func description(_ run: RunExport) -> String {
    var posts = "Posts of text and picture, scored by clfa."
    if let calibration = run.calibration {
      posts +=
        " The rows exported with this file are calibrated (\(calibration.rule)); the store has the model's own answers."
    }
    guard let mismatches = run.mismatches, !mismatches.isEmpty else { return posts }
    let found = mismatches.map { $0.hasSuffix(".") ? $0 : $0 + "." }.joined(separator: " ")
    return "\(posts) Run \(run.name) differs from what its model was trained on: \(found)"
  }

  /// A line for each query that is not among the canned ones.
  var notices: [String] { leftOut.map { "\($0.name) runs only in clfa, so Datasette does not get it: \($0.reason)" } }

  /// The file's bytes; the same data give the same bytes.
  var json: [UInt8] {
    func object<Value>(_ values: [String: Value], _ json: (Value) -> JSON) -> JSON {
      .members(values.map { ($0.key, json($0.value)) })
    }
    func query(_ query: Query) -> JSON {
      .members([
        ("title", .string(query.title)), ("description", .string(query.description)), ("sql", .string(query.sql)),
        // The rows come first; the SQL can be unfolded.
        ("hide_sql", .bool(true)), ("params", .array(query.params.map { .string($0) })),
      ])
    }
    func table(_ table: Table) -> JSON {
      .members([
        ("description", .string(table.description)), ("columns", object(table.columns) { .string($0) }),
      ])
    }
    let databases = object(databases) { database in
      .members([
        ("description", .string(database.description)), ("queries", object(database.queries, query)),
        ("tables", object(database.tables, table)),
      ])
    }
    return Array((JSON.members([("title", .string(title)), ("databases", databases)]).text(.indented) + "\n").utf8)
  }

  private static let tables = [
    "scored": Table(
      description: "The latest run: a row for each post with what the model says and what is known to be true.",
      columns: [
        "label": "the label with the greatest probability", "confidence": "that label's probability",
        "truth": "the true label noted last", "correct": "1 where label and truth are equal",
        "text_image_similarity": "the cosine of the text's and the picture's vector",
        "unknown_share": "the share of word pieces that the vocabulary lacks", "truncated": "word pieces cut off",
        "extra": "the corpus' other columns, a JSON object",
      ]),
    "confusion": Table(
      description: "The latest run: how often each true label was predicted as each label.", columns: [:]),
    "mistake": Table(description: "The latest run: posts whose label is not the true one.", columns: [:]),
    "run": Table(description: "A corpus that was scored: what was read, and how it ended.", columns: [:]),
    "scorer": Table(description: "A model at a precision, with the options that matter to a result.", columns: [:]),
    "post": Table(
      description: "A key with a content; other content under the same key is another post.",
      columns: [
        "content_hash": "SHA-256 of text, knowledge, and the hashes of picture and features",
        "repost_group": "equal for a post and its reposts", "is_repost": "1 if the text says that it is a repost",
      ]),
    "distinct_post": Table(
      description: "The latest run: one post of each group of reposts.",
      columns: ["posts": "the number of scored posts in the group"]),
    "entry": Table(description: "What became of each row of a run.", columns: ["line": "as an editor counts"]),
    "prediction": Table(
      description: "What a scorer says of a post.", columns: ["probabilities": "each label's, a JSON object"]),
    "embedding": Table(
      description:
        "Vectors of posts by space: text, image, fused (which the label is read from), streams of features.",
      columns: ["vector": "little-endian float32, not normalised"]),
    "feature": Table(
      description: "Streams of features that a post has something in.", columns: ["hash": "SHA-256 of the file"]),
    "post_time": Table(
      description: "Times of the corpus' columns that SQL alone would read in another way.",
      columns: ["time": "UTC; null if the text is no time"]),
    "label": Table(description: "True labels, by who noted them.", columns: ["source": "corpus: its label column"]),
    "sample": Table(
      description: "Posts that were drawn to be labelled.",
      columns: ["design": "random, stratified or uncertain", "settings": "how they were drawn, a JSON object"]),
    "sample_post": Table(
      description: "The posts of each sample.",
      columns: [
        "position": "the order in which they are labelled", "inclusion": "the probability of being drawn",
        "stratum": "its place in the sample's settings, from 0",
      ]),
    "label_note": Table(description: "What annotators noted on their labels.", columns: [:]),
    "collected_part": Table(
      description: "The parts from which a run was collected.",
      columns: [
        "number": "from 1 to total", "parts": "SHA-256 of the file of parts", "path": "the file that it came from",
        "hash": "SHA-256 of its lines", "is_taken": "0 if it waits for an earlier part",
      ]),
    "fault": Table(description: "Rows that were lost, and what to.", columns: ["stage": "where on the way"]),
  ]
}

/// A named query in the form that Datasette can run.
///
/// Datasette passes every parameter as text, and a missing one as an empty text. So each `:name` becomes an expression
/// that uses the default for an empty text, and converts numbers.
enum DatasetteQuery {
  /// A query's SQL for Datasette.
  static func sql(_ query: NamedQuery) -> String {
    let bytes = Array(query.sql.utf8)
    let parameters = query.parameters ?? []
    var sql: [UInt8] = []
    for token in SQLTokens.of(bytes) {
      let piece = bytes[token.range]
      let name = ByteText(decoding: piece.dropFirst())
      let parameter = token.kind == .parameter ? parameters.first { $0.name == name } : nil
      if let parameter { sql += Array(expression(parameter).utf8) } else { sql += piece }
    }
    return String(decoding: sql, as: UTF8.self)
  }

  /// The SQL expression for a parameter, with its default.
  private static func expression(_ parameter: QueryParameter) -> String {
    let given = "nullif(:\(parameter.name), '')"
    let latest = "(SELECT name FROM run ORDER BY id DESC LIMIT 1)"
    switch parameter.kind {
    case .run:
      // Without a default, an empty text names no run.
      let named = "nullif(\(given), '\(QueryParameter.latest)')"
      return parameter.defaultValue == nil
        ? "(CASE :\(parameter.name) WHEN '\(QueryParameter.latest)' THEN \(latest) ELSE :\(parameter.name) END)"
        : "coalesce(\(named), \(latest))"
    case .integer: return "CAST(\(orDefault(given, parameter)) AS INTEGER)"
    case .real: return "CAST(\(orDefault(given, parameter)) AS REAL)"
    case .text, .column, .pair, .any:
      return parameter.defaultValue == nil ? ":\(parameter.name)" : orDefault(given, parameter)
    }
  }

  private static func orDefault(_ given: String, _ parameter: QueryParameter) -> String {
    switch parameter.defaultValue {
    case nil, .null, .blob: given
    case .integer(let value): "coalesce(\(given), \(value))"
    case .real(let value): "coalesce(\(given), \(value))"
    case .text(let value):
      "coalesce(\(given), '\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))')"
    }
  }
}
