package import Preparation
import Bytes
package import Corpus
import Inputs
import Models
package import Store

/// Reads the corpus in order and divides it into chunks: it looks up rows' pictures, leaves out rows of other shards,
/// and asks the store which posts are already scored.
package struct ChunkReader: ChunkSource, ~Copyable {
  private var corpus: CorpusReader
  private var preparation: RowPreparation
  private let store: StoreWriter
  private let run: OpenRun
  private let options: ScoringOptions
  private var ledger: RowSelector
  private var hasEnded = false
  /// The share before the first row that this command enters.
  private var start: Double?
  /// The first chunks are small, so that the first predictions appear soon.
  private var nextRows: Int

  /// Starts at the beginning of the corpus, even if the run has a part of it.
  ///
  /// - Throws: an error of the store.
  package init(
    corpus: consuming CorpusReader, folders: PictureFolders, features: FeatureFiles? = nil, labels: LabelCheck,
    store: StoreWriter, run: OpenRun,
    options: ScoringOptions
  ) throws {
    ledger = try RowSelector(
      run: run, files: corpus.files, portion: corpus.options.portion, store: store, options: options)
    preparation = RowPreparation(
      corpus, folders: folders, features: features, labels: labels, missingPicture: options.missingPicture,
      columnTypes: options.columnTypes)
    self.corpus = corpus
    nextRows = min(4, options.chunkRows)
    self.store = store
    self.run = run
    self.options = options
  }

  private var mark: ReadProgress {
    ReadProgress(counts: ledger.counts, share: share, start: start, notices: notices)
  }

  private var share: Double? {
    var share: Double?
    if let total = corpus.totalBytes, total > 0 { share = min(1, Double(corpus.bytesRead) / Double(total)) }
    return ledger.share(bytes: share)
  }

  private var notices: [String] {
    corpus.notices.map(\.description) + preparation.notices + (hasEnded ? preparation.closingNotices : [])
  }

  /// The next chunk; `nil` at the end of the corpus or after a request to stop.
  ///
  /// - Throws: an error of the corpus or the store; an error if the corpus is not the one with which the run began.
  package mutating func next() throws -> Chunk? {
    var rows: [PreparedRow] = []
    var (pictureBytes, rowBytes) = (0, 0)
    var left = 0
    if hasEnded { return nil }
    let most = nextRows
    nextRows = min(4 * most, options.chunkRows)
    while rows.count < most, pictureBytes < options.chunkPictureBytes,
      rowBytes < options.chunkRowBytes, left < 100_000
    {
      if Interrupt.isRequested { return nil }
      // Notices that need the end of the corpus (a file without rows, say) come with this last chunk, even if it is
      // empty.
      hasEnded = ledger.limitIsReached
      if hasEnded {
        corpus.endReading()
        break
      }
      let before = start == nil ? share : nil
      guard let row = try corpus.next() else {
        try ledger.finish()
        hasEnded = true
        break
      }
      guard try ledger.takes(row) else {
        left += 1
        continue
      }
      if start == nil { start = before }
      let read = preparation.prepared(row, counting: &ledger.counts.pictures)
      if case .post(let pending) = read {
        pictureBytes += pending.pictureBytes
        rowBytes += pending.record.bytes
      }
      rows.append(read)
    }
    return Chunk(rowStates: try rowStates(rows), mark: mark)
  }

  /// Completes rows that need no inference: faults, posts already scored, and repeated content.
  private func rowStates(_ rows: [PreparedRow]) throws -> [Chunk.RowState] {
    let identities = rows.compactMap { if case .post(let row) = $0 { row.record.identity } else { nil } }
    var answers = try options.known(identities, in: store, scorer: run.scorerID).makeIterator()
    var bare = try options.thumbnailSide == nil ? nil : store.lackThumbnails(identities).makeIterator()
    var places: [String: Int] = [:]
    return rows.enumerated().map { place, row in
      switch row {
      case .fault(let fault): return .settled(LedgerRow(position: fault.position, outcome: .fault(fault)))
      case .post(let row):
        let lacksThumbnail = bare?.next() == true
        if answers.next() == true {
          if lacksThumbnail, row.picture != nil {
            var row = row
            row.isKnown = true
            return .pending(row)
          }
          return .settled(LedgerRow(position: row.position, outcome: .post(row.record, nil)))
        }
        if let earlier = places[row.record.identity.contentHash] {
          return .same(as: earlier, row.position, row.record)
        }
        places[row.record.identity.contentHash] = place
        return .pending(row)
      }
    }
  }
}

extension ScoringOptions {
  /// Which posts need no inference: those with every requested vector; none if all are scored again.
  func known(_ identities: [PostIdentity], in store: StoreWriter, scorer: Int64) throws -> [Bool] {
    if rescores { return identities.map { _ in false } }
    return try store.known(scorer: scorer, spaces: spaces, identities: identities)
  }
}
