package import Bytes
package import Evaluation
import GRDB
package import Store

/// All the data that a report shows of one run, as values; its size does not grow with the store.
package struct ReportData: Equatable, Sendable {
  /// The run.
  package var run: RunFacts
  /// The model that scored it.
  package var scorer: ScorerFacts
  package var capabilities: RunCapabilities
  /// The outcome of every row.
  package var ledger: LedgerCounts
  /// The rows that could not be scored.
  package var faults: RunFaultSummary
  /// The predictions and their agreement with the truth.
  package var outcome: Outcome
  /// The data of the further charts.
  package var charts: ChartData
  /// The posts that are shown.
  package var shown = ShownPosts()
  /// The facts from the model's folder, if it was given.
  package var model: ModelFacts?
}

/// Facts on the model that scored a run, from the model's folder.
package struct ModelFacts: Equatable, Sendable {
  /// The hash over everything that can change a score.
  package var fingerprint: String
  /// The card's facts on how the model was made; empty without a card.
  package var card: [Fact]
  /// The weight of the alignment losses in training; at 0 text and picture were not aligned.
  package var alpha: Double

  /// Facts of a folder.
  package init(fingerprint: String, card: [Fact], alpha: Double) {
    (self.fingerprint, self.card, self.alpha) = (fingerprint, card, alpha)
  }
}

/// A run's predictions and their agreement with the truth.
package struct Outcome: Equatable, Sendable {
  /// The model's labels in its order, then any other that a prediction carries.
  package var labels: [ByteText]
  /// Scored posts.
  package var posts: Int
  /// Scored posts in each slice.
  package var sliceCounts: [EvaluationSlice: Int]
  /// Scored posts with a picture but no text.
  package var withoutText: Int
  /// Scored posts whose text was cut at the model's limit.
  package var truncated: Int
  /// The mean share of word pieces the model does not know; `nil` without posts.
  package var meanUnknownShare: Double?
  /// Scored posts with a true label.
  package var labelled: Int
  /// Posts whose truth fell in the row for all further truths; 0 but for very many unknown labels.
  package var pooledTruths: Int
  /// How often each label was predicted.
  package var shares: [LabelShare]
  /// Matrices and metrics.
  package var evaluation: Evaluation
  /// The similarity of text and picture.
  package var alignment: Alignment
  /// The label that counts as positive, if one was named; no report guesses it.
  package var positive: ByteText?
}

/// How many posts a report shows, section by section; 0 where a section is not wanted.
package struct ReportLimits: Equatable, Sendable {
  /// Posts of the sample whose every text is compared with every picture.
  package var sample = SampleQuery.size
  /// Cells of the confusion matrix whose posts are shown.
  package var confusedCells = 0
  /// Posts of each such cell.
  package var confusedPosts = 0
  /// Posts to review that are loaded.
  package var notable = 0
  /// Posts to review whose pictures are loaded.
  package var pictured = 0

  /// The sample alone, as every report has it.
  package init() {}
}

extension ReportData {
  /// The most labels a report can hold; a confusion matrix grows with their square.
  package static let labelLimit = 1000

  /// Reads what a report says of one run.
  ///
  /// The database counts and sums; only groups and a small sample come into memory.
  ///
  /// - Parameters:
  ///   - store: The store.
  ///   - run: The run's name; `nil` is the latest.
  ///   - positive: The label that counts as positive in binary scores; see `ClassificationMetrics`.
  ///   - truth: Whose true labels count, by source; each post's latest where it is left out.
  ///   - column: The column by whose values posts are grouped, if any.
  ///   - other: The run that this one is compared with, where that is wanted.
  ///   - limits: How many posts the sections show that are to be drawn.
  ///   - pictures: How posts' pictures are shown, and where they may be.
  ///   - isDistinct: Whether one post of each group of reposts counts.
  /// - Returns: The run's data, without metrics where no post has a truth.
  /// - Throws: `ResultsError` if the run or the column does not exist or the store cannot be read.
  /// - Complexity: Two passes over the run's rows.
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
      let shown = try NotableQuery.fetch(
        database, run: run, scorer: scorer, capabilities: capabilities, outcome: outcome,
        candidates: found.candidates, names: found.names,
        pairs: (cells: limits.confusedCells, posts: limits.confusedPosts),
        notable: limits.notable, pictured: limits.pictured,
        pictures: pictures)
      return ReportData(
        run: run, scorer: scorer, capabilities: capabilities, ledger: try LedgerQuery.fetch(database, run: run),
        faults: try FaultQuery.fetch(database, run: run), outcome: outcome, charts: found.charts, shown: shown)
    }
  }
}

/// Reads inside one transaction and says the database's errors in this module's words.
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
