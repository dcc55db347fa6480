import Corpus
import Scoring

extension ScoringPlan {
  /// The plan as lines of `name: value`.
  func lines(free: Int?, memory: Int, redoes: Bool) -> [String] {
    var lines = [
      "rows: \(rows)", "left to other shards or the sample: \(left)", "already done: \(done)", "posts: \(posts)",
      "  new: \(posts - known)", "  known: \(known)\(redoes && known > 0 ? ", scored again (--redo)" : "")",
      "distinct contents: \(distinctContents)", "pictures found: \(withPicture)",
      "posts without a picture: \(withoutPicture)",
    ]
    if pictureMissing > 0 { lines.append("pictures missing, scored by text alone: \(pictureMissing)") }
    lines.append("faults: \(faults.values.reduce(0, +))")
    for (code, count) in faults.sorted(by: { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }) {
      lines.append("  \(code.rawValue): \(count)")
    }
    lines.append("disk needed: about \(ByteCount.words(bytesNeeded))")
    if let free {
      lines.append("disk free: \(ByteCount.words(free))\(bytesNeeded > free ? " — not enough" : "")")
    }
    lines.append("peak memory of this plan: \(ByteCount.words(memory))")
    return lines
  }
}
