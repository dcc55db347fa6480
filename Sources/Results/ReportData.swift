package import Bytes
package import Evaluation
import GRDB
package import Store

/// All data of a report on one run; its size does not grow with the store.
package struct ReportData: Equatable, Sendable {
  package var run: RunFacts
  package var scorer: ScorerFacts
  package var capabilities: RunCapabilities
  package var ledger: LedgerCounts
  package var faults: RunFaultSummary
  package var outcome: Outcome
  package var charts: ChartData
  package var shown = ShownPosts()
  /// Each label's share, estimated from a labelled sample; nil if the run has none.
  package var shares: RunShares?
  /// The labels by month; nil if they are not wanted, or if no post has a date.
  package var months: MonthlyShares?
  /// The accuracy over all posts, estimated from the sample; nil if the labelled posts alone say the same.
  package var sampleAccuracy: SampleAccuracy?
  /// Nil if the model's folder was not given.
  package var model: ModelFacts?
  /// The calibration with which answers are shown, and its effect; nil for the model's own answers.
  package var calibration: ShownCalibration?
}

/// A calibration with which a report shows answers.
package struct ShownCalibration: Equatable, Sendable {
  /// The calibration in words.
  package var rule: String
  /// Its effect, a sentence without its end.
  package var words: String

  package init(_ effect: CalibrationEffect) { (rule, words) = (effect.rule, effect.words) }
}

/// Facts on the model that scored a run, from the model's folder.
package struct ModelFacts: Equatable, Sendable {
  /// The hash over everything that can change a score.
  package var fingerprint: String
  /// The model card's facts on the training; empty without a card.
  package var card: [Fact]
  /// The weight of the alignment losses in training; at 0 text and picture were not aligned.
  package var alpha: Double

  package init(fingerprint: String, card: [Fact], alpha: Double) {
    (self.fingerprint, self.card, self.alpha) = (fingerprint, card, alpha)
  }
}

/// A run's predictions and their agreement with the truth.
package struct Outcome: Equatable, Sendable {
  /// The model's labels in its order, then any others that were predicted.
  package var labels: [ByteText]
  /// Scored posts.
  package var posts: Int
  /// Scored posts in each slice.
  package var sliceCounts: [EvaluationSlice: Int]
  /// Scored posts with a picture but without text.
  package var withoutText: Int
  /// Scored posts whose text was cut at the model's limit.
  package var truncated: Int
  /// The mean share of word pieces that the model does not know; nil without posts.
  package var meanUnknownShare: Double?
  /// Scored posts with a true label.
  package var labelled: Int
  /// Posts in the shared row for unknown true labels beyond the first ``OutcomeTally/truthLimit``.
  package var pooledTruths: Int
  /// How often each label was predicted.
  package var shares: [LabelShare]
  package var evaluation: Evaluation
  package var alignment: Alignment
  /// The label that counts as positive, if one was given; a report never guesses it.
  package var positive: ByteText?
}

/// How many posts each section of a report shows; 0 for a section that is left out.
package struct ReportLimits: Equatable, Sendable {
  /// Posts of the sample in which each text is compared with each picture.
  package var sample = SampleQuery.size
  /// Cells of the confusion matrix whose posts are shown.
  package var confusedCells = 0
  /// Posts shown for each of these cells.
  package var confusedPosts = 0
  /// Posts to review that are loaded.
  package var notable = 0
  /// Posts to review whose pictures are loaded.
  package var pictured = 0
  /// Posts whose labels are probably wrong.
  package var doubtful = 0
  /// Whether labels are counted by month.
  package var months = false

  /// Only the sample, which every report has.
  package init() {}
}

extension ReportData {
  /// The most labels of a report; the size of a confusion matrix is their square.
  package static let labelLimit = 1000

  /// Reads the data for a report on one run.
  ///
  /// Only groups and a small sample are held in memory.
  ///
  /// - Parameters:
  ///   - store: The store.
  ///   - run: The run's name; nil for the latest run.
  ///   - positive: The label that counts as positive in binary scores; see `ClassificationMetrics`.
  ///   - truth: The source of the true labels; nil for each post's latest.
  ///   - column: The column by whose values posts are grouped, if any.
  ///   - other: The run that this one is compared with, if any.
  ///   - limits: How many posts the sections show.
  ///   - pictures: How posts' pictures are shown, and where they are.
  ///   - isDistinct: Whether one post of each group of reposts counts.
  /// - Returns: The run's data, without metrics if no post has a truth.
  /// - Throws: `ResultsError` if the run or the column does not exist or the store cannot be read.
  /// - Complexity: Two passes over the run's rows; with `months`, a labelled sample or `doubtful` posts, one more for each.
  package static func load(
    from store: StoreReader, run: String? = nil, positive: String? = nil, truth: String? = nil,
    by column: String? = nil, against other: ComparedRun? = nil, limits: ReportLimits = ReportLimits(),
    pictures: PictureRequest = PictureRequest(), isDistinct: Bool = false
  ) throws(ResultsError) -> ReportData {
    return try reading(store) { database in
      let (run, scorer) = try RunQuery.fetch(database, name: run, isDistinct: isDistinct)
      let capabilities = try CapabilityQuery.fetch(database, run: run, scorer: scorer)
      let candidates = NotableCandidates(wantsPairs: limits.confusedCells > 0, notable: limits.notable)
      let found = try ChartQuery.fetch(
        database, run: run, scorer: scorer,
        request: .init(
          positive: positive.map { ByteText($0) }, truth: truth, column: column, other: other, candidates: candidates,
          capabilities: capabilities))
      var outcome = found.outcome
      if capabilities.tells(.pairVectors) {
        outcome.alignment.sample = try SampleQuery.fetch(
          database, run: run, scorer: scorer, alignment: outcome.alignment, size: limits.sample)
      }
      let source = PictureSource(pictures, run: run)
      let posts = try PostQuery(database, scorer: scorer, source: source)
      var shown = try NotableQuery.fetch(
        posts, outcome: outcome, candidates: found.candidates, names: found.names, limits: limits)
      if limits.doubtful > 0, capabilities.firstMissing(of: [.truth, .probabilities]) == nil {
        shown.doubts = try DoubtfulLabels.shown(
          limits.doubtful, database, run: run, scorer: scorer, truth: truth, posts: posts)
      }
      shown.pictures = source.tally
      let (shares, months) = try MonthlyShares.fetch(
        database, store, run: run, scorer: scorer, truth: truth,
        byMonth: limits.months && capabilities.tells(.dates))
      return ReportData(
        run: run, scorer: scorer, capabilities: capabilities, ledger: try LedgerQuery.fetch(database, run: run),
        faults: try FaultQuery.fetch(database, run: run), outcome: outcome, charts: found.charts, shown: shown,
        shares: shares, months: months,
        sampleAccuracy: try SampleAccuracy.fetch(
          database, path: store.path, run: run, scorer: scorer,
          posts: (scored: outcome.posts, labelled: outcome.labelled), truth: truth),
        calibration: try store.calibration.map { try ShownCalibration($0.effect(ofRun: run.id, in: database)) })
    }
  }
}

/// Reads in one transaction, and turns the database's errors into `ResultsError`.
func reading<T>(
  _ store: StoreReader, _ body: (Database) throws -> T
) throws(ResultsError) -> T {
  do {
    return try store.read(body)
  } catch let error as ResultsError {
    throw error
  } catch let error as DatabaseError {
    throw .unreadableStore(error.message ?? "SQLite error \(error.resultCode.rawValue)")
  } catch {
    throw .unreadableStore("\(error)")
  }
}
