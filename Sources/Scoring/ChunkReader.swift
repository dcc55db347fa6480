package import Preparation
import Bytes
package import Corpus
import Inputs
import Models
package import Store

/// Reads the corpus in order and divides it into chunks: it looks up rows' pictures, leaves out rows of other shards,
/// and asks the store which posts are already scored.
package struct ChunkReader: ~Copyable {
  private var corpus: CorpusReader
  private let folders: PictureFolders
  private let features: FeatureFiles?
  private let labels: LabelCheck
  private let store: StoreWriter
  private let run: OpenRun
  private let options: ScoringOptions
  private var ledger: RowSelector
  private var cells: CellTally
  private var bareLabels = 0
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
    ledger = try RowSelector(run: run, files: corpus.files, store: store, options: options)
    cells = CellTally(corpus.dates, namesDates: corpus.namesDates, columns: options.columnTypes)
    self.corpus = corpus
    nextRows = min(4, options.chunkRows)
    (self.folders, self.features) = (folders, features)
    self.labels = labels
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
    var notices = corpus.notices.map(\.description)
    if bareLabels > 0 {
      notices.append(
        "labels are bare numbers that the model has no name for, so they are not stored; give them names (0=NAME,1=NAME)"
      )
    }
    if hasEnded { notices += cells.notices }
    return notices
  }

  /// The next chunk; `nil` at the end of the corpus or after a request to stop.
  ///
  /// - Throws: an error of the corpus or the store; an error if the corpus is not the one with which the run began.
  package mutating func next() throws -> Chunk? {
    var rows: [Row] = []
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
      let read = prepared(row)
      if case .post(let pending) = read {
        pictureBytes += pending.picture?.bytes.count ?? 0
        pictureBytes += pending.features.reduce(0) { $0 + 4 * ($1?.values.count ?? 0) }
        rowBytes += pending.record.bytes
      }
      rows.append(read)
    }
    return Chunk(rowStates: try rowStates(rows), mark: mark)
  }

  /// A row before the store was asked about it.
  private enum Row {
    case fault(RowFault)
    case post(PendingRow)
  }

  private mutating func prepared(_ row: CorpusRow) -> Row {
    switch row {
    case .fault(let fault): return .fault(fault)
    case .post(let post):
      var picture: PictureFile?
      ledger.count { $0.add(post) }
      if let path = post.image {
        do throws(PictureFileError) {
          var hint: PictureHint?
          defer { ledger.count { $0.add(picture?.found, hint) } }
          picture = try options.missingPicture.of(text: post.text).value { () throws(PictureFileError) in
            do throws(PictureFileError) {
              return try folders[post.position.file].load(path)
            } catch {
              hint = error.hint
              throw error
            }
          }
        } catch {
          return .fault(error.rowFault(at: post.position, key: post.key))
        }
      }
      let parts: [FeatureFiles.LoadedFeatures?]
      do throws(FeatureFault) {
        parts = try features?.load(post) ?? []
      } catch {
        return .fault(error.rowFault(at: post.position, key: post.key))
      }
      var row = PendingRow(position: post.position, record: record(of: post, picture, parts), picture: picture)
      row.features = parts.map { $0?.rows }
      return .post(row)
    }
  }

  private mutating func record(
    of post: Post, _ picture: PictureFile?, _ parts: [FeatureFiles.LoadedFeatures?]
  ) -> PostRecord {
    let features = parts.compactMap { part in part.map { FeatureRecord(stream: $0.stream, hash: $0.hash) } }
    var record = PostRecord(
      identity: PostIdentity(
        key: post.key,
        contentHash: ContentHash.hex(
          text: post.text, knowledge: post.knowledge, pictureHash: picture?.sha256,
          features: features.map { ($0.stream, $0.hash) })),
      text: post.text, knowledge: post.knowledge, image: post.storedImage,
      pictureHash: picture?.sha256.hexadecimal, postedAt: cells.read(post).time, extra: post.extra,
      label: label(of: post), hasPicture: picture != nil)
    record.features = features
    return record
  }

  private mutating func label(of post: Post) -> ByteText? {
    guard let label = post.label else { return nil }
    let name = labels.name(label)
    if name == nil { bareLabels += 1 }
    return name
  }

  /// Completes rows that need no inference: faults, posts already scored, and repeated content.
  private func rowStates(_ rows: [Row]) throws -> [Chunk.RowState] {
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
