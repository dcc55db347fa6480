import Bytes
import Corpus
import Models
import Preparation
import Store
import Synchronization

/// Reads a corpus in chunks for a stream: a chunk is what has arrived, and never waits for more longer than the latency.
///
/// Nothing is looked up in a store: a post that occurs again is scored again, and the encoders' cache makes that cheap.
struct StreamChunkReader: ChunkSource, ~Copyable {
  /// The error that ended the reading. The rows before it are answered first.
  final class Failure: Sendable {
    let error = Mutex<(any Error)?>(nil)
  }

  private var corpus: CorpusReader
  private var preparation: RowPreparation
  private let options: ScoringOptions
  private let latency: Duration
  private let failure: Failure
  private var counts: RunCounts
  private let places: [ByteText: Int]
  private var hasEnded = false

  init(
    corpus: consuming CorpusReader, folders: PictureFolders, features: FeatureFiles?, labels: LabelCheck,
    options: ScoringOptions, latency: Duration, failure: Failure
  ) {
    preparation = RowPreparation(
      corpus, folders: folders, features: features, labels: labels, missingPicture: options.missingPicture,
      columnTypes: [])
    let files = corpus.files.map { ByteText($0) }
    counts = RunCounts(files: files.map { FileCounts(name: $0) })
    places = files.places
    self.corpus = corpus
    (self.options, self.latency, self.failure) = (options, latency, failure)
  }

  mutating func next() throws -> Chunk? {
    if hasEnded { return nil }
    var rows: [PreparedRow] = [], deadline: ContinuousClock.Instant?
    var (pictureBytes, rowBytes) = (0, 0)
    do {
      while rows.count < options.chunkRows, pictureBytes < options.chunkPictureBytes, rowBytes < options.chunkRowBytes {
        if Interrupt.isRequested { return nil }
        if let deadline, try !corpus.hasRow(before: deadline) { break }
        guard let row = try corpus.next() else {
          hasEnded = true
          break
        }
        if deadline == nil { deadline = ContinuousClock.now + latency }
        if let place = places[row.position.file] { counts.files[place].read += 1 }
        let read = preparation.prepared(row, counting: &counts.pictures)
        if case .post(let pending) = read {
          pictureBytes += pending.pictureBytes
          rowBytes += pending.record.bytes
        }
        rows.append(read)
      }
    } catch {
      failure.error.withLock { $0 = error }
      hasEnded = true
    }
    return Chunk(rowStates: states(of: rows), mark: mark)
  }

  private var mark: ReadProgress {
    let closing = hasEnded ? preparation.closingNotices : []
    return ReadProgress(
      counts: counts, share: nil, notices: corpus.notices.map(\.description) + preparation.notices + closing)
  }

  /// Faults are settled, and so are repetitions of a post within the chunk once the first is.
  private func states(of rows: [PreparedRow]) -> [Chunk.RowState] {
    var places: [String: Int] = [:]
    return rows.enumerated().map { place, row in
      switch row {
      case .fault(let fault): return .settled(LedgerRow(position: fault.position, outcome: .fault(fault)))
      case .post(let row):
        if let earlier = places[row.record.identity.contentHash] {
          return .same(as: earlier, row.position, row.record)
        }
        places[row.record.identity.contentHash] = place
        return .pending(row)
      }
    }
  }
}
