package import Bytes
package import Evaluation
import GRDB
package import Store

/// The sources of a store's true labels, and how far they agree.
///
/// Contents of one key count as one post, with each source's label of the last content that it labelled.
package struct LabelSources: Sendable {
  /// A source.
  package struct Source: Equatable, Sendable {
    package var name: ByteText
    /// The number of posts with a label from it.
    package var posts: Int
    /// The time of its last label: UTC in ISO 8601.
    package var latest: String
  }

  /// How far sources agree on the posts that two of them or more labelled.
  package struct Agreement: Sendable {
    /// The names of the sources, two or more.
    package var sources: [ByteText]
    /// The number of posts that two of them or more labelled.
    package var posts: Int
    /// The measures that are defined, with their 95 % bootstrap intervals.
    package var measures: [(measure: AgreementMeasure, value: Double, interval: ConfusionMatrixBootstrap.Interval?)]
  }

  /// Every source, in the order of the names.
  package let sources: [Source]
  /// Of each two sources that labelled the same posts, then of all of them if they are more than two.
  package let agreements: [Agreement]
  /// Whether there are too many sources for one agreement of each two.
  package let leavesOutPairs: Bool
  /// The number of different labels, if they are too many for measures of agreement.
  package let tooManyLabels: Int?

  /// The largest number of sources that are compared two by two, and of labels that are compared at all.
  package static let mostPaired = 8, mostLabels = 200

  /// Reads all labels.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - chosen: the sources that are compared; empty for all but majorities, which follow from others.
  ///   - draws: the number of bootstrap draws of each interval.
  /// - Returns: the sources with their agreement.
  /// - Throws: `ResultsError.noSuchSource`, `unreadableStore`.
  /// - Complexity: O(n log n) for n labels; memory grows with the different combinations of labels.
  package static func load(
    from store: StoreReader, among chosen: [String] = [], draws: Int = 1000
  ) throws(ResultsError) -> LabelSources {
    try reading(store) { database in
      let sources = try Row.fetchAll(
        database,
        sql: """
          SELECT source, count(DISTINCT key), max(noted_at) FROM label JOIN post ON post.id = post_id
          GROUP BY source ORDER BY source
          """
      ).map { row in try Source(name: row.get(0), posts: row.get(1), latest: row.get(2)) }
      for name in chosen where !sources.contains(where: { $0.name == ByteText(name) }) {
        throw ResultsError.noSuchSource(name, known: sources.map(\.name.text))
      }
      let wanted = Set(chosen.map { ByteText($0) })
      let compared = sources.map(\.name).filter { name in
        wanted.isEmpty ? !LabelSource.isMajority(name.text) : wanted.contains(name)
      }
      let labels: [ByteText] = try ByteText.fetchAll(database, sql: "SELECT DISTINCT label FROM label ORDER BY label")
      guard compared.count > 1, labels.count <= mostLabels else {
        return LabelSources(
          sources: sources, agreements: [], leavesOutPairs: false,
          tooManyLabels: labels.count > mostLabels ? labels.count : nil)
      }
      var tally = AgreementTally(sources: compared, labels: labels)
      try tally.read(database)
      return LabelSources(
        sources: sources, agreements: tally.agreements(draws: draws),
        leavesOutPairs: !tally.comparesPairs, tooManyLabels: nil)
    }
  }
}

/// A measure of agreement of two sources or more; the raw value is its name in tables.
package enum AgreementMeasure: String, Sendable {
  /// The share of pairs of labels of one post that are the same, the mean over posts.
  case raw = "raw agreement"
  /// Cohen's κ, of two sources.
  case kappa = "Cohen's kappa"
  /// Krippendorff's α for nominal labels.
  case alpha = "Krippendorff's alpha"
}

/// Counts the combinations of labels of the same posts.
private struct AgreementTally {
  let sources: [ByteText], labels: [ByteText]
  /// Whether each two sources are compared.
  var comparesPairs: Bool { sources.count <= LabelSources.mostPaired }
  /// For each combination of the sources' labels of a post, −1 for none: the number of posts.
  private var combinations: [[Int]: Int] = [:]

  init(sources: [ByteText], labels: [ByteText]) { (self.sources, self.labels) = (sources, labels) }

  mutating func read(_ database: Database) throws {
    let places = sources.places, labelPlaces = labels.places
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT post.key, source, label FROM post JOIN label ON label.post_id = post.id ORDER BY post.key, post.id
        """)
    var key: ByteText?, choices = [Int](repeating: -1, count: sources.count)
    func count(_ choices: [Int], _ combinations: inout [[Int]: Int]) {
      if choices.count(where: { $0 >= 0 }) > 1 { combinations[choices, default: 0] += 1 }
    }
    while let row = try rows.next() {
      let next: ByteText = try row.get(0)
      if next != key {
        count(choices, &combinations)
        (key, choices) = (next, [Int](repeating: -1, count: sources.count))
      }
      guard let source = places[try row.get(1)], let label = labelPlaces[try row.get(2)] else { continue }
      choices[source] = label
    }
    count(choices, &combinations)
  }

  func agreements(draws: Int) -> [LabelSources.Agreement] {
    var agreements: [LabelSources.Agreement] = []
    if comparesPairs {
      for first in sources.indices {
        for second in sources.indices where second > first { agreements.append(agreement([first, second], draws)) }
      }
    }
    if sources.count > 2 { agreements.append(agreement(Array(sources.indices), draws)) }
    return agreements.filter { $0.posts > 0 }
  }

  private func agreement(_ chosen: [Int], _ draws: Int) -> LabelSources.Agreement {
    var counts: [[Int]: Int] = [:]
    for (combination, posts) in combinations {
      counts[chosen.map { combination[$0] }.filter { $0 >= 0 }, default: 0] += posts
    }
    let agreement = LabelAgreement(
      counts.lazy.flatMap { repeatElement($0.key, count: $0.value) }, labels: labels.count)
    var result = LabelSources.Agreement(sources: chosen.map { sources[$0] }, posts: agreement.posts, measures: [])
    if let raw = agreement.raw { result.measures.append((.raw, raw, agreement.rawInterval(draws: draws))) }
    if chosen.count == 2 {
      var matrix = ConfusionMatrix(labels: labels)
      for (pair, posts) in counts where pair.count == 2 {
        matrix.add(truth: labels[pair[0]], predicted: labels[pair[1]], count: posts)
      }
      if let kappa = matrix.cohensKappa {
        result.measures.append((.kappa, kappa, matrix.kappaInterval(draws: draws)))
      }
    }
    if let alpha = agreement.alpha { result.measures.append((.alpha, alpha, agreement.alphaInterval(draws: draws))) }
    return result
  }
}
