/// Why a run does not begin though its flags are right.
enum ScoreRefusal: Error, CustomStringConvertible {
  /// The disk cannot hold what the store would grow by.
  case diskTooSmall(store: String, needed: Int, free: Int)

  var description: String {
    switch self {
    case .diskTooSmall(let store, let needed, let free):
      "\(store) would grow by about \(ByteCount.words(needed)), and \(ByteCount.words(free)) are free there; keep fewer "
        + "vectors (--embeddings none), take a part (--sample, --shard), or use another disk"
    }
  }
}
