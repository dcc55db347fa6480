import Bytes

/// A question in SQL with a name, a summary and typed parameters.
///
/// A `.sql` file says them in the comment it begins with:
///
///     -- least-certain: Posts the model is least sure of.
///     -- @run run = latest   the run to look at
///     -- @limit integer = 20 how many posts
///     SELECT …
///
/// The first line gives the file's name without `.sql` and a summary, which may go on over further
/// lines. A parameter is `@name type`, then `= default` unless a value must be given, then what it is
/// for. A default with blanks stands in single quotes; `null` makes the parameter optional. In SQL the parameter is
/// `:name`. A line `@needs confidence` keeps the query from runs that cannot tell how sure their system was. A comment
/// behind the parameters is only a comment.
package struct NamedQuery: Sendable {
  /// The name: the file's, without `.sql`; for a user's own file its path as given, so that errors name it.
  package let name: String
  /// The question it answers; empty for plain SQL without a header.
  package let summary: String
  /// The parameters in the header's order; `nil` for plain SQL, which takes whatever `:name` it names.
  package let parameters: [QueryParameter]?
  /// The data that its runs must have.
  package let needs: [QueryRequirement]
  /// The whole text, header included, with shared parts (``SQLFragments``) in their places.
  package let sql: String
  /// The text with the names of those parts; nil for a user's own SQL, which has none.
  private let template: String?

  /// Reads a query that must have a header, such as one compiled in.
  ///
  /// - Throws: `QueryHeaderError` with file and line.
  package init(name: String, file: String, sql: String) throws(QueryHeaderError) {
    let header = try QueryHeader(name: name, file: file, sql: sql, isRequired: true)
    self.init(name: name, header: header, sql: SQLFragments.expanded(sql), template: sql)
  }

  /// Reads a user's own SQL, with or without a header.
  ///
  /// - Parameters:
  ///   - name: The file's name without `.sql`.
  ///   - file: The file's name, for errors.
  ///   - sql: The text.
  /// - Returns: The query.
  /// - Throws: `QueryHeaderError` if a header exists but is wrong.
  package static func own(name: String, file: String, sql: String) throws(QueryHeaderError) -> NamedQuery {
    NamedQuery(
      name: file, header: try QueryHeader(name: name, file: file, sql: sql, isRequired: false), sql: sql)
  }

  private init(name: String, header: QueryHeader, sql: String, template: String? = nil) {
    self.name = name
    self.summary = header.summary
    self.parameters = header.parameters
    needs = header.needs
    self.sql = sql
    self.template = template
  }

  /// The same query over one post of each group of reposts.
  ///
  /// - Throws: `QueryArgumentError.ownSQLIsNotDistinct`; `listsAllRows` for a query that does not count posts.
  package func distinct() throws(QueryArgumentError) -> NamedQuery {
    guard let template else { throw .ownSQLIsNotDistinct }
    guard template.contains("{{pairs}}") || template.contains(SQLFragments.counted) else { throw .listsAllRows(name) }
    return NamedQuery(
      name: name, header: QueryHeader(summary: summary, parameters: parameters, needs: needs),
      sql: SQLFragments.expanded(template, isDistinct: true), template: template)
  }

  /// The same query where `prediction` is a view, which has no index to name.
  package var withoutPredictionIndexes: NamedQuery {
    NamedQuery(
      name: name, header: QueryHeader(summary: summary, parameters: parameters, needs: needs),
      sql: sql.replacing(" INDEXED BY prediction_similarity", with: ""), template: template)
  }

  /// The queries that are compiled in, by name.
  package static var all: [NamedQuery] {
    get throws(QueryHeaderError) {
      var queries: [NamedQuery] = []
      for (name, bytes) in embedded {
        let sql = String(decoding: bytes, as: UTF8.self)
        queries.append(try NamedQuery(name: name, file: "\(name).sql", sql: sql))
      }
      return queries
    }
  }

  /// The query of a name.
  ///
  /// - Throws: `QueryArgumentError.unknownQuery` with the names there are.
  package static func named(_ name: String, in queries: [NamedQuery]) throws(QueryArgumentError) -> NamedQuery {
    guard let query = queries.first(where: { $0.name == name }) else {
      throw .unknownQuery(name, known: queries.map(\.name))
    }
    return query
  }
}

extension NamedQuery {
  /// The compiled-in files of `SQL/`, by name. SwiftPM offers each as a constant but lists none, so a new
  /// file needs a line here; a test compares the two.
  package static let embedded: [(name: String, sql: [UInt8])] = [
    ("columns", PackageResources.columns_sql),
    ("confused-pairs", PackageResources.confused_pairs_sql),
    ("confusion", PackageResources.confusion_sql),
    ("coverage", PackageResources.coverage_sql),
    ("disagreements", PackageResources.disagreements_sql),
    ("drift", PackageResources.drift_sql),
    ("fault-counts", PackageResources.fault_counts_sql),
    ("fault-stages", PackageResources.fault_stages_sql),
    ("faults", PackageResources.faults_sql),
    ("labels", PackageResources.labels_sql),
    ("least-certain", PackageResources.least_certain_sql),
    ("most-certain-mistakes", PackageResources.most_certain_mistakes_sql),
    ("near-duplicates", PackageResources.near_duplicates_sql),
    ("post", PackageResources.post_sql),
    ("search", PackageResources.search_sql),
    ("several-pictures", PackageResources.several_pictures_sql),
    ("share-over-time", PackageResources.share_over_time_sql),
    ("shares-by", PackageResources.shares_by_sql),
    ("triage", PackageResources.triage_sql),
    ("unaligned", PackageResources.unaligned_sql),
  ]
}

/// The data that a run must have for a query to make sense; a header writes it as `@needs confidence`.
package enum QueryRequirement: String, CaseIterable, Sendable {
  /// How sure its system was of each label.
  case confidence

  /// SQL that is true of runs that cannot tell it; `:run` is the run's name.
  package var unmetConditionSQL: String {
    switch self {
    case .confidence:
      "SELECT 1 FROM run WHERE name = :run AND \(SQLFragments.lacksConfidence(scorer: "run.scorer_id"))"
    }
  }

  /// The need of a header's line; nil if the line declares a parameter.
  init?(line: String) {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count == 2, words[0] == "@needs" else { return nil }
    self.init(rawValue: words[1])
  }
}
