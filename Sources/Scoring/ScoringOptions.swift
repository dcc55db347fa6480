package import Preparation
package import Corpus
package import Inputs

/// The options of a run: which rows, which vectors, when to stop.
package struct ScoringOptions: Sendable {
  /// Workers; each has a thread and a workspace of its own.
  package var threads: Int
  /// Rows that are committed together.
  package var chunkRows: Int
  /// Rows that go through the model together.
  package var microBatchRows = 32
  /// Bytes of pictures that a chunk may hold before it is closed early.
  package var chunkPictureBytes = 64 << 20
  /// Bytes of text, knowledge and other columns that a chunk may hold before it is closed early.
  package var chunkRowBytes = 8 << 20
  /// The vector spaces to store.
  package var spaces: [String]
  /// Bytes of encoded texts and pictures that are kept for equal ones; 0 encodes everything anew.
  package var encoderCacheBytes = 96 << 20
  /// The longer side, in pixels, that a post's picture is kept with in the store; `nil` keeps none.
  package var thumbnailSide: Int?
  /// How a picture file becomes pixels.
  package var decoding = PictureDecoding.scaled
  /// The treatment of a post whose picture cannot be read.
  package var missingPicture = MissingPicturePolicy.fault
  /// The part of the keys that this run scores.
  package var shard: Shard?
  /// The share of the keys that this run scores.
  package var sample: Sample?
  /// The most rows that get an entry.
  package var limit: Int?
  /// Seconds after which the run stops as if interrupted.
  package var stopAfter: Double?
  /// How many faults end the run.
  package var maxFaults: FaultLimit?
  /// Whether rows that an earlier turn of this run found faulted are tried again.
  package var retriesFaults = false
  /// Whether posts that the scorer knows are scored again.
  package var rescores = false
  /// Rows whose unknown label was reported before the run began; if these are all, they are not reported again.
  package var reportedUnknownLabels = 0

  /// Creates options that score every row.
  package init(threads: Int, spaces: [String]) {
    self.threads = threads
    chunkRows = max(128, threads * microBatchRows)
    self.spaces = spaces
  }
}

extension ScoringOptions {
  /// The options that can change a result, as the store keeps them with a scorer: canonical JSON.
  package var scorerJSON: String {
    #"{"decode":"\#(decoding.rawValue)"}"#
  }
}

extension ScoringOptions {
  /// The sides that a thumbnail may have.
  package static let thumbnailSides = 16...512
}

/// The number or share of faulted rows past which a run is not worth going on with.
package enum FaultLimit: Sendable, Equatable {
  /// This many rows.
  case count(Int)
  /// This share of the rows read, in percent.
  case percent(Double)

  /// Rows that are read before the limit means anything.
  package static let grace = 200

  /// Reads `N` or `P%`; `nil` for anything else.
  package init?(_ text: String) {
    if text.hasSuffix("%") {
      guard let share = Double(text.dropLast()), (0...100).contains(share) else { return nil }
      self = .percent(share)
    } else {
      guard let count = Int(text), count >= 0 else { return nil }
      self = .count(count)
    }
  }

  /// Whether this many faults among this many rows are too many.
  package func isPassed(faults: Int, rows: Int) -> Bool {
    guard rows >= Self.grace else { return false }
    return switch self {
    case .count(let most): faults > most
    case .percent(let share): Double(faults) > share / 100 * Double(rows)
    }
  }
}
