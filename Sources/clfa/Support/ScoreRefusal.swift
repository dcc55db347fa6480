import Bytes

/// Why a run does not begin though its flags are right.
enum ScoreRefusal: Error, CustomStringConvertible {
  /// The disk cannot hold what the store would grow by.
  case diskTooSmall(store: String, needed: Int, free: Int, hasVectors: Bool)
  /// A corpus has so many more records than when the run was finished; fewer where negative.
  case corpusChanged(file: String, run: String, more: Int)

  var description: String {
    switch self {
    case .diskTooSmall(let store, let needed, let free, let hasVectors):
      "\(store) would grow by about \(ByteCount.words(needed)), and \(ByteCount.words(free)) are free there; "
        + (hasVectors ? "keep fewer vectors (--embeddings none), " : "")
        + "take a part (--sample, --shard), or use another disk"
    case .corpusChanged(let file, let run, let more):
      "\(file.printable) has \(more.magnitude) \(more.magnitude == 1 ? "record" : "records") \(more > 0 ? "more" : "fewer") "
        + "than when run \(run.printable) was scored, and nothing was scored now: give another --run name to score "
        + "the corpus as it is"
    }
  }
}
