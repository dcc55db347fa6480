package import Bytes
import Evaluation
import GRDB
import Queries
package import Store

/// Each label's share of a run, estimated from the posts that were labelled.
package struct RunShares: Equatable, Sendable {
  /// The posts that shares are estimated of.
  package struct Slice: Equatable, Sendable {
    /// `all`, or `COLUMN=VALUE`.
    package var name: String
    /// The number of scored posts.
    package var posts: Int
    /// The number of them that are labelled.
    package var labelled: Int
    /// The shares, label by label.
    package var shares: [EstimatedShare]
    /// The means of a column of numbers, label by label; empty if none is read.
    package var means: [EstimatedMean] = []
  }

  package let run: ByteText
  /// The run's state, such as `finished`.
  package let state: String
  /// The sample whose labels count; nil if the store has none of this run, and all labels count.
  package let sample: SampleRecord?
  /// The model's labels, then other true labels.
  package fileprivate(set) var labels: [ByteText]
  /// All posts.
  package fileprivate(set) var whole: Slice
  /// The posts by the values of the requested column.
  package fileprivate(set) var slices: [Slice] = []
  /// The number of scored posts in the sample, labelled or not; nil without a sample.
  package fileprivate(set) var sampled: Int?
  /// The number of posts that belong to no stratum: they were scored after the sample was drawn.
  package fileprivate(set) var outsideStrata = 0
  /// The number of strata with too few labels, which were joined.
  package fileprivate(set) var joinedStrata = 0
  /// Whether the run has probabilities; otherwise a predicted label counts as certain.
  package let hasProbabilities: Bool
  /// The run's reposts, if one post of each group counts.
  package let reposts: RunReposts?
  /// The column whose means are estimated; nil if none is read.
  package let numberColumn: String?
  /// The sources of the labels that were chosen from; empty if one was requested, or the store has no other.
  package fileprivate(set) var sources: [Source] = []

  /// A source of labels, such as an annotator.
  package struct Source: Equatable, Sendable {
    package var name: ByteText
    /// The number of posts of the sample, or of the run, that have a label from it.
    package var posts: Int

    package init(name: ByteText, posts: Int) { (self.name, self.posts) = (name, posts) }
  }

  /// Estimates the shares of a run.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - run: the run's name; nil for the latest.
  ///   - sample: the sample's name; nil for the latest of the run that estimates something.
  ///   - truth: the source of the true labels; nil for each post's latest.
  ///   - column: the column by whose values posts are grouped, if any.
  ///   - isDistinct: whether one post of each group of reposts counts. A sample that was drawn so always counts so.
  ///   - ofSource: whether shares are those of the source that the run is a random sample of.
  ///   - numbers: the column of numbers whose mean is estimated for the posts of each label, if any.
  /// - Returns: the shares.
  /// - Throws: `ResultsError.noSuchSample`, `chosenSample`, `noTruth`, `noNumberColumn` and others.
  /// - Complexity: one pass over the run's rows; memory grows with slices × strata × labels and with the labelled posts.
  package static func load(
    from store: StoreReader, run: String? = nil, sample: String? = nil, truth: String? = nil,
    by column: String? = nil, isDistinct: Bool = false, ofSource: Bool = false, meanOf numbers: String? = nil
  ) throws(ResultsError) -> RunShares {
    try reading(store) { database in
      let (found, _) = try RunQuery.fetch(database, name: run)
      let record = try Self.sample(sample, of: found, in: database, path: store.path)
      let (run, scorer) = try RunQuery.fetch(
        database, name: run, isDistinct: isDistinct || record?.isDistinct == true)
      let column = try column.map { try SliceColumn.find($0, in: database, run: run) }
      var scan = try ShareScan(
        database, run: run, scorer: scorer, sample: record, truth: truth, column: column, numbers: numbers)
      try scan.read(database)
      guard scan.whole.labelled > 0 else { throw ResultsError.noTruth(run: run.name.text, posts: scan.whole.posts) }
      var shares = RunShares(scan, run: run, sample: record, ofSource: ofSource, numberColumn: numbers)
      if truth == nil, try !TrueLabelJoin(database).isOneSource {
        let sources = try record.map { try LabelledSources.ofSample($0.name, in: database) }
        shares.sources = try (sources ?? LabelledSources.ofRun(run, in: database)).map {
          Source(name: $0.name, posts: $0.posts)
        }
      }
      return shares
    }
  }

  /// The shares from a finished scan; with `hasAllMethods`, those of all posts by every method, not only by the first.
  init(
    _ scan: ShareScan, run: RunFacts, sample: SampleRecord?, ofSource: Bool = false, hasAllMethods: Bool = true,
    numberColumn: String? = nil
  ) {
    (self.run, state, self.sample, reposts) = (run.name, run.state, sample, run.reposts)
    self.numberColumn = numberColumn
    (labels, hasProbabilities, outsideStrata) = (scan.names, scan.hasProbabilities, scan.outsideStrata)
    sampled = sample == nil ? nil : scan.sampled
    let estimation = ShareEstimation(
      labels: labels, known: scan.known, isStratified: (sample?.strata.count ?? 1) > 1, ofSource: ofSource)
    whole = Slice(
      name: "all", posts: scan.whole.posts, labelled: scan.whole.labelled,
      shares: estimation.shares(of: scan.whole, hasAllMethods: hasAllMethods),
      means: numberColumn == nil ? [] : estimation.means(of: scan.whole, hasAllMethods: hasAllMethods))
    slices = scan.slices.map { name, cells in
      Slice(
        name: name, posts: cells.posts, labelled: cells.labelled,
        shares: estimation.shares(of: cells, hasAllMethods: false),
        means: numberColumn == nil ? [] : estimation.means(of: cells, hasAllMethods: false))
    }
    joinedStrata = scan.whole.sample(label: 0).joined
  }

  /// Finds the sample: by name, otherwise the latest that estimates something.
  private static func sample(
    _ name: String?, of run: RunFacts, in database: Database, path: String
  ) throws -> SampleRecord? {
    let samples = try SampleRecord.all(ofRun: run.id, in: database, path: path)
    guard let name else { return samples.first(where: \.design.estimates) }
    guard let sample = samples.first(where: { ByteText($0.name) == ByteText(name) }) else {
      throw ResultsError.noSuchSample(name, known: samples.map(\.name))
    }
    if !sample.design.estimates { throw ResultsError.chosenSample(name) }
    return sample
  }
}
