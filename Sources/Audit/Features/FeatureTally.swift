internal import Corpus
internal import Models
internal import Scoring

/// A stream of features of a corpus.
package struct FeatureSummary: Sendable {
  /// The stream's name.
  package var stream: String
  /// The column that names its files.
  package var column: String
  /// The numbers of a row: the model's, or those of the first file that can be used; nil where none can.
  package var width: Int?
  /// Posts with rows.
  package var posts = 0
  /// Posts that name no file, or one without rows.
  package var without = 0
  /// Rows of a post.
  package var rows: NumberSpread.Summary?
}

/// Counts the rows of posts in each stream of features, and judges their width; rows come in the corpus' order.
struct FeatureTally {
  private var summaries: [FeatureSummary] = []
  private var spreads: [NumberSpread] = []

  init(_ features: CorpusChecker.Features?) {
    guard let features else { return }
    for column in features.files.columns {
      summaries.append(
        FeatureSummary(
          stream: column.stream.name, column: column.column, width: features.areNew ? nil : column.stream.width))
      spreads.append(NumberSpread())
    }
  }

  /// Counts what a post has in each stream; an empty list is a post that nothing was looked for of.
  ///
  /// - Returns: the first of its faults.
  mutating func add(_ sights: [FeatureSight]) -> FeatureFault? {
    var first: FeatureFault?
    for (place, sight) in sights.enumerated() {
      let fault = add(sight, at: place)
      first = first ?? fault
    }
    return first
  }

  private mutating func add(_ sight: FeatureSight, at place: Int) -> FeatureFault? {
    switch sight {
    case .fault(let fault): return fault
    case .file(let path, let probe) where probe.rows > 0:
      if let fault = widthFault(probe.width, summaries[place].width) ?? probe.fault {
        return FeatureFault(stream: summaries[place].stream, path: path, problem: .content(fault))
      }
      summaries[place].width = probe.width
      summaries[place].posts += 1
      spreads[place].add(Double(probe.rows))
    case .none, .file: summaries[place].without += 1
    }
    return nil
  }

  private func widthFault(_ found: Int, _ expected: Int?) -> FeatureFileFault? {
    if let expected { return found == expected ? nil : .width(found: found, expected: expected) }
    let limit = FeatureStream.widths.upperBound
    return found <= limit ? nil : .tooWide(found: found, limit: limit)
  }

  var summary: [FeatureSummary] {
    zip(summaries, spreads).map { summary, spread in
      var summary = summary
      summary.rows = spread.summary
      return summary
    }
  }
}
