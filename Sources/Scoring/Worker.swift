import Bytes
internal import Preparation
import Corpus
import Inputs
import Models
import Store
import Tensors

/// One thread's work: it decodes pictures, tokenizes texts and runs the model, one micro-batch after the other.
struct Worker: Sendable {
  let reader: InputReader
  let classifier: PostClassifier
  let labelNames: [ByteText]
  let spaces: [String]
  let missingPicture: MissingPicturePolicy
  /// The longer side of stored thumbnails; `nil` for none.
  let thumbnailSide: Int?
  /// The cache of encoder results; `nil` to encode repeated ones again.
  let cache: EncoderCache?
  let clock: StageClock

  /// Works until the queue ends or a stop is requested. `known`: which posts need no inference.
  ///
  /// - Throws: an error of the model for lack of memory, which is not a row's fault.
  func run(_ queue: BoundedQueue<MicroBatch>, known: Scorer.Known) throws {
    OneDNN.useOneThread()
    let workspace = classifier.makeWorkspace()
    workspace.shouldStop = { Interrupt.isRequested }
    while case .element(let batch) = clock.time(.waiting, { queue.next() }), !Interrupt.isRequested {
      do {
        batch.chunk.settle(try settled(batch, workspace, known))
      } catch ModelError.tensors(.interrupted) {
        // The batch is treated as not begun; the command that continues will score it.
        return
      }
    }
  }

  private func settled(
    _ batch: MicroBatch, _ workspace: Workspace, _ known: Scorer.Known
  ) throws -> [(place: Int, row: LedgerRow)] {
    var results: [(place: Int, row: LedgerRow)] = []
    var readable: [(place: Int, row: PendingRow, text: TokenizedText)] = []
    var inputs: [PostInputs] = []
    for (place, row) in batch.rows {
      if row.isKnown {
        results.append((place, LedgerRow(position: row.position, outcome: .post(withThumbnail(row), nil))))
        continue
      }
      var whole: (row: PendingRow, reading: InputReader.PreparedInput)
      do throws(PictureFileError) {
        whole = try read(row)
      } catch {
        let fault = error.rowFault(at: row.position, key: row.record.identity.key)
        results.append((place, LedgerRow(position: row.position, outcome: .fault(fault))))
        continue
      }
      if row.picture != nil, whole.row.picture == nil, try isKnown(whole.row, at: place, of: batch.chunk, known) {
        results.append((place, LedgerRow(position: row.position, outcome: .post(whole.row.record, nil))))
        continue
      }
      inputs.append(whole.reading.inputs)
      whole.row.record.thumbnail = thumbnail(of: whole.reading.picture)
      whole.row.record.pictureIsCut = whole.reading.isCut
      readable.append((place, whole.row, whole.reading.text))
    }
    let scored = try clock.time(.model) { () throws(ModelError) in
      try classifier(inputs, reusing: cache, using: workspace)
    }
    for (scores, (place, row, text)) in zip(scored, readable) {
      let outcome: LedgerRow.Outcome
      if let prediction = prediction(scores, text) {
        outcome = .post(row.record, prediction)
      } else {
        outcome = .fault(
          RowFault(
            position: row.position, key: row.record.identity.key, stage: .model, code: .notFinite,
            detail: "the model's answer is not a number; clfa cannot score this post with these weights"))
      }
      results.append((place, LedgerRow(position: row.position, outcome: outcome)))
    }
    return results
  }

  /// The row's inputs; if its picture is unusable, its fault or a row without a picture, according to the run's policy.
  private func read(_ row: PendingRow) throws(PictureFileError) -> (PendingRow, InputReader.PreparedInput) {
    let fate = missingPicture.of(text: row.record.text)
    if let whole = try fate.value({ () throws(PictureFileError) in
      try reader(row, reusing: cache, keepsPicture: thumbnailSide != nil, clock)
    }) {
      return (row, whole)
    }
    var row = row
    row.dropPicture()
    return (row, try reader(row, reusing: cache, keepsPicture: false, clock))
  }

  /// The thumbnail of a post's picture, upright. Its size is independent of the model's, so no score depends on it.
  private func thumbnail(of picture: Picture?) -> ThumbnailRecord? {
    guard let picture, let thumbnailSide else { return nil }
    return clock.time(.pictures) {
      let small = picture.upright.fitted(within: thumbnailSide)
      return small.jpeg().map { ThumbnailRecord(width: small.width, jpeg: $0) }
    }
  }

  /// An already scored post with its missing thumbnail. If its picture cannot be decoded now, it stays without one.
  private func withThumbnail(_ row: PendingRow) -> PostRecord {
    var record = row.record
    record.thumbnail = thumbnail(of: clock.time(.pictures) { row.picture.flatMap { try? reader.decoded($0) } })
    return record
  }

  /// Whether the store has a prediction for a post that lost its picture, and for those that get the same prediction.
  /// This could not be asked before the picture was decoded, because the post's content was different.
  private func isKnown(
    _ row: PendingRow, at place: Int, of chunk: Chunk, _ known: Scorer.Known
  ) throws -> Bool {
    let identity = row.record.identity
    return try known([identity] + chunk.identities(following: place, contentHash: identity.contentHash))
      .allSatisfy(\.self)
  }

  /// The model's prediction in stored form; `nil` if it is not finite.
  private func prediction(_ scores: PostScores, _ text: TokenizedText) -> PredictionRecord? {
    let kept = scores.vectors.filter { vector in spaces.contains(vector.space) }
    guard let best = scores.best, kept.allSatisfy({ $0.values?.allSatisfy(\.isFinite) ?? true }) else { return nil }
    return PredictionRecord(
      label: labelNames[best], confidence: Double(scores.probabilities[best]),
      probabilities: zip(labelNames, scores.probabilities).map { ($0, Double($1)) },
      textImageSimilarity: scores.textImageSimilarity.map(Double.init),
      unknownShare: text.unknownShare, truncated: text.truncated,
      vectors: kept.compactMap { vector in vector.values.map { (vector.space, $0) } })
  }
}
