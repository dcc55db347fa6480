package import Preparation
package import Corpus
package import Inputs

/// The options of a run: which rows, which vectors, when to stop.
package struct ScoringOptions: Sendable {
  /// The number of workers; each has its own thread and workspace.
  package var threads: Int
  /// The number of rows committed together.
  package var chunkRows: Int
  /// The number of rows that pass through the model together.
  package var microBatchRows = 32
  /// The maximum size of the pictures in a chunk before it is closed early, in bytes.
  package var chunkPictureBytes = 64 << 20
  /// The maximum size of text, knowledge and other columns in a chunk before it is closed early, in bytes.
  package var chunkRowBytes = 8 << 20
  /// The vector spaces to store.
  package var spaces: [String]
  /// The size of the cache of encoded texts and pictures, in bytes; 0 encodes repeated ones again.
  package var encoderCacheBytes = 96 << 20
  /// The longer side of stored thumbnails, in pixels; `nil` stores none.
  package var thumbnailSide: Int?
  /// How picture files are decoded.
  package var decoding = PictureDecoding.scaled
  /// The treatment of a picture file that ends early.
  package var truncatedPictures = TruncatedPictures.fault
  /// The treatment of a post whose picture cannot be read.
  package var missingPicture = MissingPicturePolicy.fault
  /// The part of the keys that this run scores.
  package var shard: Shard?
  /// Whether the shard is made of parts of the files, which are all that is read, rather than of keys.
  package var readsParts = false
  /// The shard that decides about keys.
  var keyShard: Shard? { readsParts ? nil : shard }
  /// The share of the keys that this run scores.
  package var sample: Sample?
  /// The maximum number of rows that get an entry.
  package var limit: Int?
  /// Seconds after which the run stops as if interrupted.
  package var stopAfter: Double?
  /// The number of faults that ends the run.
  package var maxFaults: FaultLimit?
  /// Whether rows that an earlier command of this run faulted are retried.
  package var retriesFaults = false
  /// Whether posts that already have a prediction are scored again.
  package var rescores = false
  /// The number of rows with an unknown label that was reported before the run began; if there are no others, they are
  /// not reported again.
  package var reportedUnknownLabels = 0

  /// The types of other columns of the corpus.
  package var columnTypes: [ColumnDeclaration] = []

  /// Creates options that score every row.
  package init(threads: Int, spaces: [String]) {
    self.threads = threads
    chunkRows = max(128, threads * microBatchRows)
    self.spaces = spaces
  }

  /// The rows that the run reads.
  var subset: CorpusSubset { CorpusSubset(shard: keyShard, sample: sample, limit: limit) }
}

extension ScoringOptions {
  /// The options that can change a result, as stored with a scorer: canonical JSON. A post whose picture is cut off has a
  /// score only if that is accepted, which a run that does not accept it must not reuse.
  package var scorerJSON: String {
    let truncated = truncatedPictures == .fault ? "" : #","truncated_images":"\#(truncatedPictures.rawValue)""#
    return #"{"decode":"\#(decoding.rawValue)"\#(truncated)}"#
  }
}

extension ScoringOptions {
  /// The allowed sides of a thumbnail.
  package static let thumbnailSides = 16...512
}

/// The number or share of faulted rows above which a run ends.
package enum FaultLimit: Sendable, Equatable {
  /// This many rows.
  case count(Int)
  /// This share of the rows read, in percent.
  case percent(Double)

  /// The number of rows after which the limit applies.
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
