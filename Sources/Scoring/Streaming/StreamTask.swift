import Bytes
package import Corpus
package import Inputs
package import Models
import Preparation
package import Store
import Tensors

/// The scoring of a corpus to lines, from loading the model to the last line.
package struct StreamTask {
  private let corpus: ScoringCorpus
  private let model: ModelFolder
  private let precision: Precision
  private let options: ScoringOptions
  private let limits: PictureLimits
  private let part: StreamPart?
  private let title: String
  private let version: String

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - corpus: the files, and the folders of their pictures.
  ///   - model: the model.
  ///   - precision: the precision to compute in.
  ///   - options: how posts are scored; shards, samples and limits do not count.
  ///   - limits: which pictures are faults.
  ///   - part: the part of a divided corpus that is read.
  ///   - title: the names of all files of that corpus, as a run keeps them; nil for those of `corpus`.
  ///   - version: the program's version.
  package init(
    corpus: ScoringCorpus, model: ModelFolder, precision: Precision, options: ScoringOptions, limits: PictureLimits,
    part: StreamPart? = nil, title: String? = nil, version: String
  ) {
    (self.corpus, self.model, self.precision) = (corpus, model, precision)
    (self.options, self.limits, self.part, self.version) = (options, limits, part, version)
    self.title = title ?? corpus.title
  }

  /// Loads the model, which takes the most time; rows can come later.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - precision: the precision to compute in.
  /// - Returns: the model, ready to compute.
  /// - Throws: errors of the model's files; `ScoringError.interrupted` after a signal.
  package static func classifier(of model: ModelFolder, _ precision: Precision) throws -> PostClassifier {
    try Interrupt.loading { try PostClassifier(folder: model, precision: precision) }
  }

  /// Scores the corpus.
  ///
  /// - Parameters:
  ///   - reader: the corpus, from which no row was read yet.
  ///   - classifier: the model, loaded.
  ///   - latency: how long rows that have arrived wait for more before they are scored.
  ///   - notice: called with each problem that does not stop the reading.
  ///   - write: called with the next rows, in order.
  /// - Returns: what the last line says; nil if a signal came before the end of the corpus.
  /// - Throws: errors of the corpus, the model's files and `write`.
  package func run(
    _ reader: consuming CorpusReader, _ classifier: PostClassifier, latency: Duration, notice: (String) -> Void,
    write: ([LedgerRow]) throws -> Void
  ) throws -> StreamEnd? {
    var end = try emptyEnd()
    let inputs = try Interrupt.loading {
      try InputReader(folder: model, limits: limits, decoding: options.decoding)
    }
    let streamer = Streamer(
      classifier: classifier, labelNames: model.labelNames, reader: inputs, folders: corpus.folders,
      features: corpus.features, options: options)
    let outcome = try streamer.stream(reader, latency: latency, notice: notice, write: write)
    guard outcome.isWhole else { return nil }
    (end.scored, end.withoutPicture, end.faults) = (outcome.scored, outcome.withoutPicture, outcome.faults)
    end.read = outcome.counts.files.reduce(0) { $0 + $1.read }
    (end.files, end.pictures) = (outcome.counts.files, outcome.counts.pictures)
    return end
  }

  /// What the last line says of a corpus without a record.
  ///
  /// - Throws: if the machine cannot be described.
  package func emptyEnd() throws -> StreamEnd {
    var end = StreamEnd(
      scorer: ScorerRecord(
        modelFingerprint: model.fingerprint, modelName: model.name, precision: precision.rawValue,
        options: options.scorerJSON, labels: model.labelNames),
      corpus: title, images: corpus.images.recorded ?? PictureFolders.common(to: corpus.paths),
      reading: corpus.reading, version: version,
      machine: try JSONParser.parse(Array(Machine(threads: options.threads).json.utf8)))
    end.part = part
    end.files = corpus.names.map { FileCounts(name: ByteText($0)) }
    return end
  }
}
