import Bytes
package import Corpus
import Evaluation
package import Inputs
package import Models
package import Preparation

/// A model stored in int8, with a record of how its labels differ from those of f32 on labelled posts.
package struct QuantisationTask: Sendable {
  /// What is told before the posts are scored.
  package enum Notice: Sendable {
    /// The corpus has no column of this name, so no post has features of its stream.
    case lackingFeatures(FeatureColumn)
    /// The posts differ from those that the model learnt from.
    case mismatch(InputMismatch)
  }

  /// The files of the corpus, and how they are read.
  package var corpora: [String]
  package var columns: CorpusOptions
  /// The folder of pictures; nil for that of each file.
  package var images: PictureLocation
  package var features: FeatureSelection
  /// The inputs that posts may lack, by name.
  package var allowedMissing: [String]
  /// The workers.
  package var threads: Int

  /// A task on a corpus.
  package init(
    corpora: [String], columns: CorpusOptions, images: PictureLocation = PictureLocation(), features: FeatureSelection,
    allowedMissing: [String] = [], threads: Int
  ) {
    (self.corpora, self.columns, self.images, self.features) = (corpora, columns, images, features)
    (self.allowedMissing, self.threads) = (allowedMissing, threads)
  }

  /// Scores the posts in f32 and in int8, and writes the model's folder in int8.
  ///
  /// - Parameters:
  ///   - folder: the model.
  ///   - output: the folder to make.
  ///   - command: the command line, for the card.
  ///   - notice: what is told before the posts are scored.
  ///   - progress: called as by `PrecisionComparison`.
  ///   - compared: called with what was counted, before anything is written.
  ///   - shouldStop: asked between steps.
  /// - Returns: the record that the folder has.
  /// - Throws: `QuantisationError`; `MissingInputsError` if the posts lack what the model reads; `CancellationError` after
  ///   a request to stop; what reading, scoring and writing throw. The folder is then not made.
  package func run(
    _ folder: ModelFolder, to output: String, command: String, notice: (Notice) -> Void,
    progress: @escaping @Sendable (_ rows: Int, _ share: Double?) -> Void,
    compared: (PrecisionComparison.Result) -> Void, shouldStop: () -> Bool
  ) throws -> Quantisation.Agreement {
    try folder.checkQuantising(to: output)
    let limits = PictureLimits()
    var reader = try CorpusReader(paths: corpora, options: columns)
    let folders = try PictureFolders(images, paths: corpora, names: reader.files, limits: limits)
    let features = try features.files(
      of: folder.configuration.features, model: folder.name, paths: corpora, reader,
      lacking: { notice(.lackingFeatures($0)) })
    let inputs = try InputReader(folder: folder, limits: limits, decoding: .exact)
    let sampler = CorpusSampler(
      reader: inputs, folders: folders, features: features, options: ScoringOptions(threads: 1, spaces: []),
      labelNames: folder.labelNames)
    let sample = try sampler.sample(&reader, paths: corpora, columns: columns)
    // A sample that a signal cut short says nothing about the corpus.
    if shouldStop() { throw CancellationError() }
    let mismatches = MismatchFinder(
      model: folder.name, folder.configuration, trained: try folder.trainingProfile(), sample: sample,
      allowed: allowedMissing
    ).mismatches
    // A record of answers to posts that lack half of what the model reads would mislead users who score complete ones.
    if let error = MissingInputsError(mismatches) { throw error }
    // Unknown labels are counted over all rows.
    for mismatch in mismatches where mismatch.subject != .labels { notice(.mismatch(mismatch)) }
    let f32 = try PostClassifier(folder: folder, precision: .f32)
    let int8 = try PostClassifier(folder: folder, precision: .int8)
    let comparison = PrecisionComparison(
      first: f32, second: int8, labelNames: folder.labelNames, reader: inputs, folders: folders, features: features)
    let result = try comparison.run(consume reader, threads: threads, observe: progress)
    compared(result)
    guard result.labels.total > 0 else { throw QuantisationError.noLabels(corpus: corpora.listed(most: 5)) }
    let agreement = Quantisation.Agreement(
      result.labels, corpus: corpora.map(FileStem.of).joined(separator: " + "))
    try folder.writeQuantised(to: output, like: int8, agreement: agreement, command: command, shouldStop: shouldStop)
    return agreement
  }
}

/// Why a model is not quantised.
package enum QuantisationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No post that can be scored has a label.
  case noLabels(corpus: String)

  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .noLabels(let corpus):
      "\(corpus.printable): no row can be scored and has a label, so there is nothing to record"
    }
  }
}
