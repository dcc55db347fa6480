internal import Corpus
internal import Inputs
internal import Models
internal import Scoring

/// A stream of features of a corpus.
package struct FeatureSummary: Sendable {
  /// The stream's name.
  package var stream: String
  /// The column that names its files.
  package var column: String
  /// The numbers of a row: the model's, or those of the first file that can be read.
  package var width: Int
  /// Posts with rows.
  package var posts = 0
  /// Posts that name no file, or one without rows.
  package var without = 0
  /// Rows of a post.
  package var rows: NumberSpread.Summary?
}

/// Counts the rows of posts in each stream of features; what cannot be used is among the faults.
struct FeatureTally {
  private var summaries: [FeatureSummary]
  private var spreads: [NumberSpread]

  init(_ columns: [FeatureColumn]) {
    summaries = columns.map { FeatureSummary(stream: $0.stream.name, column: $0.column, width: $0.stream.width) }
    spreads = columns.map { _ in NumberSpread() }
  }

  /// Counts a post's rows in each stream; an empty list is a post that none were looked for of.
  mutating func add(_ rows: [Int]) {
    for (place, count) in rows.enumerated() {
      if count > 0 {
        summaries[place].posts += 1
        spreads[place].add(Double(count))
      } else {
        summaries[place].without += 1
      }
    }
  }

  var summary: [FeatureSummary] {
    zip(summaries, spreads).map { summary, spread in
      var summary = summary
      summary.rows = spread.summary
      return summary
    }
  }
}
