package import Corpus
import Foundation
package import Inputs
package import Models
package import Store

/// A row that waits for the model.
package struct PendingRow: Sendable {
  /// The row's place in the corpus.
  package var position: RowPosition
  /// The post as the store will keep it.
  package var record: PostRecord
  /// The picture's bytes; `nil` for a post without one.
  package var picture: PictureFile?
  /// Its rows in the model's feature streams; empty for a model without any.
  package var features: [FeatureRows?] = []
  /// Whether the scorer has already scored the post, and only its thumbnail is missing.
  package var isKnown = false

  package init(position: RowPosition, record: PostRecord, picture: PictureFile?) {
    self.position = position
    self.record = record
    self.picture = picture
  }

  /// Turns the post into one without a picture; for the store this is different content.
  package mutating func dropPicture() {
    picture = nil
    record.hasPicture = false
    record.pictureHash = nil
    record.identity = PostIdentity(
      key: record.identity.key,
      contentHash: ContentHash.hex(
        text: record.text, knowledge: record.knowledge, pictureHash: nil,
        features: record.features.map { ($0.stream, $0.hash) }))
  }
}

/// How far a corpus was read, and the problems found so far.
package struct ReadProgress: Sendable {
  /// The run's counts.
  package var counts: RunCounts
  /// The share of the corpus' bytes that was read, or of the run's row limit if that ends the run earlier; `nil` if
  /// neither is known.
  package var share: Double?
  /// The share before the first row that this command enters; `nil` as for `share`.
  package var start: Double?
  /// Problems that do not stop the run, each once.
  package var notices: [String]

  package init(counts: RunCounts, share: Double?, start: Double? = nil, notices: [String]) {
    self.counts = counts
    (self.share, self.start) = (share, start)
    self.notices = notices
  }
}

/// Consecutive rows of the corpus that are committed together.
///
/// The reader creates it, workers fill its gaps, the writer waits for it and commits it. Since chunks are committed in
/// the order in which they were read, the store always contains a beginning of the corpus.
package final class Chunk: @unchecked Sendable {
  /// A row's place in the chunk.
  package enum RowState: Sendable {
    case settled(LedgerRow)
    case pending(PendingRow)
    /// Same content as an earlier row of this chunk, so it gets the same prediction.
    case same(as: Int, RowPosition, PostRecord)
  }

  /// How far the corpus is read once this chunk is committed.
  package let mark: ReadProgress
  private let condition = NSCondition()
  private var rowStates: [RowState]
  private var waiting: Int

  package init(rowStates: [RowState], mark: ReadProgress) {
    self.rowStates = rowStates
    self.mark = mark
    waiting = rowStates.reduce(0) { if case .pending = $1 { $0 + 1 } else { $0 } }
  }

  /// The rows that wait for the model, with their indices.
  package var pending: [(place: Int, row: PendingRow)] {
    condition.withLock {
      rowStates.enumerated().compactMap { if case .pending(let row) = $1 { ($0, row) } else { nil } }
    }
  }

  /// The posts that get the same prediction as the row at an index, if it has this content.
  package func identities(following place: Int, contentHash: String) -> [PostIdentity] {
    condition.withLock {
      rowStates.compactMap {
        guard case .same(place, _, let record) = $0 else { return nil }
        return PostIdentity(key: record.identity.key, contentHash: contentHash)
      }
    }
  }

  /// Stores the results of one micro-batch.
  package func settle(_ results: [(place: Int, row: LedgerRow)]) {
    condition.withLock {
      for result in results { rowStates[result.place] = .settled(result.row) }
      waiting -= results.count
      if waiting == 0 { condition.broadcast() }
    }
  }

  /// The rows in order, once all are complete; `nil` if that takes longer than `seconds`.
  package func rows(within seconds: Double) -> [LedgerRow]? {
    let deadline = Date(timeIntervalSinceNow: seconds)
    return condition.withLock {
      while waiting > 0 {
        if !condition.wait(until: deadline) { return nil }
      }
      return resolved()
    }
  }

  private func resolved() -> [LedgerRow] {
    var rows: [LedgerRow] = []
    rows.reserveCapacity(rowStates.count)
    for slot in rowStates {
      switch slot {
      case .settled(let row): rows.append(row)
      case .pending: preconditionFailure("A chunk is read before its rows are settled.")
      case .same(let place, let position, let record):
        switch rows[place].outcome {
        case .fault(var fault):
          fault.position = position
          fault.key = record.identity.key
          // Two paths may have the same bytes.
          if fault.path != nil { fault.path = record.image }
          rows.append(LedgerRow(position: position, outcome: .fault(fault)))
        case .post(let first, let prediction):
          // An unreadable picture may have changed the first row's content in the meantime.
          var record = record
          record.identity = PostIdentity(
            key: record.identity.key, contentHash: first.identity.contentHash)
          record.pictureHash = first.pictureHash
          record.hasPicture = first.hasPicture
          record.thumbnail = first.thumbnail
          record.pictureIsCut = first.pictureIsCut
          rows.append(LedgerRow(position: position, outcome: .post(record, prediction)))
        }
      }
    }
    return rows
  }
}
