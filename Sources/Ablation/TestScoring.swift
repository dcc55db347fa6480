import Bytes
package import Corpus
package import Evaluation
package import Inputs
package import Models
package import Preparation
package import Results
package import Scoring
package import Store
package import Training

/// Scores the test posts with one model after the other, and compares the results.
package struct TestScoring: Sendable {
  /// The test posts, and how to score them.
  package struct Settings: Sendable {
    /// The corpus' files; each model reads them once.
    package var corpora: [String]
    package var columns: CorpusOptions
    /// The flags with which the corpus is read.
    package var reading: [ReadingFlag]
    /// The pictures' folder; nil for each file's own.
    package var images: PictureLocation
    package var features: FeatureSelection
    /// The treatment of pictures whose file ends early, as in training.
    package var truncatedPictures: TruncatedPictures
    /// The store's file.
    package var store: String
    package var precision: Precision
    package var threads: Int
    /// The program's version, which runs record.
    package var version: String

    package init(
      corpora: [String], columns: CorpusOptions, reading: [ReadingFlag] = [],
      images: PictureLocation = PictureLocation(),
      features: FeatureSelection = FeatureSelection(), truncatedPictures: TruncatedPictures = .fault, store: String,
      precision: Precision, threads: Int, version: String
    ) {
      (self.corpora, self.columns, self.reading, self.images) = (corpora, columns, reading, images)
      (self.features, self.store, self.precision) = (features, store, precision)
      (self.threads, self.version, self.truncatedPictures) = (threads, version, truncatedPictures)
    }
  }

  package let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  /// Rejects a corpus that cannot be read, or without the knowledge that some of the models need.
  package func check(needsKnowledge: Bool) throws {
    let corpus = try CorpusReader(paths: settings.corpora, options: settings.columns)
    if needsKnowledge { try TrainingPosts.checkKnowledge(corpus) }
  }

  /// The runs that the store has.
  package func knownRuns() throws -> [RunSummary] { try Self.knownRuns(in: settings.store) }

  /// The runs of a store; none if it does not exist.
  package static func knownRuns(in store: String) throws -> [RunSummary] {
    guard StoreInfo.exists(at: store) else { return [] }
    do throws(StoreError) {
      let reader = try StoreReader(path: store)
      defer { reader.close() }
      return try reader.runs()
    } catch .unfinished {
      return []
    }
  }

  /// Scores the posts with a model, unless a run of this name has done so.
  ///
  /// - Parameters:
  ///   - model: the model's folder.
  ///   - run: the run's name.
  ///   - known: the runs that the store has.
  ///   - notices: the remarks to report when the run begins.
  ///   - observe: called with each event.
  /// - Returns: the outcome; nil if the run exists already.
  /// - Throws: as `ScoringTask.score`.
  package func score(
    model: String, run: String, known: [RunSummary], notices: [String] = [], observe: (ScoringEvent) -> Void
  ) throws -> ScoringTask.Ending<ScoringTask.Turn>? {
    let folder = try Interrupt.watching { try ModelFolder.load(model) }
    let reader = try CorpusReader(paths: settings.corpora, options: settings.columns)
    let limits = PictureLimits(truncated: settings.truncatedPictures)
    var options = ScoringOptions(threads: settings.threads, spaces: [])
    options.truncatedPictures = settings.truncatedPictures
    let source = try ScoringCorpus(
      names: reader.files, paths: settings.corpora, options: settings.columns, images: settings.images,
      features: settings.features.files(
        of: folder.configuration.features, model: folder.name, paths: settings.corpora, reader, lacking: { _ in }),
      reading: settings.reading, limits: limits)
    let isKnown = known.contains {
      $0.name == ByteText(run) && $0.state == RunState.finished.rawValue
        && $0.fingerprint == folder.fingerprint
        && $0.precision == settings.precision.rawValue && ByteText($0.corpus) == ByteText(source.title)
    }
    if isKnown { return nil }
    let task = ScoringTask(
      corpus: source, model: folder, precision: settings.precision,
      target: ScoringTarget(store: settings.store, run: run, version: settings.version),
      options: options, limits: limits,
      // A cell that took hours to train is scored and compared even if the test posts lack an input; the run's notices
      // say so.
      allowedMissing: MismatchFinder.inputs(of: folder.configuration).map(\.name))
    return try task.score(consume reader, since: .now, notices: notices, observe: observe)
  }

  /// The table of the cells' predictions.
  package func table(_ grid: AblationGrid, _ baseline: AblationBaseline) throws -> (
    table: AblationTable, predictions: RunPredictions
  ) {
    let reader = try StoreReader(path: settings.store)
    defer { reader.close() }
    let predictions = try RunPredictions.load(from: reader, runs: grid.cells.map(\.name))
    let table = grid.table(
      predictions.predicted, truths: predictions.truths, labels: predictions.labels, baseline)
    return (table, predictions)
  }
}
