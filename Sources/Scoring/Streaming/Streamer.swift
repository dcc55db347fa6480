package import Bytes
package import Corpus
import Inputs
package import Models
package import Preparation
package import Store
import Synchronization

/// Scores a corpus without a store: the answers come back in the order of the records, as soon as they are there.
///
/// The threads and the arithmetic are those of ``Scorer``, so a post's scores have the same bits.
package struct Streamer {
  /// The seconds that threads have to finish after a request to stop.
  private static let patience = 3.0
  private let worker: Worker
  private let folders: PictureFolders
  private let features: FeatureFiles?
  private let labels: [ByteText]
  private let options: ScoringOptions

  /// What was read and answered.
  package struct Outcome: Sendable {
    /// Whether the corpus was read to its end; if not, a signal came first.
    package var isWhole = false
    /// The records read of each file, and how their pictures were found.
    package var counts = RunCounts()
    /// The posts answered with a picture and without one, and the faults.
    package var scored = 0, withoutPicture = 0, faults = 0

    fileprivate mutating func add(_ rows: [LedgerRow]) {
      for row in rows {
        switch row.outcome {
        case .fault: faults += 1
        case .post(let post, _) where post.hasPicture: scored += 1
        case .post: withoutPicture += 1
        }
      }
    }
  }

  /// Creates a streamer from a model, the reader of its inputs, and the places of pictures and features.
  package init(
    classifier: PostClassifier, labelNames: [ByteText], reader: InputReader, folders: PictureFolders,
    features: FeatureFiles? = nil, options: ScoringOptions
  ) {
    var options = options
    options.microBatchRows = min(options.microBatchRows, classifier.configuration.postsTogether)
    // No more rows wait for one another than the threads compute at a time.
    options.chunkRows = options.threads * options.microBatchRows
    worker = Worker(
      reader: reader, classifier: classifier, labelNames: labelNames, spaces: options.spaces,
      missingPicture: options.missingPicture, thumbnailSide: nil,
      cache: options.encoderCacheBytes > 0 ? EncoderCache(bytes: options.encoderCacheBytes) : nil, clock: StageClock())
    (self.folders, self.features, self.labels, self.options) = (folders, features, labelNames, options)
  }

  /// Scores the rows of a corpus.
  ///
  /// - Parameters:
  ///   - corpus: the rows, from the first.
  ///   - latency: how long rows that have arrived wait for more before they are scored.
  ///   - notice: called with each problem that does not stop the reading, once.
  ///   - write: called with the next rows, in order, each a fault or a post with its prediction.
  /// - Returns: what was read and written.
  /// - Throws: errors of the corpus, after the rows before it were written; errors of a worker and of `write`.
  package func stream(
    _ corpus: consuming CorpusReader, latency: Duration, notice: (String) -> Void,
    write: ([LedgerRow]) throws -> Void
  ) throws -> Outcome {
    let pipeline = Pipeline(workers: options.threads), failure = StreamChunkReader.Failure()
    var outcome = Outcome(), told: Set<ByteText> = []
    do {
      let reader = StreamChunkReader(
        corpus: consume corpus, folders: folders, features: features, labels: LabelCheck(names: labels),
        options: options, latency: latency, failure: failure)
      try pipeline.start(
        reader: reader, microBatchRows: options.microBatchRows, workers: options.threads, clock: worker.clock
      ) { [worker] queue in
        try worker.run(queue) { $0.map { _ in false } }
      }
      while let chunk = try next(of: pipeline) {
        outcome.counts = chunk.mark.counts
        for words in chunk.mark.notices where told.insert(ByteText(words)).inserted { notice(words) }
        guard let rows = try rows(of: chunk, pipeline) else { break }
        try write(rows)
        outcome.add(rows)
      }
      if !Interrupt.isRequested {
        if let error = failure.error.withLock({ $0 }) { throw error }
        outcome.isWhole = true
      }
      pipeline.abandon()
      pipeline.join(within: outcome.isWhole ? .infinity : Self.patience)
      return outcome
    } catch {
      pipeline.abandon()
      pipeline.join(within: Self.patience)
      throw error
    }
  }

  /// The next chunk; nil at the end, and after a request to stop.
  private func next(of pipeline: Pipeline) throws -> Chunk? {
    while !Interrupt.isRequested {
      switch pipeline.chunks.next(within: 0.25) {
      case .nothingYet: continue
      case .element(let chunk): return chunk
      case .ended:
        if let error = pipeline.threadFailure { throw error }
        return nil
      }
    }
    return nil
  }

  /// The rows of a chunk once all are answered; nil after a request to stop.
  private func rows(of chunk: Chunk, _ pipeline: Pipeline) throws -> [LedgerRow]? {
    while !Interrupt.isRequested {
      if let rows = chunk.rows(within: 0.25) { return rows }
      if let error = pipeline.threadFailure { throw error }
    }
    return nil
  }
}
